namespace EdgePerception.Policy.Language;

/// <summary>A way to cut an utterance into pieces of the grammar; words that no piece holds are unread.</summary>
/// <param name="Price">The sum of the pieces, of the words left out and of joints without a pause.</param>
/// <param name="Pieces">The pieces in order.</param>
/// <param name="Unread">The places of the words left out.</param>
internal sealed record UtterancePath(float Price, IReadOnlyList<ParseNode> Pieces, IReadOnlyList<int> Unread);

/// <summary>Finds the cheapest ways to cut an utterance into pieces, by dynamic programming over the chart.</summary>
internal static class UtterancePaths
{
    private const int Best = 10;

    /// <summary>What a word costs that is left out.</summary>
    public const float PriceOfUnread = 6;

    private const float PriceOfJoint = 4f;

    /// <summary>The cheapest ways, at most ten, cheapest first.</summary>
    public static List<UtterancePath> Find(Chart chart, Grammar grammar, IReadOnlyList<Token> tokens)
    {
        var best = new List<Step>[tokens.Count + 1];
        best[0] = [new Step(0, 0, 0, -1, -1)];
        for (var end = 1; end <= tokens.Count; end++)
        {
            var steps = best[end] = [];
            for (var rank = 0; rank < best[end - 1].Count; rank++)
                Keep(steps, new Step(best[end - 1][rank].Price + PriceOfUnread, end - 1, rank, -1, -1));
            for (var start = Math.Max(0, end - Chart.Widest); start < end; start++)
            {
                var joint = start == 0 || tokens[start].Pause != Pause.None ? 0 : PriceOfJoint;
                Extend(best, steps, chart, grammar.Pieces, start, end, joint);
                Extend(best, steps, chart, grammar.Linked, start, end, 0);
            }
        }

        return [.. Enumerable.Range(0, best[^1].Count).Select(rank => Path(best, chart, rank))];
    }

    private static void Extend(
        List<Step>[] best, List<Step> steps, Chart chart, int symbol, int start, int end, float joint)
    {
        var derivations = chart.Derivations(symbol, start, end - start);
        for (var derivation = 0; derivation < derivations; derivation++)
        {
            var price = chart.Price(symbol, start, end - start, derivation) + joint;
            for (var rank = 0; rank < best[start].Count; rank++)
                if (!Keep(steps, new Step(best[start][rank].Price + price, start, rank, derivation, symbol))) break;
        }
    }

    private static UtterancePath Path(List<Step>[] best, Chart chart, int rank)
    {
        var pieces = new List<ParseNode>();
        var unread = new List<int>();
        var step = best[^1][rank];
        var price = step.Price;
        for (var end = best.Length - 1; end > 0; end = step.Start, step = best[end][step.Rank])
        {
            if (step.Derivation < 0) unread.Add(step.Start);
            else pieces.InsertRange(0, Parts(chart.Tree(step.Symbol, step.Start, end - step.Start, step.Derivation)));
            if (step.Start == 0) break;
        }

        unread.Reverse();
        return new UtterancePath(price, pieces, unread);
    }

    /// <summary>Pieces that the grammar joins are pieces each.</summary>
    private static IEnumerable<ParseNode> Parts(ParseNode node) =>
        node.Label is Grammar.LinkedPiece or Grammar.Piece ? node.Children : [node];

    private static bool Keep(List<Step> steps, Step step)
    {
        var place = steps.Count;
        while (place > 0 && steps[place - 1].Price > step.Price) place--;
        if (place == Best) return false;
        steps.Insert(place, step);
        if (steps.Count > Best) steps.RemoveAt(Best);
        return true;
    }

    /// <summary>
    /// The last piece of a way: from where, after which way, which derivation of which symbol; −1 for a word left out.
    /// </summary>
    private readonly record struct Step(float Price, int Start, int Rank, int Derivation, int Symbol);
}
