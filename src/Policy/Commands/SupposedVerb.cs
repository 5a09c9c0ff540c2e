namespace EdgePerception.Policy.Commands;

/// <summary>
/// Reads a command whose verb the lexicon does not know as if it had one that it knows: "pluck the cup" as "pick up the cup".
/// </summary>
internal static class SupposedVerb
{
    // Longer ways of asking than this hold more than a verb.
    private const int MostWordsBefore = 7;

    private static readonly HashSet<string> Articles = ["the", "that", "this", "a", "an", "my", "those", "these"];

    private static readonly Dictionary<RobotActionKind, string> Verbs = new()
    {
        [RobotActionKind.Pick] = "pick up",
        [RobotActionKind.Bring] = "bring me",
        [RobotActionKind.Place] = "put",
        [RobotActionKind.GoTo] = "go to",
        [RobotActionKind.Follow] = "follow",
        [RobotActionKind.LookAt] = "look at",
        [RobotActionKind.Avoid] = "avoid",
        [RobotActionKind.Report] = "find",
    };

    /// <summary>A verb for an action, as the lexicon knows it; none for those that take no object.</summary>
    public static string? For(RobotActionKind action) => Verbs.GetValueOrDefault(action);

    /// <summary>The command so read; none when that makes no command of it either.</summary>
    public static ParsedCommand? Read(string text, RobotActionKind action)
    {
        if (!Verbs.TryGetValue(action, out var verb)) return null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var article = Array.FindIndex(words, word => Articles.Contains(word.ToLowerInvariant()));
        if (article is < 1 or > MostWordsBefore) return null;
        var parsed = CommandParser.Parse($"{verb} {string.Join(' ', words.Skip(article))}");
        return parsed.Steps is [{ Target: not null } or { Action: RobotActionKind.Avoid }] ? parsed : null;
    }
}
