using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>Decides for a description whether its object is found, missing, or to be asked for.</summary>
internal sealed class Chooser(DescriptionResolver resolver, QuestionWriter questions, EvidenceWriter evidence, Combination? combination)
{
    private readonly GroundingThresholds _thresholds = resolver.Scene.Thresholds;

    /// <summary>Decides about one description.</summary>
    public Choice Choose(NounPhrase said)
    {
        var phrase = resolver.Attached(said);
        var referents = resolver.Resolve(phrase);
        referents.Posterior ??= combination?.Weigh(said, phrase, referents);
        if (referents.Posterior is { } posterior) return Decide(phrase, referents, posterior);
        return phrase.Quantity is Quantity.All or Quantity.Exactly or Quantity.AnyOf && phrase.Alternatives.Count == 0
            ? Several(phrase, referents)
            : One(phrase, referents);
    }

    /// <summary>All objects that fit more likely than not, nearest to certain first.</summary>
    public int[] Members(Referents referents) =>
        [.. Enumerable.Range(0, referents.Fits.Length).Where(i => referents.Fits[i] >= _thresholds.Member)
            .OrderByDescending(i => Math.Round(referents.Fits[i], 3)).ThenBy(i => i)];

    /// <summary>The conformal set decides: one object in it and nothing else is acted on, none at all is absent, all else is asked.</summary>
    private Choice Decide(NounPhrase phrase, Referents referents, Posterior posterior)
    {
        if (posterior.IsAbsent) return Absent(phrase, referents, posterior.None);
        if (!posterior.Acts) return Unclear(phrase, referents, posterior.Several);
        // A clause that the rules can check outweighs any opinion; which one is first they can tell only if they read it all.
        var checkable = Combination.ReadingOf(phrase, referents.Noun, resolver.Scene) switch
        {
            RuleReading.Whole => phrase,
            RuleReading.Partly => phrase with { Modifiers = [.. phrase.Modifiers.Where(modifier => modifier is not SelectionModifier { IsRegion: false })] },
            _ => null,
        };
        if (checkable is not null && Doubt(checkable, posterior.Top) is { } clause) return Doubtful(phrase, referents, posterior.Top, clause);
        return Act(phrase, referents, posterior.Top, posterior.Best);
    }

    private Choice One(NounPhrase phrase, Referents referents)
    {
        var (none, single, _) = referents.Weighed(_thresholds);
        var top = single.Length == 0 ? -1 : Array.IndexOf(single, single.Max());
        if (top < 0 || none >= _thresholds.Absent) return Absent(phrase, referents, none);
        if (single[top] >= _thresholds.LeastAct && single[top] / (1 - none) >= _thresholds.Act)
        {
            if (Doubt(phrase, top) is { } clause) return Doubtful(phrase, referents, top, clause);
            return Act(phrase, referents, top, single[top]);
        }

        return Unclear(phrase, referents, Math.Max(0, 1 - none - single[top]));
    }

    private static Choice Act(NounPhrase phrase, Referents referents, int index, double confidence) => new()
    {
        Outcome = GroundingOutcome.Act,
        Phrase = phrase,
        Referents = referents,
        Chosen = [index],
        Confidence = confidence,
    };

    private Choice Unclear(NounPhrase phrase, Referents referents, double confidence) => new()
    {
        Outcome = GroundingOutcome.Clarify,
        Phrase = phrase,
        Referents = referents,
        Confidence = confidence,
        Question = questions.Which(phrase, referents),
        Reason = questions.WhyUnclear(phrase, referents),
    };

    /// <summary>A clause that does not hold for the object that comes nearest to the description; an act must not rest on one.</summary>
    private Clause? Doubt(NounPhrase phrase, int index) =>
        phrase.Alternatives.Count > 0 ? null : evidence.Write(phrase, index).Find(clause => !clause.Holds);

    private Choice Doubtful(NounPhrase phrase, Referents referents, int index, Clause clause) => new()
    {
        Outcome = GroundingOutcome.Clarify,
        Phrase = phrase,
        Referents = referents,
        Confidence = 0.6,
        Question = questions.Whether(phrase, resolver.Scene.Objects[index]),
        Reason = $"\"{clause.Text}\" hardly holds: {clause.Evidence}",
    };

    private Choice Several(NounPhrase phrase, Referents referents)
    {
        var members = Members(referents);
        if (members.Length == 0) return Absent(phrase, referents, referents.Weighed(_thresholds).None);
        if (phrase.Quantity != Quantity.All && members.Length < phrase.Count)
            return Mismatch(phrase, referents, members.Length);
        if (phrase.Quantity == Quantity.Exactly && members.Length > phrase.Count)
            return Mismatch(phrase, referents, members.Length);
        if (phrase.Quantity == Quantity.AnyOf) members = members[..phrase.Count];
        return new Choice
        {
            Outcome = GroundingOutcome.Act,
            Phrase = phrase,
            Referents = referents,
            Chosen = members,
            Confidence = Enumerable.Range(0, referents.Fits.Length).Min(i => Math.Max(referents.Fits[i], 1 - referents.Fits[i])),
        };
    }

    private static Choice Mismatch(NounPhrase phrase, Referents referents, int found) => new()
    {
        Outcome = GroundingOutcome.Clarify,
        Phrase = phrase,
        Referents = referents,
        Confidence = 0.8,
        Question = new Question($"I see {found} that fit \"{phrase.Text}\", not {phrase.Count}. Which do you mean?"),
        Reason = $"{found} objects fit \"{phrase.Text}\", and {phrase.Count} were asked for",
    };

    private Choice Absent(NounPhrase phrase, Referents referents, double none) => new()
    {
        Outcome = GroundingOutcome.Absent,
        Phrase = phrase,
        Referents = referents,
        Confidence = referents.Posterior is null ? Math.Max(none, 0.5) : none,
        Reason = questions.WhyAbsent(phrase, referents),
    };
}
