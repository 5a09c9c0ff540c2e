using EdgePerception.Policy.Grounding;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// The colours of what is drawn over and below an image; those of roles are told apart by the colour-blind too.
/// </summary>
internal static class Palette
{
    public static readonly SKColor Paper = new(24, 26, 31);
    public static readonly SKColor Bright = new(245, 247, 250);
    public static readonly SKColor Body = new(196, 202, 212);
    public static readonly SKColor Faint = new(132, 140, 154);
    public static readonly SKColor Groove = new(52, 56, 66);
    public static readonly SKColor Attention = new(255, 176, 0);
    public static readonly SKColor Good = new(70, 210, 110);
    public static readonly SKColor Bad = new(255, 95, 85);

    public static SKColor Of(AnnotationRole role) => role switch
    {
        AnnotationRole.Target => new SKColor(60, 220, 110),
        AnnotationRole.Destination => new SKColor(80, 170, 255),
        AnnotationRole.Avoid => new SKColor(255, 80, 70),
        AnnotationRole.Candidate => new SKColor(255, 200, 60),
        _ => new SKColor(200, 205, 214),
    };

    public static SKColor Of(GroundingOutcome outcome) => outcome switch
    {
        GroundingOutcome.Act => Good,
        GroundingOutcome.Clarify => new SKColor(255, 200, 60),
        GroundingOutcome.Absent => new SKColor(150, 175, 215),
        _ => Bad,
    };
}
