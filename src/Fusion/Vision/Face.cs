using System.Numerics;
using EdgePerception.Fusion.Geometry;

namespace EdgePerception.Fusion.Vision;

/// <summary>A face with its key points, in pixels of the image; left and right as the person has them.</summary>
/// <param name="Score">The model's confidence, 0 to 1.</param>
/// <param name="Box">From the brows to the chin, clipped to the image.</param>
/// <param name="RightEye">Middle of the right eye.</param>
/// <param name="LeftEye">Middle of the left eye.</param>
/// <param name="NoseTip">Tip of the nose.</param>
/// <param name="Mouth">Middle of the mouth.</param>
/// <param name="RightEar">The right tragion, before the ear.</param>
/// <param name="LeftEar">The left tragion, before the ear.</param>
public readonly record struct Face(
    float Score, BoundingBox Box, Vector2 RightEye, Vector2 LeftEye, Vector2 NoseTip, Vector2 Mouth, Vector2 RightEar,
    Vector2 LeftEar);
