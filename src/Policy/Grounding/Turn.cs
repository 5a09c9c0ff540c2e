using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// A turn of a conversation that the next one may lean on: what is said next edits its record, no words are glued
/// together. Immutable.
/// </summary>
/// <param name="Command">What was said, as it was understood.</param>
/// <param name="Step">Its first step.</param>
/// <param name="Described">The object as it was described; null if the speaker named none.</param>
/// <param name="Answer">The answer.</param>
internal sealed record Turn(ParsedCommand Command, CommandStep Step, NounPhrase? Described, GroundingAnswer Answer)
{
    private const string NothingAsked = "I asked nothing. What is it that you want?";

    /// <summary>What "it" stands for.</summary>
    public NounPhrase? Antecedent
    {
        get
        {
            if (Described is null) return null;
            if (Answer.Target is { } settled) return Known(Described, settled);
            return Open is { } asked && asked.About == Described ? Described with { Among = asked.Ids } : Described;
        }
    }

    private Question? Open => Answer.Asked is { About: not null, Ids.Count: > 0 } asked ? asked : null;

    private string Noun => Described is { Noun.Count: > 0 } described ? string.Join(' ', described.Noun) : "one";

    private string WhichThen => $"Which {Noun} do you mean then?";

    /// <summary>A reading that asks back.</summary>
    public static ParsedCommand Ask(ParsedCommand said, string question) =>
        new(said.Text, [], [], null) { Asks = question, IsFollowUp = true, Price = said.Price, Act = said.Act };

    /// <summary>What is said now as a command that stands for itself.</summary>
    public ParsedCommand Follow(ParsedCommand said)
    {
        if (said.Fragment is { } fragment) return Follow(said, fragment);
        if (said is { Steps: [{ Target: { } target } step], Refusal: null, Unread.Count: 0 })
        {
            if (target.IsOther) return Other(said, target, step);
            if (Open is { Ids.Count: > 1 } asked && target is { KnownId: null, Among: null, Called: null }
                && target.Noun.SequenceEqual(asked.About!.Noun))
                return said with
                {
                    Steps = [step with { Target = target with { Among = asked.Ids } }],
                    IsFollowUp = true,
                };
        }

        return said;
    }

    private ParsedCommand Follow(ParsedCommand said, Fragment fragment)
    {
        if (fragment.Contradicts) return Ask(said, Answer.Question ?? WhichThen);
        if (fragment.IsBare && fragment.Agrees && Answer.Asked is { SaysAll: true, About: null })
            return Agreed(said, []);
        if (fragment.IsBare && fragment.Agrees)
            return Open is { Ids: [var only] } asked ? Settle(said, Known(asked.About!, only))
                : Ask(said, Answer.Question ?? NothingAsked);
        if (fragment is { IsBare: true, Excluded: { } excluded } && Described is not null) return But(said, excluded);
        if (fragment.IsBare) return Ask(said, WhichThen);
        if (fragment.Objects.Count > 1)
            return Again(said, [.. fragment.Objects.Select(phrase => Step with { Target = phrase })]);
        var meant = fragment.Objects is [var named] ? named : fragment.Part!;
        // "yes, the knife", of a question about the bowl.
        if (fragment.Agrees && meant.Noun.Count > 0 && !meant.IsAnaphor && Open is { Ids.Count: 1 } asks
            && !meant.Noun.SequenceEqual(asks.About!.Noun))
            return Ask(said, Answer.Question!);
        if (fragment.IsPlace && Step.Action is RobotActionKind.Place or RobotActionKind.Bring)
            return Again(said, [Step with { Destination = meant, DestinationText = "to " + meant.Text }]);
        if (meant.Quantity == Quantity.None) return Ask(said, WhichThen);
        if (meant.IsOther) return Other(said, meant, null);
        // "Any will do" answers a question alone.
        if (Open is null && meant is { Noun.Count: 0, Modifiers.Count: 0, Called: null })
            return Ask(said, NothingAsked);
        return Open is { } question ? Answered(said, fragment, meant, question) : Instead(said, meant);
    }

