using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Fusion.Attention;

/// <summary>
/// The numbers that the attention model is told of an object or a sound; models/grounding/README.md lists them. What is
/// not a number counts as not measured, so that nothing but finite numbers comes out.
/// </summary>
public static class SceneTokens
{
    /// <summary>How many numbers an object has.</summary>
    public const int RegionLength = 29;

    /// <summary>How many numbers a sound has.</summary>
    public const int SoundLength = 5;

    private const float UnknownScore = 0.7f;
    private const float UnknownSpread = 0.15f;
    private const float WidestSpread = 1.5f;
    private const float SmallestArea = 1e-5f;
    private const float Radians = MathF.PI / 180;

    /// <summary>Whether an object can be shown: it has an id and a finite box.</summary>
    public static bool IsRegion(in SceneObject item) => item.Id is not null && item.Box.IsValid;

    /// <summary>Whether a sound says anything: quiet is not one.</summary>
    public static bool IsSound(in SceneSound sound) =>
        sound.Label is not null && !sound.Label.Trim().Equals("quiet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes an object's numbers.</summary>
    /// <param name="item">An object that <see cref="IsRegion"/>.</param>
    /// <param name="camera">The camera that sees it, with a width and a height.</param>
    /// <param name="values">Receives <see cref="RegionLength"/> numbers.</param>
    public static void Write(in SceneObject item, in CameraView camera, Span<float> values)
    {
        float width = camera.Width, height = camera.Height;
        var box = item.Box;
        var (w, h) = (box.Width / width, box.Height / height);
        values[..RegionLength].Clear();
        ReadOnlySpan<float> place =
        [
            box.CenterX / width - 0.5f, box.CenterY / height - 0.5f, w, h, box.X / width, box.Right / width,
            box.Y / height, box.Bottom / height,
            MathF.Log(Math.Max(w * h, SmallestArea)) / 4 + 1,
        ];
        for (var i = 0; i < place.Length; i++) values[i] = Math.Clamp(place[i], -2, 2);
        values[9] = Score(item.Score);
        if (camera.AzimuthDegrees(box.CenterX) is { } azimuth && float.IsFinite(azimuth))
            (values[10], values[11]) = MathF.SinCos(azimuth * Radians);
        if (item.Colors is { } colors && IsMeasured(colors))
        {
            for (var i = 0; i < ColorShares.Count; i++) values[12 + i] = Math.Clamp(colors[i], 0, 1);
            values[26] = 1;
        }

        if (item.Velocity is { } velocity && float.IsFinite(velocity.X) && float.IsFinite(velocity.Y))
        {
            values[24] = Math.Clamp(velocity.X / width * 5, -3, 3);
            values[25] = Math.Clamp(velocity.Y / width * 5, -3, 3);
            values[27] = 1;
        }

        values[28] = Math.Clamp(height / width, 0.25f, 4);
    }

    /// <summary>Writes a sound's numbers.</summary>
    /// <param name="sound">A sound that <see cref="IsSound"/>.</param>
    /// <param name="values">Receives <see cref="SoundLength"/> numbers.</param>
    public static void Write(in SceneSound sound, Span<float> values)
    {
        values[..SoundLength].Clear();
        if (sound.AzimuthDegrees is { } azimuth && float.IsFinite(azimuth))
        {
            (values[0], values[1]) = MathF.SinCos(azimuth * Radians);
            values[2] = 1;
        }

        var spread = sound.AzimuthStandardDeviationDegrees is { } given && float.IsFinite(given) ? given * Radians
            : UnknownSpread;
        values[3] = Math.Clamp(spread, 0, WidestSpread);
        values[4] = Score(sound.Score);
    }

    /// <summary>A confidence as the model is told it, 0 to 1; of one that is no number what is usual.</summary>
    internal static float Score(float score) => float.IsFinite(score) ? Math.Clamp(score, 0, 1) : UnknownScore;

    private static bool IsMeasured(in ColorShares colors)
    {
        var isAny = false;
        for (var i = 0; i < ColorShares.Count; i++)
        {
            if (!float.IsFinite(colors[i])) return false;
            isAny |= colors[i] > 0;
        }

        return isAny;
    }
}
