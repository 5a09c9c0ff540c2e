namespace EdgePerception.Policy.Language;

/// <summary>What of an utterance tells whether it is an order.</summary>
internal static class SpokenOrder
{
    private static readonly HashSet<string> Fillers =
    [
        "<politeness>", "<trailing>", "<names>", "<hesitations>", "<expletive>", "<greetings>", "<thanks>",
        "<requester>",
    ];

    /// <summary>
    /// The words of a reading without those that stand in a closed list of fillers ("would you", "please", "robot"),
    /// with "it" for what an object is called, which is no English, and without what an object sounds like ("that is
    /// clapping"), which tells of the world and sounds like telling.
    /// </summary>
    public static string Of(ParsedCommand reading)
    {
        var (isFiller, isName) = (new bool[reading.Tokens.Count], new bool[reading.Tokens.Count]);
        foreach (var node in reading.Pieces.SelectMany(piece => piece.All()))
        {
            if (Fillers.Contains(node.Label)) isFiller.AsSpan(node.Start..node.End).Fill(true);
            if (node.Child("noun") is { } noun && node.Children.FirstOrDefault(IsSound) is { } sound
                && sound.Start >= noun.End)
                isFiller.AsSpan(noun.End..sound.End).Fill(true);
            if (node.Label is "name" or "number" or "called" or "spelled")
                isName.AsSpan(node.Start..node.End).Fill(true);
        }

        var words = reading.Tokens.Select((token, i) => isName[i]
            ? i > 0 && isName[i - 1] ? "" : "it"
            : isFiller[i] ? "" : token.Surface);
        return string.Join(' ', words.Where(word => word.Length > 0));
    }

    private static bool IsSound(ParseNode node) => node.Label is "sound" or "engine" or "source" or "noise";
}
