using EdgePerception.Fusion.Geometry;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>One thing that a model sees in an image.</summary>
/// <param name="Label">What it is: a class, a word, a line of text, the name of a point.</param>
/// <param name="Score">How sure the model is, 0 to 1.</param>
/// <param name="Box">Where, in pixels of the image; empty for a point, none for the image as a whole.</param>
internal readonly record struct Prediction(string Label, float Score, BoundingBox? Box = null);
