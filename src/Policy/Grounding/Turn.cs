using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>A turn of a conversation that the next one may lean on. Immutable.</summary>
/// <param name="Command">What was said, as it was understood.</param>
/// <param name="Step">Its first step.</param>
/// <param name="Described">The object as it was described; none where the speaker named none.</param>
/// <param name="Answer">The answer.</param>
internal sealed record Turn(ParsedCommand Command, CommandStep Step, NounPhrase? Described, GroundingAnswer Answer)
{
    // Any verb that takes an object and nothing else will do to read a description by itself.
    private const string Neutral = "pick up";

    private Question? Open => Answer.Asked is { About: not null, Ids.Count: > 0 } asked ? asked : null;

    /// <summary>What is said now as a command that stands for itself.</summary>
    public ParsedCommand Follow(Utterance said)
    {
        if (said.Command.NamesNoAction && said.Agrees && said.IsBare)
            return Open is { Ids: [var only] } asked ? Settle(said, Known(asked.About!, only)) : said.Ask(Answer.Question ?? "I asked nothing. What is it that you want?");
        if ((said.Denies || said.Excludes) && said.IsBare) return said.Ask($"Which {Noun} do you mean then?");
        if (Open is { } choice && (said.Text is "all" or "all of them" || (said.Text is "both" or "both of them" && choice.Ids.Count == 2)))
            return Settle(said, choice.About! with { Text = said.Text, Quantity = Quantity.All, Among = choice.Ids });
        if (said.Other is { } other) return Other(said, other);
        if (!said.Command.NamesNoAction && !said.Command.IsTakenBack && !said.IsElliptic && said.Command.Refusal is null) return WithVerb(said);
        if (said.IsStatement) return said.Command;
        return (Open is null ? Fragment(said) : Answered(said)) ?? said.Command;
    }

    /// <summary>A command with a verb of its own, in which "it" or "one" may stand for what was meant before.</summary>
    private ParsedCommand WithVerb(Utterance said)
    {
        var parsed = CommandParser.Parse(said.Command.Text, [], Antecedent());
        if (Nouns(parsed) == Nouns(said.Command)) return said.Command;
        return Open is { } asked && parsed.Steps is [{ Target: { KnownId: null, Among: null } target } step] && target.Noun.SequenceEqual(asked.About!.Noun)
            && asked.Ids.Count > 1
            ? parsed with { Steps = [step with { Target = target with { Among = asked.Ids } }], IsFollowUp = true }
            : parsed;
    }

    /// <summary>An answer to the robot's question: a description of one of the objects that it named.</summary>
    private ParsedCommand? Answered(Utterance said)
    {
        var about = Open!.About!;
        if (Parse(said, Neutral, about) is not { Destination: null, Target: { } target }) return null;
        // Another noun is another object.
        var chooses = target.Noun.Count == 0 || target.Noun.SequenceEqual(about.Noun);
        target = target with { Noun = chooses ? about.Noun : target.Noun, Among = chooses && Open.Ids.Count > 1 ? Open.Ids : null };
        // What was denied is not meant, however well the new words fit it.
        return Settle(said, said.Denies && Open.Ids is [var only] ? Without(target, only) : target);
    }

    /// <summary>"the red one", "what about the bottle": the verb of before with another object.</summary>
    private ParsedCommand? Fragment(Utterance said)
    {
        if (SupposedVerb.For(Step.Action) is not { } verb || Parse(said, verb, Described) is not { Target: { } target } next) return null;
        // "no, in the bowl" corrects where to, not what.
        if (next.Destination is not null && target is { Noun.Count: 0, Modifiers.Count: 0 })
            return Antecedent() is { } same ? Again(said, next with { Target = same }) : null;
        // "on the left" alone says where, not what.
        if (target.Noun.Count == 0 && Described is not null) target = target with { Noun = Described.Noun };
        return Again(said, Step with { Target = target });
    }

