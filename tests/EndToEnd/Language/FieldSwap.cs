using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgePerception.EndToEnd.Tests.Language;

/// <summary>
/// Content words changed for others of their class, in the sentence, its scene and its expectation alike: nouns and
/// colours with the things they name, the ids that a sentence may name, and verbs for verbs of the same action.
/// </summary>
internal sealed partial class FieldSwap
{
    private static readonly string[][] Nouns =
    [
        ["dog", "cat", "horse", "cow"], ["car", "truck", "motorcycle"], ["cup", "bottle", "bowl", "vase"],
        ["book", "laptop", "keyboard"], ["suitcase", "backpack", "handbag"], ["bench", "chair", "couch"],
    ];

    private static readonly string[] Colors = ["red", "blue", "green", "yellow", "white", "black", "brown"];

    private static readonly string[] People = ["person", "man", "woman", "guy"];

    // The same place in a row is the same form: "followed" becomes "pursued".
    private static readonly string[][][] Verbs =
    [
        [["follow", "follows", "followed", "following"], ["pursue", "pursues", "pursued", "pursuing"]],
        [["go to", "goes to", "went to", "going to", "gone to"],
            ["drive to", "drives to", "drove to", "driving to", "driven to"],
            ["walk to", "walks to", "walked to", "walking to", "walked to"]],
        [["bring me", "bringing me", "brought me"], ["fetch me", "fetching me", "fetched me"],
            ["get me", "getting me", "got me"]],
    ];

    private readonly FieldCase _asked;
    private readonly Random _random;
    private readonly Dictionary<string, string> _words = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _verbs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _labels = [];
    private readonly Dictionary<string, string> _colors = [];
    private readonly Dictionary<string, string> _ids = [];

    private FieldSwap(FieldCase asked, int seed)
    {
        (_asked, _random) = (asked, new Random(seed));
        foreach (var group in Nouns) SwapNouns(group);
        SwapColors();
        SwapIds();
        // The robot itself says "person 22", so the word goes with the number.
        if (!Ids.Any(IsNumber)) _words["person"] = _random.GetItems(People, 1)[0];
        foreach (var group in Verbs) SwapVerbs(group);
    }

    /// <summary>A case with its content words swapped; the same seed gives the same words.</summary>
    public static FieldCase Of(FieldCase asked, int seed)
    {
        var swap = new FieldSwap(asked, Mix(asked.Id, seed));
        return asked.Rewrite($"swapped {seed}", swap.Say, swap.Point, swap.Change);
    }

    private string Texts => string.Join('\n', _asked.History.Append(_asked.Command));

    private IEnumerable<string> Ids => _asked.Objects.Select(item => item["id"]!.GetValue<string>());

    private bool Names(string word) => Regex.IsMatch(Texts, $@"\b{word}\b", RegexOptions.IgnoreCase);

    private void SwapNouns(string[] group)
    {
        var seen = _asked.Objects.Select(item => item["label"]!.GetValue<string>()).ToHashSet();
        var named = group.Where(noun => Names(noun) || Names(noun + "s")).ToList();
        var free = new Queue<string>(Shuffled(group.Except(seen).Except(named)));
        foreach (var noun in named.Where(_ => free.Count > 0))
        {
            var other = free.Dequeue();
            (_labels[noun], _words[noun], _words[noun + "s"]) = (other, other, Plural(other));
        }
    }

    private void SwapColors()
    {
        if (!Colors.Any(Names)) return;
        foreach (var (color, other) in Colors.Zip(Shuffled(Colors))) _colors[color] = _words[color] = other;
    }

    private void SwapIds()
    {
        var ids = Ids.Where(IsNumber).ToList();
        var others = Enumerable.Range(40, 50).Select(number => $"{number}").Except(ids).Where(id => !Names(id));
        var free = new Queue<string>(Shuffled(others));
        foreach (var id in ids.Where(Names)) _ids[id] = _words[id] = free.Dequeue();
    }

    private void SwapVerbs(string[][] group)
    {
        var other = _random.GetItems(group, 1)[0];
        for (var form = 0; form < other.Length; form++) _verbs[group[0][form]] = other[form];
    }

    private string Say(string text) => Word().Replace(Verb().Replace(text, found => _verbs[found.Value]),
        found => _words.GetValueOrDefault(found.Value, found.Value));

    private string Point(string expect) =>
        Number().Replace(expect, found => _ids.GetValueOrDefault(found.Value, found.Value));

    private void Change(JsonObject item)
    {
        item["id"] = _ids.GetValueOrDefault(item["id"]!.GetValue<string>(), item["id"]!.GetValue<string>());
        item["label"] = _labels.GetValueOrDefault(item["label"]!.GetValue<string>(), item["label"]!.GetValue<string>());
        item["colors"] = new JsonObject(item["colors"]!.AsObject().Select(share =>
            KeyValuePair.Create(_colors.GetValueOrDefault(share.Key, share.Key), share.Value?.DeepClone())));
    }

    private T[] Shuffled<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return shuffled;
    }

    private static string Plural(string noun) =>
        noun.EndsWith("ch", StringComparison.Ordinal) ? noun + "es" : noun + "s";

    // Each case gets words of its own; string.GetHashCode differs from run to run.
    private static int Mix(string id, int seed) =>
        id.Aggregate(seed, (hash, letter) => unchecked((hash * 31) + letter));

    private static bool IsNumber(string id) => id.All(char.IsAsciiDigit);

    // "hot dog" is a name of its own.
    [GeneratedRegex(@"\b(?:hot dog|\w+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    // Idioms ("follow suit") keep their verb: only with an article or a pronoun behind it is it the plain one.
    [GeneratedRegex(
        @"\b(?:follow(?:s|ed|ing)?|(?:go(?:es|ing|ne)?|went) to|(?:bring|bringing|brought) me)\b(?= (?:the|it|that)\b)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Verb();

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex Number();
}