    /// <summary>An answer to the robot's question: one of the objects that it named, or another one.</summary>
    private ParsedCommand Answered(ParsedCommand said, Fragment fragment, NounPhrase meant, Question asked)
    {
        var about = asked.About!;
        var chooses = meant.Noun.Count == 0 || meant.IsAnaphor || meant.Noun.SequenceEqual(about.Noun)
            || meant.Called is not null;
        meant = meant with
        {
            Noun = chooses && (meant.Noun.Count == 0 || meant.IsAnaphor) ? about.Noun : meant.Noun,
            Among = chooses && asked.Ids.Count > 1 ? asked.Ids : null,
        };
        // What was denied is not meant, however well the new words fit it.
        return Settle(said, fragment.Denies && asked.Ids is [var only] ? Without(meant, only) : meant);
    }

    /// <summary>"not the red one": another one of those.</summary>
    private ParsedCommand But(ParsedCommand said, NounPhrase excluded)
    {
        if (excluded.Noun.Count == 0) excluded = excluded with { Noun = Described!.Noun };
        var bare =
            Described! with
            {
                Modifiers = [new ExclusionModifier("not " + excluded.Text, excluded)],
                Alternatives = [],
                Quantity = Quantity.One,
                KnownId = null,
            };
        return Open is { } question ? Settle(said, bare with { Among = question.Ids.Count > 1 ? question.Ids : null })
            : Again(said, [Step with { Target = bare }]);
    }

    /// <summary>"the red one", "what about the bottle": the action of before with another object.</summary>
    private ParsedCommand Instead(ParsedCommand said, NounPhrase meant)
    {
        // "no, in the bowl" corrects where to, not what.
        if (Step.Destination is not null
            && meant is { Noun.Count: 0, IsNamed: false, Modifiers: [RelationModifier { Anchors: [var place] }] })
            return Again(said, [Step with { Destination = place, DestinationText = meant.Text }]);
        if (meant.Noun.Count == 0 && Described is not null) meant = meant with { Noun = Described.Noun };
        return Again(said, [Step with { Target = meant }]);
    }

    /// <summary>"the other one": another of the same kind, whatever else was said of the first.</summary>
    private ParsedCommand Other(ParsedCommand said, NounPhrase meant, CommandStep? step)
    {
        var settled = Answer.Target ?? (Open is { Ids: [var only] } ? only : null);
        if (settled is null || Described is null)
            return step is not null ? said : Ask(said, Answer.Question ?? $"Which {Noun} do you mean?");
        meant =
            meant with
            {
                Text = "the other " + (meant.Noun.Count == 0 ? Noun : string.Join(' ', meant.Noun)),
                Noun = meant.Noun.Count == 0 ? Described.Noun : meant.Noun,
            };
        meant = Without(meant, settled);
        return Open is not null && step is null ? Settle(said, meant)
            : Again(said, [(step ?? Step) with { Target = meant }]);
    }

    /// <summary>The whole command of before, with what was asked about settled.</summary>
    private ParsedCommand Settle(ParsedCommand said, NounPhrase meant)
    {
        var (about, isMade) = (Open!.About!.Text, false);
        var editor = new PhraseEditor(phrase =>
        {
            if (phrase.Text != about) return phrase;
            isMade = true;
            return meant;
        });
        var unread = Open.SaysAll ? [] : Command.Unread.Select(word => word with { Place = default });
        var settled = editor.In(Agreed(said, [.. unread]));
        return isMade ? settled : Ask(said, Answer.Question!);
    }

    /// <summary>
    /// The command of before, said again by who agrees to it, and to what the robot made of an unknown verb.
    /// </summary>
    private ParsedCommand Agreed(ParsedCommand said, IReadOnlyList<UnreadWord> unread) => Command with
    {
        Steps = [.. Command.Steps.Select(step => step with { UnknownVerb = "" })],
        Text = said.Text,
        Tokens = [],
        Unread = unread,
        IsWithin = false,
        IsFollowUp = true,
        Price = said.Price,
    };

    /// <summary>What was asked for before, done once more with another object.</summary>
    private ParsedCommand Again(ParsedCommand said, IReadOnlyList<CommandStep> steps) =>
        new(said.Text, steps, Command.Avoid, null) { IsFollowUp = true, Price = said.Price, Act = SpeechAct.Order };

    private static NounPhrase Known(NounPhrase described, string id) => new()
    {
        Text = described.Noun.Count > 0 ? "the " + string.Join(' ', described.Noun) : "it",
        Noun = described.Noun,
        IsNamed = true,
        KnownId = id,
    };

    private static NounPhrase Without(NounPhrase phrase, string id) =>
        phrase with { Modifiers = [.. phrase.Modifiers, new ExclusionModifier("other than that", Known(phrase, id))] };
}
