using System.Globalization;
using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>One generated case: a scene, a sentence, and what the program behind the sentence means in it.</summary>
/// <param name="Phenomenon">What the case is about.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Scene">The scene.</param>
/// <param name="Expected">"act:id", "clarify" or "absent", by running the program on the scene exactly.</param>
internal sealed record GeneratedCase(string Phenomenon, string Text, Scene Scene, string Expected);

/// <summary>
/// Draws clean scenes and programs over them and says the programs in words. The programs run on the exact scene with
/// hard rules and a margin, apart from the product's code, so agreement is not by construction.
/// </summary>
internal sealed class ProgramGenerator(int seed)
{
    private const double Margin = 0.03;

    public static readonly string[] Phenomena = ["class", "attribute", "superlative", "ordinal", "relation", "negation",
        "sound", "motion"];

    private static readonly string[] Classes =
        ["cup", "bottle", "bowl", "book", "chair", "dog", "cat", "person", "car", "banana", "apple", "laptop",
            "backpack", "clock", "vase", "stapler", "lantern", "wug", "sports ball", "cell phone", "dax blik"];

    private static readonly Dictionary<string, string[]> Synonyms = new()
    {
        ["cup"] = ["mug"],
        ["cell phone"] = ["phone", "mobile phone"],
        ["sports ball"] = ["ball"],
        ["backpack"] = ["rucksack"],
        ["laptop"] = ["computer"],
        ["person"] = ["man", "woman", "guy"],
        ["car"] = ["automobile"],
    };

    private static readonly Dictionary<string, string[]> Kinds = new()
    {
        ["animal"] = ["dog", "cat"],
        ["fruit"] = ["banana", "apple"],
    };

