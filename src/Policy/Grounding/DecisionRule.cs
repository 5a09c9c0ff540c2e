using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>Decides for a description whether its object is found, missing, or to be asked for.</summary>
internal sealed class DecisionRule(
    DescriptionResolver resolver, QuestionWriter questions, ClauseChecks checks, EvidenceWriter evidence,
    Combination? combination)
{
    // From here on an object may be the one that an order means.
    private const double Open = 0.1;

    private readonly GroundingThresholds _thresholds = resolver.Scene.Thresholds;

    /// <summary>Decides about one description.</summary>
    public Resolution Choose(NounPhrase phrase)
    {
        var referents = resolver.Resolve(phrase);
        referents.Posterior ??= combination?.Weigh(phrase, referents);
        if (phrase.Quantity == Quantity.AllBut) return Unclear(phrase, referents);
        if (phrase.KnownId is null && Unsure(phrase, referents) is { } unsure) return unsure;
        if (Apart(phrase) is { } apart) return Apart(phrase, referents, apart);
        // What an unknown adjective says must tell some of them apart to be a choice: of one dog, "the imaginary dog"
        // is none.
        var alike = referents.Noun.Weights.Count(weight => weight > 0);
        var unknown = phrase.Modifiers.OfType<SupposedModifier>()
            .FirstOrDefault(modifier => referents.Posterior is null || (modifier.Anchor is null && alike == 1));
        if (unknown is not null && referents.Noun.Best > 0) return NotUnderstood(phrase, referents, unknown);
        if (referents.Posterior is { } posterior) return Decide(phrase, referents, posterior);
        return phrase.Quantity is Quantity.All or Quantity.Exactly or Quantity.AnyOf && phrase.Alternatives.Count == 0
            ? Several(phrase, referents)
            : One(phrase, referents);
    }

    /// <summary>All objects that fit more likely than not, nearest to certain first.</summary>
    public int[] Members(Referents referents) =>
        [.. Enumerable.Range(0, referents.Fits.Length).Where(i => referents.Fits[i] >= _thresholds.Member)
            .OrderByDescending(i => Math.Round(referents.Fits[i], 3)).ThenBy(i => i)];

    /// <summary>
    /// The conformal set decides: one object in it and nothing else is acted on, none at all is absent, all else is
    /// asked.
    /// </summary>
    private Resolution Decide(NounPhrase phrase, Referents referents, Posterior posterior)
    {
        if (posterior.IsAbsent) return Absent(phrase, referents, posterior.None);
        if (!posterior.Acts) return Unclear(phrase, referents);
        var read = Combination.ReadingOf(phrase, referents.Noun, resolver.Scene);
        // What a word means that nobody knows is an offer, and an offer is asked about.
        if (read == RuleReading.Unknown) return Unknown(phrase, referents, posterior);
        // A clause that the rules can check outweighs any opinion; which one is first they can tell only if they read
        // it all.
        var checkable = read switch
        {
            RuleReading.Whole => phrase,
            RuleReading.Partly =>
                phrase with
                {
                    Modifiers = [
                        .. phrase.Modifiers.Where(modifier => modifier is not SelectionModifier { IsRegion: false })],
                },
            _ => null,
        };
        if (checkable is not null && Doubt(checkable, posterior.Top) is { } clause)
            return Doubtful(phrase, referents, posterior.Top, clause);
        return Act(phrase, referents, posterior.Top, posterior.Best);
    }

    private Resolution Unknown(NounPhrase phrase, Referents referents, Posterior posterior)
    {
        var question = questions.Whether(phrase, resolver.Scene.Objects[posterior.Top]);
        return Ask(phrase, referents, question, $"\"{phrase.Text}\" holds a word that is not known");
    }

    private Resolution One(NounPhrase phrase, Referents referents)
    {
        var (none, single, _) = referents.Weighed(_thresholds);
        var top = single.Length == 0 ? -1 : Array.IndexOf(single, single.Max());
        if (top < 0 || none >= _thresholds.Absent) return Absent(phrase, referents, none);
        if (single[top] >= _thresholds.MinAct && single[top] / (1 - none) >= _thresholds.Act)
        {
            if (Doubt(phrase, top) is { } clause) return Doubtful(phrase, referents, top, clause);
            return Act(phrase, referents, top, single[top]);
        }

        return Unclear(phrase, referents);
    }

    private static Resolution Act(NounPhrase phrase, Referents referents, int index, double confidence) => new()
    {
        Outcome = GroundingOutcome.Act,
        Phrase = phrase,
        Referents = referents,
        Chosen = [index],
        Confidence = confidence,
    };

    private Resolution Unclear(NounPhrase phrase, Referents referents) =>
        Ask(phrase, referents, questions.Which(phrase, referents), questions.WhyUnclear(phrase, referents));

    /// <summary>
    /// A clause that does not hold for the object that comes nearest to the description; an act must not rest on one.
    /// </summary>
    private ClauseCheck? Doubt(NounPhrase phrase, int index) =>
        phrase.Alternatives.Count > 0 ? null : checks.Of(phrase, index).FirstOrDefault(check => !check.Holds);

    private Resolution Doubtful(NounPhrase phrase, Referents referents, int index, ClauseCheck failed)
    {
        var clause = evidence.Write(failed);
        return Ask(phrase, referents, questions.Whether(phrase, resolver.Scene.Objects[index]),
            $"\"{clause.Text}\" hardly holds: {clause.Evidence}");
    }

    private static Resolution Ask(NounPhrase phrase, Referents referents, Question question, string reason) => new()
    {
        Outcome = GroundingOutcome.Clarify,
        Phrase = phrase,
        Referents = referents,
        Question = question,
        Reason = reason,
    };

    private Resolution Several(NounPhrase phrase, Referents referents)
    {
        var members = Members(referents);
        if (members.Length == 0) return Absent(phrase, referents, referents.Weighed(_thresholds).None);
        if (phrase.Quantity != Quantity.All && members.Length < phrase.Count)
            return Mismatch(phrase, referents, members.Length);
        if (phrase.Quantity == Quantity.Exactly && members.Length > phrase.Count)
            return Mismatch(phrase, referents, members.Length);
        if (phrase.Quantity == Quantity.AnyOf) members = members[..phrase.Count];
        return new Resolution
        {
            Outcome = GroundingOutcome.Act,
            Phrase = phrase,
            Referents = referents,
            Chosen = members,
            Confidence = referents.Fits.Aggregate(1.0, (product, fit) => product * Math.Max(fit, 1 - fit)),
        };
    }

    /// <summary>Nobody knows what the words mean: the objects that fit all else are asked about.</summary>
    private Resolution NotUnderstood(NounPhrase phrase, Referents referents, SupposedModifier unknown)
    {
        var which = questions.Which(phrase, referents);
        var question = which with { Text = $"I do not know what \"{unknown.Text}\" means. {which.Text}" };
        return Ask(phrase, referents, question, $"\"{unknown.Text}\" is not understood") with { Unknown = unknown };
    }

    /// <summary>
    /// A description, this or one that it relates to, that orders what different cameras see: nobody can tell that
    /// order.
    /// </summary>
    private NounPhrase? Apart(NounPhrase phrase)
    {
        if (phrase.Modifiers.Any(modifier => modifier is SelectionModifier))
        {
            var referents = resolver.Resolve(phrase);
            var isOne = phrase.Quantity is Quantity.One or Quantity.Any;
            var open =
                resolver.Scene.Objects.Where(item =>
                    isOne ? referents.Single[item.Index] > Open : referents.Fits[item.Index] is > Open and < 1 - Open);
            if (open.Select(item => item.Camera.Name).Distinct().Count() > 1) return phrase;
        }

        return Anchors(phrase).Select(Apart).FirstOrDefault(apart => apart is not null);
    }

    private static IEnumerable<NounPhrase> Anchors(NounPhrase phrase) =>
        phrase.Modifiers.OfType<RelationModifier>().SelectMany(relation => relation.Anchors);

    private Resolution Apart(NounPhrase phrase, Referents referents, NounPhrase apart) =>
        Unclear(phrase, referents) with
        {
            Reason = $"\"{apart.Text}\" is seen by different cameras, whose pictures have no common order",
        };

    /// <summary>
    /// What an unknown noun may mean, itself or in what the description relates to, is asked about unless it is sure.
    /// </summary>
    private Resolution? Unsure(NounPhrase phrase, Referents referents)
    {
        // What the network takes it for as well needs to be but likely.
        var least = referents.Posterior is { Acts: true } ? _thresholds.LikelyOffer : _thresholds.SureOffer;
        if (referents.Noun.IsOffered && referents.Noun.Best < least)
            return Offered(phrase, referents, phrase, referents);
        foreach (var anchor in Anchors(phrase))
        {
            var related = resolver.Resolve(anchor);
            if (related.Noun.IsOffered && related.Noun.Best < _thresholds.SureOffer)
                return Offered(phrase, referents, anchor, related);
        }

        return null;
    }

    private Resolution? Offered(NounPhrase phrase, Referents referents, NounPhrase unknown, Referents offered)
    {
        if (offered.Noun.Best < _thresholds.MinOffer)
        {
            // What the ear does not know, the network alone is not asked about either.
            return referents.Posterior is { Acts: true } posterior ? Unknown(phrase, referents, posterior) : null;
        }

        var which = questions.Which(unknown, offered);
        var question = which with { Text = $"I do not know \"{offered.Noun.Noun}\". {which.Text}" };
        return Ask(phrase, offered, question, $"\"{offered.Noun.Noun}\" stands in no list");
    }

    private static Resolution Mismatch(NounPhrase phrase, Referents referents, int found) => Ask(
        phrase, referents,
        new Question($"I see {found} that fit \"{phrase.Text}\", not {phrase.Count}. Which do you mean?"),
        $"{found} objects fit \"{phrase.Text}\", and {phrase.Count} were asked for");

    private Resolution Absent(NounPhrase phrase, Referents referents, double none) => new()
    {
        Outcome = GroundingOutcome.Absent,
        Phrase = phrase,
        Referents = referents,
        Confidence = none,
        Reason = questions.WhyAbsent(phrase, referents),
    };
}
