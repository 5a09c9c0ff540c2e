namespace EdgePerception.Policy.Commands;

/// <summary>
/// Understands English commands for the robot: deterministic, without any model. The grammar is a recursive descent over
/// the phrases of <c>lexicon.txt</c>. Thread-safe; never throws for any text; time is bounded because at most 2,000
/// characters are read. What is not understood is refused with a reason rather than guessed.
/// </summary>
public static class CommandParser
{
    /// <summary>Longest command that is read, in characters as <see cref="LengthOf"/> counts them.</summary>
    public const int MaxLength = 2000;

    private static readonly HashSet<string> Hesitations = ["um", "uh", "er", "erm", "uhm", "ehm", "hmm", "hm", "mhm", "umm", "uhh", "err"];

    /// <summary>Words after which "like" only fills ("bring me like the cup").</summary>
    private static readonly HashSet<string> BeforeLike = ["me", "us", "up", "to", "at"];

    /// <summary>
    /// How long a text is in characters, which are Unicode code points everywhere: an emoji is one, though .NET's
    /// strings hold two units for it.
    /// </summary>
    public static int LengthOf(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes()) length++;
        return length;
    }

    /// <summary>Reads a command as spoken or written, with or without punctuation.</summary>
    /// <param name="text">The command; any text is accepted.</param>
    public static ParsedCommand Parse(string? text) => Parse(text, []);

    /// <summary>Reads a command when the labels in sight are known, which then are nouns whatever else they could be.</summary>
    /// <param name="text">The command; any text is accepted.</param>
    /// <param name="labels">Labels in lower case, words apart by one space.</param>
    /// <param name="antecedent">What "it" and "one" stand for before the command itself names anything.</param>
    internal static ParsedCommand Parse(string? text, IReadOnlyCollection<string> labels, NounPhrase? antecedent = null)
    {
        text ??= "";
        if (StopPhrases.IsStop(text))
            return new ParsedCommand(text, [new CommandStep(RobotActionKind.Stop, null, null)], [], null);
        if (LengthOf(text) > MaxLength) return Refuse(text, RefusalRules.Check(text, [])!);
        var raw = Tokenizer.Tokenize(text);
        if (RefusalRules.Check(text, raw) is { } refusal) return Refuse(text, refusal);
        var lexicon = Lexicon.Default;
        var sight = new PhraseTable<string>();
        foreach (var label in labels)
        {
            sight.Add(label, label);
            sight.Add(label + "s", label);
        }

        HashSet<string> named = [.. sight.Words];
        var tokens = Mend(WithoutHesitation(raw, named), lexicon, named);
        var clauses = new ClauseParser(new Sentence(tokens, lexicon, sight) { LastObject = antecedent });
        var parsed = clauses.Parse(text);
        return parsed with
        {
            Antecedent = antecedent,
            Mended = [.. tokens.Where(token => token.Mended).Select(token => token.Surface)],
            IsCorrected = Enumerable.Range(0, tokens.Count).Any(at => lexicon.Corrections.Match(tokens, at, out _) > 0),
        };
    }

    /// <summary>
    /// Drops the sounds that speakers make while they think and the words that they begin twice ("pick pick up"); the
    /// pause around them stays.
    /// </summary>
    private static List<Token> WithoutHesitation(List<Token> tokens, HashSet<string> named)
    {
        var fluent = tokens.Where((token, i) => !Hesitations.Contains(token.Word) && !(token.Word == "like" && i > 0 && BeforeLike.Contains(tokens[i - 1].Word))).ToList();
        for (var i = fluent.Count - 1; i > 0; i--)
        {
            if (fluent[i].Pause == Pause.None && fluent[i].Word == fluent[i - 1].Word && !named.Contains(fluent[i].Word)) fluent.RemoveAt(i);
        }

        return fluent;
    }

    private static List<Token> Mend(List<Token> tokens, Lexicon lexicon, HashSet<string> protectedWords)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (protectedWords.Contains(tokens[i].Word)) continue;
            if (Spelling.Mend(tokens[i].Word, lexicon) is { } mended) tokens[i] = tokens[i] with { Word = mended, Mended = true };
        }

        return tokens;
    }

    private static ParsedCommand Refuse(string text, string reason) => new(text, [], [], reason);
}
