using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Scenes;

/// <summary>The geometry of one camera's image.</summary>
/// <param name="Name">The camera's name.</param>
/// <param name="Width">Image width in pixels.</param>
/// <param name="Height">Image height in pixels.</param>
/// <param name="HorizontalFieldOfViewDegrees">Horizontal field of view of its pinhole, degrees, when known.</param>
public readonly record struct CameraView(string Name, int Width, int Height, float? HorizontalFieldOfViewDegrees)
{
    /// <summary>How well objects can be seen in its newest image, 0 to 1.</summary>
    public float Quality { get; init; } = 1;

    /// <summary>
    /// Direction of an image column: degrees from straight ahead, negative to the left; null if the field of view
    /// is not known.
    /// </summary>
    public float? AzimuthDegrees(float x)
    {
        if (HorizontalFieldOfViewDegrees is not { } field) return null;
        var halfWidth = Width / 2f;
        var slope = (x - halfWidth) / halfWidth * MathF.Tan(field / 2 * MathF.PI / 180);
        return MathF.Atan(slope) * 180 / MathF.PI;
    }
}

/// <summary>One object in the scene. What a modality did not supply is absent, never zero.</summary>
/// <param name="Id">Stable while the object is followed; unique in the scene.</param>
/// <param name="Camera">The camera that sees it.</param>
/// <param name="Label">The detector's label.</param>
/// <param name="Score">Confidence that it is there, 0 to 1.</param>
/// <param name="Box">Where, in pixels of that camera's image.</param>
/// <param name="Colors">Its colours, when measured.</param>
/// <param name="Velocity">Pixels a second, right and down positive, when measured.</param>
public readonly record struct SceneObject(
    string Id, string Camera, string Label, float Score, BoundingBox Box, ColorShares? Colors, Vector2? Velocity)
{
    /// <summary>What else it may be, with how likely that is beside <see cref="Label"/>, which counts 1.</summary>
    public NearLabels Near { get; init; }

    /// <summary>The colours of a person's lower body, when measured; the upper body's are <c>Colors</c>.</summary>
    public ColorShares? LowerColors { get; init; }

    /// <summary>The colours of a person's head, when measured.</summary>
    public ColorShares? HeadColors { get; init; }
}

/// <summary>One sound in the scene.</summary>
/// <param name="Label">What it is, by the audio model's label or an open vocabulary.</param>
/// <param name="Score">Confidence, 0 to 1.</param>
/// <param name="AzimuthDegrees">Direction: 0 ahead, negative left, when known.</param>
/// <param name="AzimuthStandardDeviationDegrees">How sure the direction is, when known.</param>
public readonly record struct SceneSound(
    string Label, float Score, float? AzimuthDegrees, float? AzimuthStandardDeviationDegrees);

/// <summary>
/// What the robot perceives at one instant. The lists belong to the producer and are reused for the next instant:
/// consumers read within the tick and copy what they keep.
/// </summary>
public sealed class Scene
{
    /// <summary>The capture time of the newest frame in it.</summary>
    public SensorTime Time { get; set; }

    /// <summary>Counts scenes from 1.</summary>
    public long Sequence { get; set; }

    /// <summary>The cameras that the objects name.</summary>
    public List<CameraView> Cameras { get; } = [];

    /// <summary>What objects can be told at all; empty where that is not known. Belongs to the producer.</summary>
    public IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>The objects in sight.</summary>
    public List<SceneObject> Objects { get; } = [];

    /// <summary>Whether anything listens: only then does an empty list of sounds say that all is quiet.</summary>
    public bool Listens { get; set; }

    /// <summary>The sounds that are heard.</summary>
    public List<SceneSound> Sounds { get; } = [];

    /// <summary>How far what is seen and heard can be trusted.</summary>
    public ModalityQuality Quality { get; set; } = ModalityQuality.Full;
}
