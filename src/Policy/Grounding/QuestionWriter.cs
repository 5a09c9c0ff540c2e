using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>Writes the question for an unclear command and the reason for an absent object, in words that a person can answer.</summary>
internal sealed class QuestionWriter(DescriptionResolver resolver)
{
    private const int MostNamed = 4;
    private const double FarApart = 0.04;

    private static readonly string[] Numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    private readonly SceneView _scene = resolver.Scene;

    /// <summary>"Which person do you mean: the one on the left or the one on the right?"</summary>
    public string Which(NounPhrase phrase, Referents referents)
    {
        if (referents.UnclearAnchor is { } anchor && !ReferenceEquals(anchor, phrase)) return Which(anchor, resolver.Resolve(anchor));
        var items = Likely(referents);
        if (items.Count == 0) return $"I am not sure what \"{phrase.Text}\" is. Which object do you mean?";
        if (items.Count == 1) return Whether(items[0]);
        var noun = CommonNoun(items);
        if (items.Count > MostNamed) return $"I see {Count(items.Count)} {Plural(noun)} that could be meant. Which one: where is it, or what colour has it?";
        return $"Which {noun} do you mean: {Join(Describe(items))}?";
    }

    /// <summary>"Do you mean the person on the left? I am not sure of it."</summary>
    public static string Whether(ViewedObject item) => $"Do you mean the {item.ShortLabel}{Place(item)}? I am not sure of it.";

    /// <summary>Why one object could not be told from the others.</summary>
    public string WhyUnclear(NounPhrase phrase, Referents referents)
    {
        if (referents.UnclearAnchor is { } anchor) return $"several objects fit \"{anchor.Text}\"";
        var items = Likely(referents);
        return items.Count > 1 ? $"{Count(items.Count)} objects fit \"{phrase.Text}\" about equally well" : $"it is not sure that \"{phrase.Text}\" is in sight";
    }

    /// <summary>Why nothing fits: the noun is not there, or none of that noun has what was asked.</summary>
    public string WhyAbsent(NounPhrase phrase, Referents referents)
    {
        var noun = phrase.Noun.Count > 0 ? string.Join(' ', phrase.Noun) : "object";
        if (phrase.KnownId is not null) return $"the {Singular(noun)} that was meant before is no longer in sight";
        if (noun.StartsWith("some", StringComparison.Ordinal)) noun = "object that is " + noun;
        if (referents.Noun.Best <= 0 || _scene.Objects.Length == 0) return $"there is no {Singular(noun)} in sight";
        if (referents.MissingAnchor is { } anchor)
            return $"there is no {(anchor.Noun.Count > 0 ? Singular(string.Join(' ', anchor.Noun)) : "such object")} in sight that \"{phrase.Text}\" could refer to";
        var count = referents.Noun.Weights.Count(weight => weight > 0);
        if (phrase.Modifiers.Count == 0) return $"what looks like the {Singular(noun)} is seen with too low a score to be sure that it is there";
        return $"{Count(count)} {(count == 1 ? Singular(noun) : Plural(Singular(noun)))} in sight, but none fits \"{phrase.Text}\"";
    }

    /// <summary>A number in words up to ten.</summary>
    public static string Count(int count) =>
        count < Numbers.Length ? Numbers[count] : count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The plural of a noun.</summary>
    public static string Plural(string noun) => noun switch
    {
        "person" => "people",
        "man" or "woman" => noun[..^2] + "en",
        "mouse" => "mice",
        "knife" => "knives",
        "sheep" or "skis" or "scissors" => noun,
        _ when noun.EndsWith('s') || noun.EndsWith("ch", StringComparison.Ordinal) || noun.EndsWith("sh", StringComparison.Ordinal) || noun.EndsWith('x') => noun + "es",
        _ => noun + "s",
    };

    private static string Singular(string noun)
    {
        var space = noun.LastIndexOf(' ');
        return noun[..(space + 1)] + Lexicon.Default.Singular(noun[(space + 1)..]);
    }

    private List<ViewedObject> Likely(Referents referents)
    {
        var meant = referents.Meant(_scene.Thresholds);
        var best = meant.DefaultIfEmpty(0).Max();
        return [.. _scene.Objects.Where(item => meant[item.Index] > 0.02 && meant[item.Index] >= best * 0.2)
            .OrderByDescending(item => meant[item.Index]).Take(12)
            .OrderBy(item => item.Box?.CenterX ?? 0).ThenBy(item => item.Box?.CenterY ?? 0).ThenBy(item => item.Index)];
    }

    private static string CommonNoun(List<ViewedObject> items) =>
        items.All(item => item.Label == items[0].Label) ? items[0].ShortLabel : "object";

    private static List<string> Describe(List<ViewedObject> items)
    {
        var labels = items.Select(item => item.ShortLabel).ToList();
        if (labels.Distinct().Count() == items.Count) return [.. labels.Select(label => $"the {label}")];
        var sameNoun = labels.Distinct().Count() == 1;
        var colors = items.Select(Color).ToList();
        if (!sameNoun || !Separated(items))
        {
            if (sameNoun && colors.All(color => color is not null) && colors.Distinct().Count() == items.Count)
                return [.. colors.Select(color => $"the {color} one")];
        }

        var places = Row(items.Count);
        return [.. items.Select((item, i) => (sameNoun ? "the one " : $"the {item.ShortLabel} ") + (Separated(items) ? places[i] : Depth(items, item)))];
    }

    private static string[] Row(int count) => count switch
    {
        2 => ["on the left", "on the right"],
        3 => ["on the left", "in the middle", "on the right"],
        _ => ["on the far left", "second from the left", "second from the right", "on the far right"],
    };

    private static bool Separated(List<ViewedObject> items)
    {
        for (var i = 1; i < items.Count; i++)
        {
            if (items[i].Box is not { } box || items[i - 1].Box is not { } before) return false;
            if ((box.CenterX - before.CenterX) / items[i].Camera.Width < FarApart) return false;
        }

        return true;
    }

    /// <summary>One above the other, or only told apart by the id.</summary>
    private static string Depth(List<ViewedObject> items, ViewedObject item)
    {
        var order = items.OrderBy(other => other.Box?.CenterY ?? 0).ToList();
        var apart = order.Zip(order.Skip(1)).All(pair => ((pair.Second.Box?.CenterY ?? 0) - (pair.First.Box?.CenterY ?? 0)) / item.Camera.Height > FarApart);
        if (apart && items.Count == 2) return order[0] == item ? "higher up" : "lower down";
        return $"called {ViewedObject.Shorten(item.Source.Id, 24)}";
    }

    private static string? Color(ViewedObject item) =>
        item.Colors is { } colors && colors[colors.Dominant] > 0.3f ? colors.Dominant.ToString().ToLowerInvariant() : null;

    private static string Place(ViewedObject item)
    {
        if (item.Box is not { } box) return "";
        var x = box.CenterX / item.Camera.Width;
        return x < 0.35 ? " on the left" : x > 0.65 ? " on the right" : " in the middle";
    }

    private static string Join(List<string> parts) =>
        parts.Count == 1 ? parts[0] : string.Join(", ", parts.SkipLast(1)) + " or " + parts[^1];
}