    private static CommandStep? Parse(Utterance said, string verb, NounPhrase? described)
    {
        var text = !said.Excludes ? $"{verb} {said.Text}" : said.GoesOn ? $"{verb} not {said.Text}" : $"{verb} the {Name(described)} but not {said.Text}";
        return CommandParser.Parse(text, [], described is null ? null : Bare(described)) is { Steps: [var step], Avoid.Count: 0 } ? step : null;
    }

    /// <summary>"the other one": another of the same kind, whatever else was said of the first.</summary>
    private ParsedCommand Other(Utterance said, string rest)
    {
        var settled = Answer.Target ?? (Open is { Ids: [var only] } ? only : null);
        if (settled is null || Described is null || CommandParser.Parse($"{Neutral} the {rest}", [], Bare(Described)).Steps is not [{ Target: { } target }])
            return said.Ask(Answer.Question ?? $"Which {Noun} do you mean?");
        target = target with
        {
            Text = "the other " + (rest == "one" ? Noun : rest),
            Noun = target.Noun.Count == 0 ? Described.Noun : target.Noun,
        };
        target = Without(target, settled);
        if (Open is not null && said.Command.Steps.Count == 0) return Settle(said, target);
        return Again(said, (said.Command.Steps is [var own] ? own : Step) with { Target = target });
    }

    /// <summary>What "it" stands for.</summary>
    private NounPhrase? Antecedent()
    {
        if (Described is null) return null;
        if (Answer.Target is { } settled) return Known(Described, settled);
        return Open is { } asked && asked.About == Described ? Described with { Among = asked.Ids } : Described;
    }

    /// <summary>The whole command of before, with what was asked about settled.</summary>
    private ParsedCommand Settle(Utterance said, NounPhrase meant)
    {
        var replacement = new Replacement(Open!.About!.Text, meant);
        var settled = Command with
        {
            Text = said.Command.Text,
            Steps = [.. Command.Steps.Select(step => step with { Target = replacement.In(step.Target), Destination = replacement.In(step.Destination) })],
            Avoid = [.. Command.Avoid.Select(phrase => replacement.In(phrase)!)],
            IsFollowUp = true,
        };
        return replacement.IsMade ? settled : said.Ask(Answer.Question!);
    }

    /// <summary>What was asked for before, done once more with another object.</summary>
    private ParsedCommand Again(Utterance said, CommandStep step) => new(said.Command.Text, [step], Command.Avoid, null) { IsFollowUp = true };

    private string Noun => Name(Described);

    private static string Name(NounPhrase? described) => described is { Noun.Count: > 0 } ? string.Join(' ', described.Noun) : "one";

    private static NounPhrase Bare(NounPhrase described) => described with { Modifiers = [], Alternatives = [], Quantity = Quantity.One };

    private static NounPhrase Known(NounPhrase described, string id) => new()
    {
        Text = described.Noun.Count > 0 ? "the " + string.Join(' ', described.Noun) : "it",
        Noun = described.Noun,
        IsNamed = true,
        KnownId = id,
    };

    private static NounPhrase Without(NounPhrase phrase, string id) =>
        phrase with { Modifiers = [.. phrase.Modifiers, new ExclusionModifier("other than that", Known(phrase, id))] };

    /// <summary>What a command is about, to tell whether the turn before made a difference.</summary>
    private static string Nouns(ParsedCommand command) => string.Join('|', command.Steps.SelectMany(step => new[] { step.Target, step.Destination })
        .Concat(command.Avoid).OfType<NounPhrase>().SelectMany(WithAnchors).Select(phrase => $"{phrase.KnownId} {string.Join(' ', phrase.Noun)}"));

    private static IEnumerable<NounPhrase> WithAnchors(NounPhrase phrase) =>
        phrase.Modifiers.OfType<RelationModifier>().SelectMany(relation => relation.Anchors).SelectMany(WithAnchors).Prepend(phrase);
}
