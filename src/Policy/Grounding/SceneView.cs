using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>One object as the rules see it: values that are not finite count as not measured.</summary>
internal sealed class ViewedObject
{
    /// <summary>Its place in the view.</summary>
    public required int Index { get; init; }

    /// <summary>The object as it came.</summary>
    public required SceneObject Source { get; init; }

    /// <summary>The label in lower case, words apart by one space.</summary>
    public required string Label { get; init; }

    /// <summary>What else it may be, as labels are written here, with how far that may mean it, 0 to 1.</summary>
    public IReadOnlyList<(string Label, double Weight)> Near { get; init; } = [];

    /// <summary>Probability that it is there at all, by its detector score.</summary>
    public required double Existence { get; init; }

    /// <summary>The box, when it is finite.</summary>
    public required BoundingBox? Box { get; init; }

    /// <summary>The camera that sees it.</summary>
    public required CameraView Camera { get; init; }

    /// <summary>Its colours, when measured.</summary>
    public required ColorShares? Colors { get; init; }

    /// <summary>The colours of a person's lower body, when measured.</summary>
    public ColorShares? LowerColors { get; init; }

    /// <summary>The colours of a person's head, when measured.</summary>
    public ColorShares? HeadColors { get; init; }

    /// <summary>Pixels a second, when measured.</summary>
    public required Vector2? Velocity { get; init; }

    /// <summary>How answers call it: "cup 7" for a label and a bare number, else the id.</summary>
    public string Name =>
        Source.Id.Length <= 24 && Source.Id.All(char.IsAsciiDigit) ? $"{ShortLabel} {Source.Id}"
            : $"{ShortLabel} {Shorten(Source.Id, 24)}";

    /// <summary>The label, cut to what fits in a sentence.</summary>
    public string ShortLabel => Label.Length == 0 ? "object" : Shorten(Label, 40);

    /// <summary>The same text, cut and free of control characters, for use in a sentence.</summary>
    public static string Shorten(string text, int length)
    {
        var clean = new string([.. text.Where(character => !char.IsControl(character)).Take(length)]);
        return clean.Length < text.Length ? clean + "…" : clean;
    }
}

/// <summary>
/// A scene made ready for the rules: cleaned of values that cannot be, in an order that does not depend on the
/// sender's.
/// </summary>
internal sealed class SceneView
{
    private const float Unmeasured = 0.7f;

    /// <summary>Reads a scene; the scene is not kept.</summary>
    public SceneView(Scene scene, GroundingThresholds thresholds)
    {
        Thresholds = thresholds;
        TrustsSound = scene.Quality.Sound >= thresholds.MinSound;
        Listens = TrustsSound && (scene.Listens || scene.Sounds.Count > 0);
        Sounds = [.. scene.Sounds.Where(sound => Listens && sound.Label is not null)];
        var objects =
            scene.Objects.Where(item => item.Id is not null).OrderBy(item => item.Id, StringComparer.Ordinal).ToList();
        Objects = [.. objects.Select((item, index) => View(item, index, scene, thresholds))];
        Cameras = scene.Cameras.Count;
        Classes = scene.Classes;
        Vision = scene.Quality.Vision;
        Labels = [.. Objects.Select(item => item.Label).Where(label => label.Length > 0).Distinct()];
        NearLabels = [.. Objects.SelectMany(item => item.Near).Select(near => near.Label).Distinct().Except(Labels)];
    }

    /// <summary>The figures in force.</summary>
    public GroundingThresholds Thresholds { get; }

    /// <summary>The objects by id.</summary>
    public ViewedObject[] Objects { get; }

    /// <summary>Whether what is heard is good enough to go by.</summary>
    public bool TrustsSound { get; }

    /// <summary>Whether sounds can be checked at all.</summary>
    public bool Listens { get; }

    /// <summary>The sounds; none when nothing listens or all is quiet.</summary>
    public SceneSound[] Sounds { get; }

    /// <summary>The different labels in sight.</summary>
    public string[] Labels { get; }

    /// <summary>What objects can be told at all; empty where that is not known.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The labels that no object has, and some may be.</summary>
    public string[] NearLabels { get; }

    /// <summary>How many cameras give images.</summary>
    public int Cameras { get; }

    /// <summary>How far the images can be trusted, 0 to 1.</summary>
    public double Vision { get; }

    /// <summary>What the scene adds to the lexicon.</summary>
    public SceneWords Words => new(Labels, [.. Objects.Select(item => item.Source.Id.ToLowerInvariant())])
    {
        Limit = Limit,
    };

    /// <summary>How long it may take to find in it what a command means.</summary>
    public TimeLimit Limit { get; init; } = TimeLimit.None;

    /// <summary>A label or noun in lower case, words apart by one space.</summary>
    public static string Normalize(string label) =>
        string.Join(' ', Tokenizer.Tokenize(label.Replace('_', ' '), Lexicon.Default).Select(token => token.Word));

    private static ViewedObject View(SceneObject item, int index, Scene scene, GroundingThresholds thresholds) => new()
    {
        Index = index,
        Source = item,
        Label = Normalize(item.Label ?? ""),
        Near = Near(item),
        // By the quality's root: an image of quality 0.25 makes half as sure.
        Existence = Existence(item.Score, thresholds) * Math.Sqrt(Math.Clamp(scene.Quality.Vision, 0, 1)),
        Box = item.Box.IsValid ? item.Box : null,
        Camera = scene.CameraOf(item),
        Colors = Clean(item.Colors),
        LowerColors = Clean(item.LowerColors),
        HeadColors = Clean(item.HeadColors),
        Velocity = item.Velocity is { } velocity && float.IsFinite(velocity.X) && float.IsFinite(velocity.Y) ? velocity
            : null,
    };

    private static (string Label, double Weight)[] Near(in SceneObject item)
    {
        var near = new (string Label, double Weight)[item.Near.Count];
        for (var i = 0; i < near.Length; i++)
        {
            // Half as likely as what it is called is what any cat is beside a dog, and says nothing.
            var likely = 2 * (item.Near[i].Score - 0.5);
            near[i] = (Normalize(item.Near[i].Label), double.IsFinite(likely) ? Math.Clamp(likely, 0, 1) : 0);
        }

        return near;
    }

    private static double Existence(float score, GroundingThresholds thresholds)
    {
        if (!float.IsFinite(score)) score = Unmeasured;
        return thresholds.ScoreFloor
            + (1 - thresholds.ScoreFloor) * Logistic.Step(score, thresholds.ScoreMidpoint, thresholds.ScoreScale);
    }

    private static ColorShares? Clean(ColorShares? measured)
    {
        if (measured is not { } colors) return null;
        var sum = 0f;
        for (var i = 0; i < ColorShares.Count; i++)
        {
            colors[i] = float.IsFinite(colors[i]) ? Math.Clamp(colors[i], 0, 1) : 0;
            sum += colors[i];
        }

        if (sum <= 0) return null;
        for (var i = 0; sum > 1.2f && i < ColorShares.Count; i++) colors[i] /= sum;
        return colors;
    }
}
