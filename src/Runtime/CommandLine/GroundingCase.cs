using System.Globalization;
using System.Numerics;
using System.Text.Json;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Runtime.Gateway;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>One line of <c>ground --batch</c>: a scene as tokens, and the command to ground in it.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Scene">The scene.</param>
/// <param name="Command">The command's text, as it stands.</param>
public sealed record GroundingCase(string Id, Scene Scene, string Command)
{
    /// <summary>The image that shows the objects, when the case names one instead of them.</summary>
    public string? Picture { get; init; }

    /// <summary>What was said before in the same conversation, in the same scene, in order.</summary>
    public IReadOnlyList<string> History { get; init; } = [];

    /// <summary>The camera's horizontal field of view in degrees, when known.</summary>
    public float? FieldOfView { get; init; }

    /// <summary>Characters that a line may have.</summary>
    internal const int MaxLineLength = 4 << 20;

    private const int MaxObjects = 10_000;
    private const int MaxPathLength = 4096;

    /// <summary>How much of a conversation may come before its last command.</summary>
    internal const int MaxTurns = 8;

    private const string CameraName = "camera";

    private static readonly Dictionary<string, NamedColor> ColorsByName =
        Enum.GetValues<NamedColor>().Select(color => (Name: color.ToString().ToLowerInvariant(), Color: color))
            .Append(("gray", NamedColor.Grey)).ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads one line. Unknown keys are left aside, so that cases may carry their own labels.</summary>
    /// <exception cref="FormatException">
    /// The line cannot be read; the message names the key and what it must be.
    /// </exception>
    public static GroundingCase Parse(string line)
    {
        if (line.Length > MaxLineLength) throw new FormatException($"longer than {MaxLineLength} characters");
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 16 });
            var root = new Node(document.RootElement, "");
            root.ExpectObject();
            var field = root.Optional("camera")?.Optional("hfovDeg")?.Number(1, 179);
            var picture = ReadImage(root);
            var scene = new Scene { Sequence = 1 };
            if (picture is null) ReadObjects(root, field, scene);
            scene.Listens = root.Optional("sounds") is not null;
            foreach (var item in root.Optional("sounds")?.Items(MaxObjects) ?? []) scene.Sounds.Add(ReadSound(item));
            if (root.Optional("quality") is { } quality)
                scene.Quality = new ModalityQuality(
                    quality.Optional("vision")?.Number(0, 1) ?? 1, quality.Optional("sound")?.Number(0, 1) ?? 1);
            return new GroundingCase(root.Required("id").Id(), scene, root.Required("command").Text())
            {
                Picture = picture,
                FieldOfView = field,
                History = [.. root.Optional("history")?.Items(MaxTurns).Select(ReadTurn) ?? []],
            };
        }
        catch (JsonException e)
        {
            var at = e.BytePositionInLine is { } position ? $" at byte {position + 1}" : "";
            throw new FormatException($"not valid JSON{at}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Half of a surrogate pair: as an escape it is found when the text is asked for, as a character at once.
            throw new FormatException("a text holds an escape that is no character (\\ud800 to \\udfff alone)", e);
        }
    }

    private static string ReadTurn(Node turn) => turn.Text() is { Length: <= CommandReader.MaxTextLength } said
        ? said : throw turn.Fault($"longer than {CommandReader.MaxTextLength} characters");

    private static string? ReadImage(Node root)
    {
        if (root.Optional("picture") is not { } picture) return null;
        foreach (var key in (string[])["image", "objects"])
        {
            if (root.Optional(key) is { } given) throw given.Fault("a case has either a picture, or image and objects");
        }

        var path = picture.Text();
        return path.Length is > 0 and <= MaxPathLength && !path.Contains('\0') ? path
            : throw picture.Fault($"must be a path of 1 to {MaxPathLength} characters");
    }

    private static void ReadObjects(Node root, float? field, Scene scene)
    {
        var image = root.Required("image");
        scene.Cameras.Add(
            new CameraView(
                CameraName, image.Required("width").Int(1, 100_000), image.Required("height").Int(1, 100_000), field));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in root.Required("objects").Items(MaxObjects))
        {
            var read = ReadObject(item);
            if (!ids.Add(read.Id)) throw item.Fault($"the id '{read.Id}' stands there twice");
            scene.Objects.Add(read);
        }
    }

    private static SceneObject ReadObject(Node item)
    {
        var box = item.Required("box");
        ColorShares? colors = null;
        if (item.Optional("colors") is { } shares) colors = ReadColors(shares);
        Vector2? velocity = null;
        if (item.Optional("velocity") is { } moving)
            velocity = new Vector2(moving.Required("x").Number(), moving.Required("y").Number());
        return new SceneObject(
            item.Required("id").Id(), CameraName, item.Required("label").Text(), item.Required("score").Number(0, 1),
            new BoundingBox(box.Required("x").Number(), box.Required("y").Number(),
                box.Required("width").Number(0), box.Required("height").Number(0)),
            colors, velocity)
        {
            Near = item.Optional("near") is { } near ? ReadNear(near) : default,
        };
    }

    private static NearLabels ReadNear(Node labels)
    {
        NearLabels near = default;
        foreach (var (label, likelihood) in labels.Members())
            near = near.With(new LabelScore(label, likelihood.Number(0, 1)));
        return near;
    }

    private static ColorShares ReadColors(Node shares)
    {
        var colors = new ColorShares();
        foreach (var (name, share) in shares.Members())
        {
            if (!ColorsByName.TryGetValue(name, out var color))
                throw share.Fault($"is not one of {string.Join(", ", ColorsByName.Keys)}");
            colors[color] += share.Number(0, 1);
        }

        return colors;
    }

    private static SceneSound ReadSound(Node item) => new(
        item.Required("label").Text(), item.Optional("score")?.Number(0, 1) ?? 1,
        item.Optional("azimuthDeg")?.Number(-360, 360), item.Optional("azimuthStdDeg")?.Number(0, 360));

    // A JSON value that knows its path, so that every fault can name it. null counts as missing.
    private readonly record struct Node(JsonElement Element, string Path)
    {
        public FormatException Fault(string problem) => new(Path.Length == 0 ? problem : $"{Path}: {problem}");

        public void ExpectObject()
        {
            if (Element.ValueKind != JsonValueKind.Object) throw Fault("expected an object");
        }

        public Node? Optional(string key)
        {
            ExpectObject();
            return Element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
                ? new Node(value, Path.Length == 0 ? key : $"{Path}.{key}")
                : null;
        }

        public Node Required(string key) => Optional(key) ?? throw Fault($"'{key}' is missing");

        public string Text() =>
            Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Fault("expected a text");

        public string Id() => Element.ValueKind switch
        {
            JsonValueKind.String => Element.GetString()!,
            JsonValueKind.Number => Element.GetRawText(),
            _ => throw Fault("expected a text"),
        };

        public int Int(int least, int most)
        {
            var number = Number(least, most);
            return number == MathF.Floor(number) ? (int)number : throw Fault("expected a whole number");
        }

        public float Number(float least = float.MinValue, float most = float.MaxValue)
        {
            if (Element.ValueKind != JsonValueKind.Number || !Element.TryGetSingle(out var number)
                || !float.IsFinite(number))
                throw Fault("expected a number");
            return number >= least && number <= most
                ? number
                : throw Fault(
                    string.Create(CultureInfo.InvariantCulture, $"{number} is out of range, {least} to {most}"));
        }

        public IEnumerable<Node> Items(int most)
        {
            if (Element.ValueKind != JsonValueKind.Array) throw Fault("expected a list");
            if (Element.GetArrayLength() > most) throw Fault($"more than {most} entries");
            var path = Path;
            return Element.EnumerateArray().Select((value, index) => new Node(value, $"{path}.{index}"));
        }

        public IEnumerable<(string Name, Node Value)> Members()
        {
            ExpectObject();
            var path = Path;
            return Element.EnumerateObject()
                .Select(member => (member.Name, new Node(member.Value, $"{path}.{member.Name}")));
        }
    }
}
