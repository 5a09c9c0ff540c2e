using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>What is said in a turn, taken apart as far as it leans on the turn before: yes or no, "not", lead-ins, "other".</summary>
internal sealed class Utterance
{
    private static readonly HashSet<string> Yes = ["yes", "yeah", "yep", "yup", "correct", "right", "exactly", "sure", "affirmative", "precisely", "ok", "okay"];
    private static readonly HashSet<string> No = ["no", "nope", "nah", "wrong", "neither", "none"];
    private static readonly HashSet<string> Fillers = ["please", "that", "this", "is", "one", "it", "the", "thanks", "do", "you", "are", "go", "ahead", "thank", "of", "them"];
    private static readonly HashSet<string> Others = ["other", "another", "different"];
    private static readonly HashSet<string> Being = ["is", "are", "was", "were", "am", "has", "have", "will", "looks", "seems"];
    private static readonly HashSet<string> Relations = ["of", "on", "in", "to", "by", "near", "from", "than", "behind", "under", "above", "below", "with"];

    private static readonly string[] LeadIns =
    [
        "and what about", "what about", "how about", "and", "i meant", "i mean", "i said", "it is", "that is", "then", "now", "rather", "better",
        "instead", "actually", "sorry", "but", "well", "oh",
    ];

    private readonly List<Token> _tokens;

    /// <summary>Takes apart what is said.</summary>
    /// <param name="command">It, as the parser reads it on its own.</param>
    /// <param name="tokens">Its words, at least one.</param>
    public Utterance(ParsedCommand command, List<Token> tokens)
    {
        (Command, _tokens) = (command, [.. tokens]);
        LeansOnBefore = Yes.Contains(_tokens[0].Word) || No.Contains(_tokens[0].Word) || _tokens[0].Word == "not"
            || OtherAt >= 0 || _tokens[^1].Word is "one" or "ones";
        IsElliptic = _tokens.Count > 1 && _tokens[0].Word is "what" or "how" && _tokens[1].Word == "about";
        Agrees = TakeLead(Yes);
        Denies = TakeLead(No);
        while (Array.Find(LeadIns, Starts) is { } leadIn) _tokens.RemoveRange(0, leadIn.Count(character => character == ' ') + 1);
        Excludes = TakeLead(["not"]);
    }

    /// <summary>What the parser makes of it on its own.</summary>
    public ParsedCommand Command { get; }

    /// <summary>Whether it can hardly be meant without a turn before.</summary>
    public bool LeansOnBefore { get; }

    /// <summary>"what about the bottle": the verb of before with another object.</summary>
    public bool IsElliptic { get; }

    /// <summary>Whether it begins with a yes.</summary>
    public bool Agrees { get; }

    /// <summary>Whether it begins with a no.</summary>
    public bool Denies { get; }

    /// <summary>"not the red one".</summary>
    public bool Excludes { get; }

    /// <summary>Whether nothing is said besides yes or no.</summary>
    public bool IsBare => _tokens.TrueForAll(token => Fillers.Contains(token.Word));

    /// <summary>"the bottle is nice" says something about an object, and asks for nothing.</summary>
    public bool IsStatement =>
        Enumerable.Range(0, _tokens.Count).Any(i => Being.Contains(_tokens[i].Word) && (i == 0 || _tokens[i - 1].Word is not ("that" or "which" or "who")));

    /// <summary>The words that are left, with their commas.</summary>
    public string Text => Join(_tokens);

    /// <summary>Whether a second description follows the first: "not the red one, the blue one".</summary>
    public bool GoesOn => _tokens.Skip(1).Any(token => token.Pause == Pause.Comma || token.Word == "but");

    /// <summary>
    /// What follows "the other": "one" for "the other one" and "take the other"; none where no other object is asked for, or one
    /// that only says where the object lies.
    /// </summary>
    public string? Other
    {
        get
        {
            var at = OtherAt;
            if (at < 0) return null;
            // Beside a verb the parser knows which of the objects is "the other"; alone, no relation may stand before it.
            var isTarget = Command.Steps is [{ Target.Text: { } text }] ? text.Split(' ').Any(Others.Contains)
                : Command.Steps.Count == 0 && !_tokens.Take(at).Any(token => Relations.Contains(token.Word));
            if (!isTarget) return null;
            var rest = Join([.. _tokens.Skip(at + 1).TakeWhile(token => token.Pause == Pause.None && !Relations.Contains(token.Word))]);
            return rest.Split(' ').All(word => word.Length == 0 || Fillers.Contains(word)) ? "one" : rest;
        }
    }

    private int OtherAt => _tokens.FindIndex(token => Others.Contains(token.Word));

    /// <summary>A question back.</summary>
    public ParsedCommand Ask(string question) => new(Command.Text, [], [], null) { Asks = question, IsFollowUp = true };

    private bool TakeLead(HashSet<string> words)
    {
        var count = 0;
        // "right, the red one" agrees; "right one" does not.
        while (count < _tokens.Count && words.Contains(_tokens[count].Word)
            && (_tokens[count].Word != "right" || count == _tokens.Count - 1 || _tokens[count + 1].Pause != Pause.None)) count++;
        _tokens.RemoveRange(0, count);
        return count > 0;
    }

    private bool Starts(string words)
    {
        var parts = words.Split(' ');
        return _tokens.Count > parts.Length && _tokens.Take(parts.Length).Select(token => token.Word).SequenceEqual(parts);
    }

    private static string Join(List<Token> tokens) =>
        string.Concat(tokens.Select((token, i) => (i == 0 ? "" : token.Pause == Pause.None ? " " : ", ") + token.Word));
}
