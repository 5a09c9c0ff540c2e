using System.Globalization;
using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>
/// Builds scenes of 640 × 480 pixels, one object a line: "id label x y width height [red=0.7 …]
/// [vx=… vy=…] [score=…] [near:dog=0.6 …] [lower:blue=0.7 …]
/// [head:white=0.6 …]".
/// </summary>
internal static class TestScene
{
    public static Scene Of(string objects, string sounds = "", float? field = 70)
    {
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("main", 640, 480, field));
        foreach (var line in objects.Split(
            ['\n', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            scene.Objects.Add(Object(line));
        foreach (var line in sounds.Split(
            ['\n', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            scene.Sounds.Add(
                new SceneSound(parts[0], 0.9f, parts[1] == "?" ? null : Number(parts[1]),
                    parts.Length > 2 ? Number(parts[2]) : 4));
        }

        return scene;
    }

    public static GroundingAnswer Ground(this Scene scene, string command) =>
        new RuleExecutor().Ground("c1", command, scene);

    /// <summary>
    /// "act:a", "act:a>b" with a destination, "act:a!s" with something to avoid, "clarify", "absent", "refuse".
    /// </summary>
    public static string Brief(this GroundingAnswer answer)
    {
        if (answer.Outcome != GroundingOutcome.Act) return answer.Outcome.ToString().ToLowerInvariant();
        var destination = answer.Destination is { } to ? ">" + to : "";
        var avoid = answer.Avoid.Count > 0 ? "!" + string.Join(",", answer.Avoid.Order(StringComparer.Ordinal)) : "";
        return $"act:{answer.Target}{destination}{avoid}";
    }

    private static SceneObject Object(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var colors = new ColorShares();
        var colored = false;
        float score = 0.9f;
        Vector2? velocity = null;
        NearLabels near = default;
        ColorShares? lower = null, head = null;
        foreach (var part in parts.Skip(6))
        {
            var (key, value) =
                (part[..part.IndexOf('=', StringComparison.Ordinal)],
                    Number(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]));
            if (key == "score") score = value;
            else if (key.StartsWith("near:", StringComparison.Ordinal))
                near = near.With(new LabelScore(key["near:".Length..], value));
            else if (key == "vx") velocity = new Vector2(value, velocity?.Y ?? 0);
            else if (key == "vy") velocity = new Vector2(velocity?.X ?? 0, value);
            else if (key.Split(':') is ["lower" or "head", var shown])
            {
                var garment = key[0] == 'l' ? lower ?? default : head ?? default;
                garment[Enum.Parse<NamedColor>(shown, ignoreCase: true)] = value;
                if (key[0] == 'l') lower = garment;
                else head = garment;
            }
            else
            {
                colors[Enum.Parse<NamedColor>(key, ignoreCase: true)] = value;
                colored = true;
            }
        }

        return new SceneObject(
            parts[0], "main", parts[1].Replace('_', ' '), score,
            new BoundingBox(Number(parts[2]), Number(parts[3]), Number(parts[4]), Number(parts[5])),
            colored ? colors : null, velocity)
        {
            Near = near,
            LowerColors = lower,
            HeadColors = head,
        };
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
