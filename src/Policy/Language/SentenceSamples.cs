namespace EdgePerception.Policy.Language;

/// <summary>Sentences drawn from the grammar, with what is meant by them, as training material. Thread-safe.</summary>
public static class SentenceSamples
{
    private const double ShareOfOrders = 0.5;
    private const double ShareOfMorePieces = 0.2;
    private const int MaxPieces = 3;

    private static readonly string[] Kinds =
    [
        .. Grammar.Default.Alternatives.Where(one => one.Symbol == Grammar.Piece).Select(one => one.Label)
            .OfType<string>().Distinct(),
    ];

    /// <summary>Draws sentences: half are orders, the others of every kind alike. By seed always the same.</summary>
    /// <param name="seed">Which ones come.</param>
    /// <returns>
    /// Any number of sentences of at most 20 words; the action is that of the first step, none where nothing would be
    /// done.
    /// </returns>
    public static IEnumerable<(string Text, SpeechAct Act, RobotActionKind Action)> Draw(int seed)
    {
        var random = new Random(seed);
        var sampler = new GrammarSampler(Grammar.Default, Lexicon.Default, SamplerWords.Spoken, random.Next())
        {
            MaxWords = 20,
            Plainness = 0.6,
        };
        while (true)
        {
            var sentence = sampler.Draw(Pieces(random));
            if (sentence.Meaning() is not { } meant) continue;
            var avoid = meant.Avoid.Count > 0 ? RobotActionKind.Avoid : RobotActionKind.None;
            yield return (sentence.Text, meant.Act, meant.Steps.Count > 0 ? meant.Steps[0].Action : avoid);
        }
    }

    private static List<(string, string?)> Pieces(Random random)
    {
        List<(string, string?)> pieces = [(Grammar.Piece, random.NextDouble() < ShareOfOrders ? "order" : Kind())];
        while (pieces.Count < MaxPieces && random.NextDouble() < ShareOfMorePieces)
            pieces.Add(random.Next(2) == 0 ? (Grammar.LinkedPiece, null) : (Grammar.Piece, Kind()));
        return pieces;

        string Kind() => Kinds[random.Next(Kinds.Length)];
    }
}
