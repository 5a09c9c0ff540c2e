using EdgePerception.Fusion.Geometry;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>One thing that a model sees in a picture.</summary>
/// <param name="Label">What it is: a class, a word, a line of text, the name of a point.</param>
/// <param name="Score">How sure the model is, 0 to 1.</param>
/// <param name="Box">Where, in pixels of the picture; empty for a point, none for the picture as a whole.</param>
internal readonly record struct Sight(string Label, float Score, BoundingBox? Box = null);
