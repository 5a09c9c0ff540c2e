using EdgePerception.Fusion.Geometry;

namespace EdgePerception.Fusion.Vision.Text;

/// <summary>Where a line of text stands.</summary>
/// <param name="Box">Its axis-aligned box, in pixels of the image.</param>
/// <param name="Score">How sure the model is that it is text, 0 to 1.</param>
public readonly record struct TextRegion(BoundingBox Box, float Score);

/// <summary>What a line of text says.</summary>
/// <param name="Text">The characters; empty where none was told.</param>
/// <param name="Score">The mean probability of the characters, 0 to 1; 0 where there is none.</param>
public readonly record struct RecognizedText(string Text, float Score);

/// <summary>A line of text in an image.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Score">The mean probability of its characters, 0 to 1.</param>
/// <param name="Box">Where it stands, in pixels of the image.</param>
public readonly record struct TextLine(string Text, float Score, BoundingBox Box);
