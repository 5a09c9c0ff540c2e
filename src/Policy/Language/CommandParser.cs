namespace EdgePerception.Policy.Language;

/// <summary>
/// Understands English commands for the robot: deterministic, without any model. One chart parse over the grammar files
/// and the lexicon gives the likeliest readings. Thread-safe; never throws for any text; time and memory are bounded,
/// because at most 100 words are parsed.
/// </summary>
public static class CommandParser
{
    /// <summary>Longest command that is read, in characters as <see cref="LengthOf"/> counts them.</summary>
    public const int MaxLength = 2000;

    /// <summary>Longest command that is parsed, in words; a longer one is asked to be shorter.</summary>
    public const int MaxWords = 100;

    private const int MaxReadings = 6;
    private const double MaxDearer = 3;

    /// <summary>
    /// How long a text is in characters, which are Unicode code points everywhere: an emoji is one, though .NET's
    /// strings hold two units for it.
    /// </summary>
    public static int LengthOf(string text) => text.EnumerateRunes().Count();

    /// <summary>Reads grammar and lexicon ahead, so that the first command does not wait for them.</summary>
    /// <exception cref="InvalidDataException">A file has a fault; the message names file and row.</exception>
    public static void Load() => _ = Parse("look ahead");

    /// <summary>The likeliest reading of a command as spoken or written, with or without punctuation.</summary>
    /// <param name="text">The command; any text is accepted.</param>
    public static ParsedCommand Parse(string? text) => Readings(text, SceneWords.None)[0];

    /// <summary>The readings of a command, likeliest first; at least one.</summary>
    /// <param name="text">The command; any text is accepted.</param>
    /// <param name="words">What the scene adds to the lexicon.</param>
    /// <param name="antecedent">What "it" and "one" stand for before the command itself names anything.</param>
    internal static IReadOnlyList<ParsedCommand> Readings(string? text, SceneWords words, NounPhrase? antecedent = null)
    {
        text ??= "";
        if (StopDetector.IsStop(text))
        {
            var stop = new CommandStep(RobotActionKind.Stop, null, null);
            return [new ParsedCommand(text, [stop], [], null) { Act = SpeechAct.Order }];
        }

        if (TextRules.Check(text) is { } refusal) return [new ParsedCommand(text, [], [], refusal)];
        var tokens = Tokenizer.Tokenize(text, Lexicon.Default);
        return TextRules.Check(tokens, Lexicon.Default, words) is { } reason
            ? [new ParsedCommand(text, [], [], reason)]
            : Readings(text, tokens, words, antecedent);
    }

    /// <summary>
    /// The order that stands inside of an utterance whose rest means nothing to the grammar; null if there is none,
    /// or where its clause or what follows holds a word that could limit the order or take it back.
    /// </summary>
    /// <param name="reading">An utterance that was read as no order; one that was refused unread holds none.</param>
    /// <param name="words">What the scene adds to the lexicon.</param>
    internal static ParsedCommand? Within(ParsedCommand reading, SceneWords words)
    {
        var (tokens, lexicon) = (reading.Tokens, Lexicon.Default);
        var (chart, symbol) = (Filled(tokens, words), Grammar.Default.Find("Ordered"));
        var spans = from start in Enumerable.Range(0, tokens.Count)
                    from length in Enumerable.Range(1, Math.Min(Chart.Widest, tokens.Count - start))
                    where chart.Derivations(symbol, start, length) > 0
                    orderby length - chart.Price(symbol, start, length, 0) descending
                    select (start, length);
        foreach (var (start, length) in spans.Take(MaxReadings))
        {
            var end = start + length;
            int[] rest = [.. Enumerable.Range(0, tokens.Count).Where(place => place < start || place >= end)];
            // What a pause parts from the order, and stands before it, tells of something else.
            var clause = Enumerable.Range(0, start + 1).Last(place => place == 0 || tokens[place].Pause != Pause.None);
            if (rest.Length == 0) continue;
            if (rest.Any(place => place >= clause && lexicon.NotPlain.Contains(tokens[place].Word))) continue;
            try
            {
                var (price, tree) = (chart.Price(symbol, start, length, 0), chart.Tree(symbol, start, length, 0));
                var path = new UtterancePath(price, [tree], rest);
                var order = new ReadingBuilder(reading.Text, tokens, lexicon, null).Build(path);
                if (order is { Refusal: null, Asks: null, Incomplete: RobotActionKind.None, Constraints.Count: 0 })
                {
                    UnreadWord[] unread = [.. Unread(tokens, 0, start), .. Unread(tokens, end, tokens.Count)];
                    return order with { IsWithin = true, Unread = unread };
                }
            }
            catch (ReadingException)
            {
                continue;
            }
        }

        return null;
    }

    /// <summary>Words that stand together, as one.</summary>
    private static IEnumerable<UnreadWord> Unread(IReadOnlyList<Token> tokens, int start, int end) => start == end ? []
        : [new UnreadWord(Token.Text(tokens, start, end), tokens[start].Place.Start..tokens[end - 1].Place.End)];

    private static Chart Filled(IReadOnlyList<Token> tokens, SceneWords words)
    {
        var chart = new Chart(Grammar.Default, tokens);
        Terminals.Fill(chart, tokens, Lexicon.Default, words);
        chart.Fill(words.Limit);
        return chart;
    }

    private static List<ParsedCommand> Readings(
        string text, List<Token> tokens, SceneWords words, NounPhrase? antecedent)
    {
        var lexicon = Lexicon.Default;
        var chart = Filled(tokens, words);
        var readings = new List<ParsedCommand>();
        var meanings = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in UtterancePaths.Find(chart, Grammar.Default, tokens))
        {
            words.Limit.Check();
            if (readings.Count > 0 && path.Price > readings[0].Price + MaxDearer) break;
            try
            {
                var reading = new ReadingBuilder(text, tokens, lexicon, antecedent).Build(path);
                // Many trees mean the same.
                if (meanings.Add(ReadingTree.Summarize(reading))) readings.Add(reading);
            }
            catch (ReadingException)
            {
                continue;
            }

            if (readings.Count == MaxReadings) break;
        }

        return readings.Count > 0 ? readings : [Nothing(text, tokens)];
    }

    private static ParsedCommand Nothing(string text, List<Token> tokens) => new(text, [], [], Wording.NoAction)
    {
        Tokens = tokens,
        Unread = [.. UnreadWord.Of(tokens, Enumerable.Range(0, tokens.Count))],
    };
}
