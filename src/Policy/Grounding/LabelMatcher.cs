using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>What a noun means among the labels in sight.</summary>
/// <param name="Weights">How surely each object's label is what the noun names, by the object's index.</param>
/// <param name="Unread">Words before the noun that no label explains ("paper" in "paper cup").</param>
/// <param name="Noun">The words that were matched, or the whole noun when nothing was.</param>
internal sealed record NounMatch(double[] Weights, IReadOnlyList<string> Unread, string Noun)
{
    /// <summary>Whether the weights are offers of the ear for a noun that stands in no list.</summary>
    public bool IsOffered { get; init; }

    /// <summary>The best weight; 0 when no label matches.</summary>
    public double Best { get; } = Weights.Length == 0 ? 0 : Weights.Max();
}

/// <summary>
/// Matches nouns with labels, which are open vocabulary: the same words, the lexicon's synonyms and kinds, the head of
/// a compound label. A noun that names none of the labels matches nothing.
/// </summary>
internal static class LabelMatcher
{
    private const double HeadOfCompound = 0.9;
    private const double Content = 0.8;
    private const double BesideAnother = 0.4;

    private static readonly HashSet<string> Containers = ["carton", "bottle", "jar", "packet", "pack", "jug", "tin"];

    /// <summary>Compounds that are not a kind of their last word.</summary>
    private static readonly HashSet<string> Opaque = ["hot dog", "teddy bear", "stop sign", "fire hydrant", "sea horse",
        "polar bear", "computer mouse"];

    /// <summary>The meaning of a description's noun in a scene: what lists say, else what the ear offers.</summary>
    public static NounMatch Match(NounPhrase phrase, SceneView scene) => phrase.Offered.Count == 0
        ? Match(phrase.Noun, scene)
        : new NounMatch([.. scene.Objects.Select(item => phrase.Offered.GetValueOrDefault(item.Label))], [],
            phrase.Use ?? string.Join(' ', phrase.Noun))
        {
            IsOffered = true,
        };

    /// <summary>The meaning of a noun in a scene; every object fits when there is no noun.</summary>
    public static NounMatch Match(IReadOnlyList<string> noun, SceneView scene)
    {
        if (noun.Count == 0) return new NounMatch([.. scene.Objects.Select(_ => 1.0)], [], "");
        var lexicon = Lexicon.Default;
        for (var start = 0; start < noun.Count; start++)
        {
            var (plural, singular) = Forms(noun, start, lexicon);
            var byLabel = scene.Labels.Concat(scene.NearLabels)
                .ToDictionary(label => label, label => Weight(plural, singular, label, lexicon));
            if (byLabel.Values.Any(weight => weight > 0))
                return Result(scene, byLabel, [.. noun.Take(start)], singular);
            // "hot dog" must not fall back to "dog", nor any known name to its last word.
            if (start < noun.Count - 1 && (lexicon.Meanings(singular) ?? lexicon.Meanings(plural)) is not null) break;
        }

        return Result(scene, [], [], string.Join(' ', noun));
    }

    /// <summary>Whether a noun can name any of these labels at all.</summary>
    public static bool CanName(IReadOnlyList<string> noun, IReadOnlyList<string> labels)
    {
        if (noun.Count == 0) return true;
        var lexicon = Lexicon.Default;
        string[] normal = [.. labels.Select(SceneView.Normalize)];
        return Enumerable.Range(0, noun.Count).Any(start =>
        {
            var (plural, singular) = Forms(noun, start, lexicon);
            return normal.Any(label => Weight(plural, singular, label, lexicon) > 0);
        });
    }

    private static (string Plural, string Singular) Forms(IReadOnlyList<string> noun, int start, Lexicon lexicon) =>
        (string.Join(' ', noun.Skip(start)),
            string.Join(' ', noun.Skip(start).SkipLast(1).Append(lexicon.Singular(noun[^1]))));

    private static NounMatch Result(
        SceneView scene, Dictionary<string, double> byLabel, IReadOnlyList<string> unread, string noun) =>
        new(Weights(scene, byLabel), unread, noun);

    // A dog that the detector takes for a bear, and nearly for a dog, is a dog to who asks for one; less so where
    // something else is called a dog.
    private static double[] Weights(SceneView scene, Dictionary<string, double> byLabel)
    {
        double[] own = [.. scene.Objects.Select(item => byLabel.GetValueOrDefault(item.Label))];
        var others = own.DefaultIfEmpty(0).Max() > 0 ? BesideAnother : 1;
        foreach (var item in scene.Objects)
        {
            foreach (var (label, weight) in item.Near)
                own[item.Index] = Math.Max(own[item.Index], others * weight * byLabel.GetValueOrDefault(label));
        }

        return own;
    }

    private static double Weight(string plural, string singular, string label, Lexicon lexicon)
    {
        if (label == singular || label == plural || lexicon.SingularOf(label) == singular) return 1;
        if (lexicon.Anything.Contains(singular)) return 1;
        if (IsJoined(singular, label)) return 1;
        var best = Math.Max(ByLexicon(singular, label, lexicon), ByLexicon(plural, label, lexicon));
        if (!Opaque.Contains(label) && label.EndsWith(" " + singular, StringComparison.Ordinal))
            best = Math.Max(best, HeadOfCompound);
        if (IsContent(singular, label)) best = Math.Max(best, Content);
        return best;
    }

    /// <summary>"the milk" for the label "milk carton": people name what is in it.</summary>
    private static bool IsContent(string noun, string label) =>
        label.StartsWith(noun + " ", StringComparison.Ordinal) && Containers.Contains(label[(noun.Length + 1)..]);

    /// <summary>
    /// "stop watch" for "stopwatch" and "fire place" for "fireplace": people part and join compounds as they like.
    /// </summary>
    private static bool IsJoined(string noun, string label) =>
        noun.Contains(' ', StringComparison.Ordinal) != label.Contains(' ', StringComparison.Ordinal)
        && noun.Replace(" ", "", StringComparison.Ordinal) == label.Replace(" ", "", StringComparison.Ordinal);

    private static double ByLexicon(string noun, string label, Lexicon lexicon)
    {
        if (lexicon.Meanings(noun) is not { } meanings) return 0;
        var best = 0.0;
        foreach (var (meant, weight) in meanings)
        {
            if (meant == label) best = Math.Max(best, weight);
            // A scene's label may itself be a synonym: "sofa" is furniture as the couch is.
            foreach (var (canon, sure) in lexicon.Meanings(lexicon.SingularOf(label)) ?? [])
            {
                if (canon != meant || IsKind(label, lexicon)) continue;
                var isKindOrName = meant == noun || IsKind(noun, lexicon) || (weight >= 1 && sure >= 1);
                if (isKindOrName && sure >= 0.9) best = Math.Max(best, weight * sure);
            }
        }

        return best;
    }

    /// <summary>A word for several labels, none of which is the word itself.</summary>
    private static bool IsKind(string noun, Lexicon lexicon) =>
        lexicon.Meanings(noun) is { Count: > 1 } meanings && meanings.Count(meaning => meaning.Weight >= 1) > 1
        && meanings.All(meaning => meaning.Label != noun);
}
