namespace EdgePerception.Policy.Language;

/// <summary>What of an utterance tells whether it is an order.</summary>
internal static class SpokenOrder
{
    private static readonly HashSet<string> Fillers =
        ["<politeness>", "<trailing>", "<names>", "<hesitations>", "<expletive>", "<greetings>", "<thanks>", "<requester>"];

    /// <summary>
    /// The words of a reading without those that stand in a closed list of fillers ("would you", "please", "robot"), and
    /// with "it" for what an object is called, which is no English.
    /// </summary>
    public static string Of(ParsedCommand reading)
    {
        var left = new bool[reading.Tokens.Count];
        var named = new bool[reading.Tokens.Count];
        foreach (var node in reading.Pieces.SelectMany(piece => piece.All()))
        {
            if (Fillers.Contains(node.Label)) Array.Fill(left, true, node.Start, node.End - node.Start);
            if (node.Label is "name" or "number" or "called" or "spelled") Array.Fill(named, true, node.Start, node.End - node.Start);
        }

        var words = new List<string>();
        for (var i = 0; i < left.Length; i++)
        {
            if (named[i] && (i == 0 || !named[i - 1])) words.Add("it");
            else if (!left[i] && !named[i] && reading.Tokens[i].Surface.Length > 0) words.Add(reading.Tokens[i].Surface);
        }

        return string.Join(' ', words);
    }
}