    private static readonly string[] Colors = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink",
        "brown", "black", "grey", "white"];
    private static readonly string[] Verbs = ["pick up", "grab", "go to", "look at", "follow", "bring me", "fetch me",
        "where is", "track", "take", "show me"];
    private static readonly string[] Ordinals = ["first", "second", "third", "fourth"];

    private static readonly Dictionary<string, string[]> Superlatives = new()
    {
        ["left"] = ["leftmost", "far left"],
        ["right"] = ["rightmost"],
        ["large"] = ["largest", "biggest"],
        ["small"] = ["smallest", "tiniest"],
        ["near"] = ["nearest", "closest"],
        ["far"] = ["farthest", "most distant"],
        ["top"] = ["highest", "topmost"],
        ["bottom"] = ["lowest"],
    };

    private static readonly Dictionary<string, string[]> Relations = new()
    {
        ["left"] = ["to the left of", "left of", "on the left side of"],
        ["right"] = ["to the right of", "right of"],
        ["above"] = ["above", "higher than"],
        ["below"] = ["below", "lower than", "beneath"],
        ["behind"] = ["behind", "further away than"],
        ["front"] = ["in front of", "closer than"],
        ["next"] = ["nearest to", "closest to", "next to"],
    };

    private static readonly Dictionary<string, string[]> SoundWords = new()
    {
        ["beep"] = ["beeping", "that beeps"],
        ["ring"] = ["ringing"],
        ["bark"] = ["barking"],
        ["speech"] = ["talking", "speaking"],
        ["music"] = ["playing music"],
        ["alarm"] = ["sounding an alarm"],
        ["water"] = ["dripping"],
        ["knock"] = ["knocking"],
    };

    private readonly Random _random = new(seed);

    private sealed record Thing(string Id, string Class, string Color, double X, double Y, double Width, double Height,
        bool Moves, string? Sound)
    {
        public double Bottom => Y + Height / 2;
        public double LogArea => Math.Log(Width * Height);
    }

    private sealed record Noun(string? Class, string? Kind, string? Color, string? NotColor, bool Moves, string? Sound)
    {
        public bool Fits(Thing thing) =>
            (Class is null || thing.Class == Class) && (Kind is null || Kinds[Kind].Contains(thing.Class))
                && (Color is null || thing.Color == Color)
            && (NotColor is null || thing.Color != NotColor) && (!Moves || thing.Moves)
            && (Sound is null || thing.Sound == Sound);
    }

    public GeneratedCase Next(string phenomenon)
    {
        while (true)
        {
            var things = Things();
            if (Case(phenomenon, things) is { } found) return found;
        }
    }

    private GeneratedCase? Case(string phenomenon, List<Thing> things)
    {
        var target = Pick(things);
        var noun = new Noun(target.Class, null, null, null, false, null);
        if (_random.NextDouble() < 0.1
            && Kinds.FirstOrDefault(kind => kind.Value.Contains(target.Class)).Key is { } kind)
            noun = noun with { Class = null, Kind = kind };
        else if (phenomenon != "class" && _random.NextDouble() < 0.15) noun = noun with { Class = null };
        if (phenomenon == "attribute" || (phenomenon != "class" && _random.NextDouble() < 0.2))
            noun = noun with { Color = target.Color };
        if (phenomenon == "motion") noun = noun with { Moves = true };
        if (phenomenon == "sound") noun = noun with { Sound = target.Sound ?? Pick([.. SoundWords.Keys]) };
        if (_random.NextDouble() < 0.15)
            noun = noun.Class is null ? noun with { Color = Pick(Colors) } : noun with { Class = Pick(Classes) };
        var after = "";
        var before = "";
        var fits = things.Where(noun.Fits).ToList();
        if (phenomenon == "negation")
        {
            noun = noun with { Color = null, NotColor = Pick(things).Color };
            fits = [.. things.Where(noun.Fits)];
            after = Pick(["that is not ", "which is not ", "not ", "other than ", "except "]) + noun.NotColor
                + Pick(["", " one"]);
            if (after.StartsWith("not", StringComparison.Ordinal) || after.StartsWith("that", StringComparison.Ordinal))
                after = after.Replace(" one", "", StringComparison.Ordinal);
        }

        if (phenomenon == "relation" && !Relate(things, ref fits, out after)) return null;
        if (phenomenon is "superlative" or "ordinal" && !Order(phenomenon, ref fits, out before, out after))
            return null;
        if (noun.Sound is not null) after = Pick(["that is ", "which is ", ""]) + Pick(SoundWords[noun.Sound]);
        if (noun.Sound is not null && after.Contains("is that", StringComparison.Ordinal)) after = "that beeps";
        var text =
            string.Join(' ', new[] { Pick(Verbs), "the", before, Say(noun), after }.Where(part => part.Length > 0));
        text =
            _random.Next(6) switch
            {
                0 => "please " + text,
                1 => "robot " + text,
                2 => "can you " + text,
                3 => text + " please",
                _ => text
            };
        var expected = fits.Count switch { 0 => "absent", 1 => "act:" + fits[0].Id, _ => "clarify" };
        return new GeneratedCase(phenomenon, text, Scene(things), expected);
    }

    private bool Relate(List<Thing> things, ref List<Thing> fits, out string words)
    {
        words = "";
        var anchor = Pick(things);
        var name = new Noun(anchor.Class, null, _random.NextDouble() < 0.3 ? anchor.Color : null, null, false, null);
        if (things.Count(name.Fits) != 1) return false;
        var relation = Pick([.. Relations.Keys]);
        words = Pick(Relations[relation]) + " the " + Say(name);
        fits = [.. fits.Where(thing => thing != anchor)];
        if (relation == "next")
        {
            var byDistance = fits.OrderBy(thing => Distance(thing, anchor)).ToList();
            if (byDistance.Count > 1 && Distance(byDistance[1], anchor) - Distance(byDistance[0], anchor) < Margin)
                return false;
            if (byDistance.Count > 0 && words.StartsWith("next", StringComparison.Ordinal)
                && Distance(byDistance[0], anchor) > 0.12) return false;
            fits = [.. byDistance.Take(1)];
            return true;
        }

        var not = _random.NextDouble() < 0.15;
        if (not) words = "that is not " + words;
        if (fits.Any(thing => Math.Abs(Difference(relation, thing, anchor)) < Margin)) return false;
        fits = [.. fits.Where(thing => Difference(relation, thing, anchor) > 0 != not)];
        return true;
    }

    private static double Difference(string relation, Thing thing, Thing anchor) => relation switch
    {
        "left" => anchor.X - thing.X,
        "right" => thing.X - anchor.X,
        "above" => anchor.Y - thing.Y,
        "below" => thing.Y - anchor.Y,
        "behind" => anchor.Bottom - thing.Bottom,
        _ => thing.Bottom - anchor.Bottom,
    };

    private static double Distance(Thing a, Thing b) =>
        Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow((a.Y - b.Y) * 0.75, 2));

    private bool Order(string phenomenon, ref List<Thing> fits, out string before, out string after)
    {
        var direction = phenomenon == "ordinal" ? Pick(["left", "right"]) : Pick([.. Superlatives.Keys]);
        var rank = phenomenon == "ordinal" ? _random.Next(4) : 0;
        before = phenomenon == "ordinal" ? Ordinals[rank] : Pick(Superlatives[direction]);
        after = phenomenon == "ordinal" ? Pick(["from the ", "counting from the "]) + direction : "";
        Func<Thing, double> key = direction switch
        {
            "left" => thing => thing.X,
            "right" => thing => -thing.X,
            "top" => thing => thing.Y,
            "bottom" => thing => -thing.Y,
            "near" => thing => -thing.Bottom,
            "far" => thing => thing.Bottom,
            "large" => thing => -0.3 * thing.LogArea,
            _ => thing => 0.3 * thing.LogArea,
        };
        var order = fits.OrderBy(key).ToList();
        if (order.Zip(order.Skip(1)).Take(rank + 1).Any(pair => key(pair.Second) - key(pair.First) < Margin))
            return false;
        fits = [.. order.Skip(rank).Take(1)];
        return true;
    }

    private List<Thing> Things()
    {
        var classes = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Pick(Classes)).ToArray();
        var things = new List<Thing>();
        for (var i = _random.Next(1, 10); i > 0; i--)
        {
            double width = 0.03 + 0.15 * _random.NextDouble(), height = 0.04 + 0.2 * _random.NextDouble(),
                x = 0.05 + 0.9 * _random.NextDouble();
            // Neighbouring sounds must be told apart by their direction.
            var sound = _random.NextDouble() < 0.2 && things.All(other => Math.Abs(other.X - x) > 0.3)
                ? Pick([.. SoundWords.Keys]) : null;
            if (things.Any(other => other.Sound is not null && Math.Abs(other.X - x) < 0.3)) continue;
            things.Add(
                new Thing($"o{i}", Pick(classes), Pick(Colors), x, 0.2 + 0.6 * _random.NextDouble(), width, height,
                    _random.NextDouble() < 0.3, sound));
        }

        return things.Count > 0 ? things : Things();
    }

    private Scene Scene(List<Thing> things)
    {
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("main", 1280, 960, 70));
        foreach (var thing in things)
        {
            var colors = new ColorShares();
            colors[Enum.Parse<NamedColor>(thing.Color, ignoreCase: true)] = 0.7f + 0.2f * _random.NextSingle();
            var box = new BoundingBox((float)((thing.X - thing.Width / 2) * 1280),
                (float)((thing.Y - thing.Height / 2) * 960), (float)(thing.Width * 1280), (float)(thing.Height * 960));
            var velocity =
                thing.Moves ? new Vector2((_random.Next(2) * 2 - 1) * _random.Next(30, 120), _random.Next(-10, 10))
                    : new Vector2(_random.Next(-4, 5), 0);
            scene.Objects.Add(
                new SceneObject(
                    thing.Id, "main", thing.Class, 0.7f + 0.3f * _random.NextSingle(), box, colors, velocity));
            if (thing.Sound is not null)
                scene.Sounds.Add(new SceneSound(thing.Sound, 0.9f, scene.Cameras[0].AzimuthDegrees(box.CenterX), 3));
        }

        scene.Sounds.Add(new SceneSound("engine", 0.6f, 85, 5));
        return scene;
    }

    private string Say(Noun noun)
    {
        var words = new List<string>();
        if (noun.Moves) words.Add("moving");
        if (noun.Color is not null) words.Add(noun.Color == "grey" && _random.Next(2) == 0 ? "gray" : noun.Color);
        if (noun.Class is not null)
            words.Add(Synonyms.TryGetValue(noun.Class, out var names) && _random.Next(4) == 0 ? Pick(names)
                : noun.Class);
        else words.Add(noun.Kind ?? Pick(["object", "thing", "one", "item"]));
        return string.Join(' ', words);
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    public override string ToString() => seed.ToString(CultureInfo.InvariantCulture);
}
