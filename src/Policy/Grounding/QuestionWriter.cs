using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Writes the question for an unclear command and the reason for an absent object, in words that a person can answer.
/// </summary>
internal sealed class QuestionWriter(DescriptionResolver resolver)
{
    private const int MaxNamed = 4;
    private const int MaxNearest = 3;

    private static readonly string[] Numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight",
        "nine", "ten"];

    private readonly SceneView _scene = resolver.Scene;
    private readonly CandidateNames _names = new(resolver);

    /// <summary>"Which person do you mean: the one on the left or the one by the bus?"</summary>
    public Question Which(NounPhrase phrase, Referents referents)
    {
        if (referents.UnclearAnchor is { } anchor && !ReferenceEquals(anchor, phrase))
            return Which(anchor, resolver.Resolve(anchor));
        var items = Likely(referents);
        if (items.Count == 0)
            return new Question($"I am not sure what \"{phrase.Text}\" is. Which object do you mean?");
        if (items.Count == 1) return Whether(phrase, items[0]);
        var noun = CommonNoun(items);
        var text = items.Count > MaxNamed
            ? $"I see {Count(items.Count)} {Plural(noun)} that could be meant. "
                + "Which one: where is it, or what colour has it?"
            : $"Which {noun} do you mean: {Join(_names.Of(items))}?";
        return new Question(text) { About = phrase, Ids = [.. items.Select(item => item.Source.Id)] };
    }

    /// <summary>"Do you mean the person on the left? I am not sure of it."</summary>
    public Question Whether(NounPhrase phrase, ViewedObject item) =>
        new($"Do you mean {_names.Of([item])[0]}? I am not sure of it.") { About = phrase, Ids = [item.Source.Id] };

    /// <summary>Why one object could not be told from the others.</summary>
    public string WhyUnclear(NounPhrase phrase, Referents referents)
    {
        if (referents.UnclearAnchor is { } anchor) return $"several objects fit \"{anchor.Text}\"";
        var items = Likely(referents);
        return items.Count > 1 ? $"{Count(items.Count)} objects fit \"{phrase.Text}\" about equally well"
            : $"it is not sure that \"{phrase.Text}\" is in sight";
    }

    /// <summary>Why nothing fits: the noun is not there, or none of that noun has what was asked.</summary>
    public string WhyAbsent(NounPhrase phrase, Referents referents)
    {
        var noun = phrase.Noun.Count > 0 ? string.Join(' ', phrase.Noun) : "object";
        if (phrase.KnownId is not null) return $"the {Singular(noun)} that was meant before is no longer in sight";
        if (noun.StartsWith("some", StringComparison.Ordinal)) noun = "object that is " + noun;
        if (referents.Noun.Best <= 0 || _scene.Objects.Length == 0)
        {
            return CanBeTold(phrase) ? $"there is no {Singular(noun)} in sight"
                : $"the detector knows no such thing as \"{Singular(noun)}\", so that it cannot be told whether "
                + "one is there";
        }

        if (referents.MissingAnchor is { } anchor)
            return $"there is no {(anchor.Noun.Count > 0 ? Singular(string.Join(' ', anchor.Noun)) : "such object")} "
                + $"in sight that \"{phrase.Text}\" could refer to";
        var count = referents.Noun.Weights.Count(weight => weight > 0);
        if (phrase.Modifiers.Count == 0)
            return $"what looks like the {Singular(noun)} is seen with too low a score to be sure that it is there";
        return $"{Count(count)} {(count == 1 ? Singular(noun) : Plural(Singular(noun)))} in sight, but none fits "
            + $"\"{phrase.Text}\"{Nearest(phrase, referents)}";
    }

    private bool CanBeTold(NounPhrase phrase) =>
        _scene.Classes.Count == 0 || phrase.Offered.Count > 0 || LabelMatcher.CanName(phrase.Noun, _scene.Classes);

    /// <summary>
    /// The nearest of those that have the noun, and what they lack: ": a white car is there", or ": the car on the left
    /// is not moving".
    /// </summary>
    private string Nearest(NounPhrase phrase, Referents referents)
    {
        List<(ViewedObject Item, List<Modifier> Lacks)> near = [
            .. _scene.Objects.Where(item => referents.Noun.Weights[item.Index] > 0)
                .OrderByDescending(item => referents.Closeness[item.Index]).ThenBy(item => item.Index)
                .Select(item => (item, Lacks(item, phrase))).Where(one => one.Item2.Count > 0)];
        var colored = near.Where(one => one.Lacks is [ColorModifier { Negated: false, Worn: false }])
            .Select(one => CandidateNames.ColorOf(one.Item) is { } color ? $"{color} {one.Item.ShortLabel}" : "")
            .Where(name => name.Length > 0).Distinct().Take(MaxNearest).ToList();
        if (colored.Count > 0)
        {
            var names = colored.Select(name => (name[0] is 'o' ? "an " : "a ") + name);
            return $": {string.Join(" and ", names)} {(colored.Count == 1 ? "is" : "are")} there";
        }

        return near is not [var nearest, ..] ? ""
            : $": {_names.Of([nearest.Item])[0]} is not "
                + string.Join(" and not ", nearest.Lacks.Select(lack => lack.Text).Distinct());
    }

    // What can be checked of an object alone, and does not hold.
    private List<Modifier> Lacks(ViewedObject item, NounPhrase phrase) =>
        [.. phrase.Modifiers.Where(modifier => resolver.Check(item, modifier) < 0.5)];

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
        _ when noun.EndsWith('s') || noun.EndsWith("ch", StringComparison.Ordinal)
            || noun.EndsWith("sh", StringComparison.Ordinal) || noun.EndsWith('x') => noun + "es",
        [.., 'a' or 'e' or 'o' or 'u', 'y'] => noun + "s",
        [.. var stem, 'y'] => stem + "ies",
        _ => noun + "s",
    };

    private static string Singular(string noun) => Lexicon.Default.SingularOf(noun);

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

    private static string Join(List<string> parts) =>
        parts.Count == 1 ? parts[0] : string.Join(", ", parts.SkipLast(1)) + " or " + parts[^1];
}
