using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Lends the words of a reading that stand in no list a meaning that the scene has: a noun or a use one of the labels
/// in sight, a verb an action, a phrase a relation. An offer stays one: its probability goes with it, and evidence
/// shows it. Used by one thread, for one command.
/// </summary>
/// <param name="ear">What offers meanings.</param>
/// <param name="scene">The scene.</param>
/// <param name="isWord">Tells a word of English from a sound.</param>
internal sealed class Hearing(Ear ear, SceneView scene, Func<string, bool> isWord)
{
    private readonly GroundingThresholds _thresholds = scene.Thresholds;

    /// <summary>A reading with what its unknown words may mean.</summary>
    /// <exception cref="Fusion.Inference.ModelException">The ear's encoder failed.</exception>
    public ParsedCommand Of(ParsedCommand reading)
    {
        if (reading.Refusal is not null) return reading;
        var unread = reading.Unread.ToHashSet();
        var edited = new PhraseEditor(phrase => Meant(phrase, reading, unread)).In(reading);
        return Acting(edited with { Unread = [.. unread.OrderBy(word => word.Place.Start.Value)] });
    }

    private NounPhrase Meant(NounPhrase phrase, ParsedCommand reading, HashSet<UnreadWord> unread)
    {
        if (phrase.Use is { } use)
        {
            var offers = ear.Words.OfUse(use, scene.Labels);
            return offers.Sure(_thresholds.MinOffer) is null ? phrase : phrase with
            {
                Offered = Weights(offers),
                Modifiers = [.. phrase.Modifiers.Where(modifier => modifier is not SupposedModifier { Anchor: null })],
            };
        }

        phrase =
            phrase with { Modifiers = [.. phrase.Modifiers.Select(modifier => Related(modifier, reading, unread))] };
        return IsUnknown(phrase)
            ? phrase with
            {
                Offered = Weights(
                    ear.Words.OfNoun(Lexicon.Default.SingularOf(string.Join(' ', phrase.Noun)), scene.Labels)),
            } : phrase;
    }

    /// <summary>
    /// What is heard as a relation that is sure is one; what holds a word that no dictionary has is not understood.
    /// </summary>
    private Modifier Related(Modifier modifier, ParsedCommand reading, HashSet<UnreadWord> unread)
    {
        if (modifier is not SupposedModifier supposed) return modifier;
        var word = UnreadWord.Of(reading.Tokens, supposed);
        if (!IsEnglish(supposed, reading.Tokens))
        {
            unread.Add(word);
            return supposed with { IsUnread = true };
        }

        if (supposed.Anchor is not { } anchor) return modifier;
        if (ear.Phrases.OfRelation(supposed.Text).Sure(_thresholds.SureOffer) is not { } offer) return modifier;
        var relation = SnakeCase.Parse<SpatialRelation>(offer.Meaning);
        if (relation == SpatialRelation.Between) return modifier;
        unread.Remove(word);
        return new RelationModifier(supposed.Text, relation, [anchor], Negated: false) { Sureness = offer.Probability };
    }

    private bool IsEnglish(SupposedModifier supposed, IReadOnlyList<Token> tokens)
    {
        for (var i = supposed.Words.Start.Value; i < supposed.Words.End.Value && i < tokens.Count; i++)
        {
            if (Lexicon.Default.IsUnknown(tokens[i].Word) && !isWord(tokens[i].Word)) return false;
        }

        return true;
    }

    /// <summary>
    /// Unknown verbs as the actions that they may mean; what is to be avoided is so as the whole task alone.
    /// </summary>
    private ParsedCommand Acting(ParsedCommand command)
    {
        var steps = command.Steps.Select(Acting).ToList();
        return steps is [{ Action: RobotActionKind.Avoid, UnknownVerb.Length: > 0, Target: { } target } avoid]
            ? command with { Steps = [avoid with { Target = null }], Avoid = [new Avoidance(target)] }
            : command with { Steps = steps };
    }

    private CommandStep Acting(CommandStep step)
    {
        if (step.UnknownVerb.Length == 0
            || ear.Phrases.OfAction(step.UnknownOrder).Sure(_thresholds.MinOffer) is not { } offer) return step;
        var action = SnakeCase.Parse<RobotActionKind>(offer.Meaning);
        var fits = step.Destination is null ? action != RobotActionKind.Place
            : action is RobotActionKind.Place or RobotActionKind.Bring;
        if (!fits) return step;
        // Of a verb that no dictionary has, what goes with it alone tells: that is enough to ask, and never to move.
        var most = isWord(step.UnknownVerb) ? 1 : Math.BitDecrement(_thresholds.SureOffer);
        return step with { Action = action, Sureness = Math.Min(offer.Probability, most) };
    }

    /// <summary>Whether no list has a noun, and nothing in sight is called so.</summary>
    private bool IsUnknown(NounPhrase phrase) =>
        phrase is { KnownId: null, Called: null, IsSpeaker: false }
        && !Combination.IsKnown(phrase, LabelMatcher.Match(phrase, scene));

    private Dictionary<string, double> Weights(Offers offers) =>
        offers.Ranked.Where(offer => offer.Probability >= _thresholds.MinOffer / 2)
            .ToDictionary(offer => offer.Meaning, offer => offer.Probability);
}
