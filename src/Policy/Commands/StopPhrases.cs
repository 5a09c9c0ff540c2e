namespace EdgePerception.Policy.Commands;

/// <summary>
/// Recognizes a command to stop in raw text, on its own: no parser, lexicon file or model takes part, so the safety
/// supervisor calls it from its thread for every text that arrives. It leans towards stopping: a stop word counts
/// wherever it stands in the text, unless it is negated ("don't stop"), a part of a noun ("the bus stop", "stop sign")
/// or quoted ("the sign that says stop"). Thread-safe, never throws, linear in the length of the text.
/// </summary>
public static class StopPhrases
{
    private static readonly HashSet<string> StopWords =
        ["stop", "stopp", "halt", "freeze", "whoa", "abort", "pause", "estop", "standstill", "cease",
        // Slips of hasty fingers that are no words of their own.
        "sotp", "stpo", "tsop", "stp", "hlat", "hatl", "hault", "freez", "frezee"];

    private static readonly string[][] Phrases =
    [
        ["do", "not", "move"], ["never", "move"], ["not", "move", "a"], ["hold", "it"], ["hold", "still"], ["hold", "on"],
        ["hold", "your", "position"], ["hold", "position"], ["hold", "there"], ["hold", "right", "there"], ["hang", "on"],
        ["stand", "still"], ["stand", "by"], ["stay", "still"], ["stay", "put"], ["stay", "there"], ["stay", "here"], ["stay", "where"],
        ["stay", "right"], ["keep", "still"], ["remain", "still"], ["remain", "where"], ["e", "stop"], ["cut", "it", "out"],
        ["nobody", "move"], ["no", "one", "move"], ["no", "moving"], ["not", "another", "step"], ["stop"], ["wait"],
        ["quit", "moving"], ["no", "more", "moving"], ["do", "not", "go", "any"], ["do", "not", "take", "another"],
        ["hit", "the", "brakes"], ["shut", "it", "down"],
    ];

    private static readonly HashSet<string> Negations =
        ["not", "never", "without", "non", "nor", "cannot", "neither", "anti", "unable"];

    /// <summary>Words that may stand between a negation and its verb.</summary>
    private static readonly HashSet<string> Links =
        ["you", "to", "ever", "just", "please", "even", "dare", "need", "have", "want", "should", "must", "yet", "now", "suddenly"];

    /// <summary>Words after which a stop word is a noun or a quotation.</summary>
    private static readonly HashSet<string> NounBefore =
    [
        "the", "a", "an", "this", "that's", "these", "my", "your", "his", "her", "our", "their", "its", "each", "every",
        "bus", "tram", "train", "taxi", "truck", "pit", "rest", "full", "door", "which", "says", "say", "said", "saying",
        "reads", "reading", "labelled", "labeled", "marked", "word", "called", "named", "written", "next", "last", "first",
        "second", "third", "nearest", "closest", "metro", "subway", "non", "coach", "shuttle", "big", "old", "deep", "water",
        "red", "yellow",
    ];

    /// <summary>Words before which a stop word is a part of a noun.</summary>
    private static readonly HashSet<string> NounAfter =
        ["sign", "signs", "light", "lights", "lamp", "button", "buttons", "line", "lines", "watch", "watches", "motion", "word", "words", "signal", "bell", "codon"];

    /// <summary>Objects of "don't move X", which forbids to move a thing and does not halt the robot.</summary>
    private static readonly HashSet<string> MovedThing =
        ["the", "my", "your", "his", "her", "our", "their", "those", "these", "this", "that", "it", "any", "anything", "him", "them"];

    /// <summary>Whether a text, whatever else it says, tells the robot to stop.</summary>
    public static bool IsStop(string? text)
    {
        if (string.IsNullOrEmpty(text)) return false;
        var tokens = Tokenizer.Tokenize(text);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (IsStopAt(tokens, i)) return true;
        }

        return false;
    }

    private static bool IsStopAt(List<Token> tokens, int i)
    {
        var word = Squeeze(tokens[i].Word);
        if (StopWords.Contains(word) || StopWords.Contains(tokens[i].Word))
            return !IsNegated(tokens, i) && !IsNoun(tokens, i);
        foreach (var phrase in Phrases)
        {
            if (!Stands(phrase, tokens, i)) continue;
            if (phrase[^1] == "move") return !MovesThing(tokens, i + phrase.Length);
            if (phrase is ["hold" or "hang", "on"] && Follows(tokens, i + 2, "to")) continue;
            if (phrase is ["hold", "it"] && Follows(tokens, i + 2, "to", "up", "for", "above", "over")) continue;
            if (phrase is ["wait"] && (IsNegated(tokens, i) || IsNoun(tokens, i) || IsNextStep(tokens, i))) continue;
            if (phrase is ["stand" or "stay", ..] && IsNegated(tokens, i)) continue;
            if (phrase is ["stand", "by"] && Follows(tokens, i + 2, [.. MovedThing])) continue;
            if (phrase is ["stand" or "stay" or "keep" or "remain" or "hold", ..] && IsDescription(tokens, i)) continue;
            return true;
        }

        return false;
    }

    /// <summary>"sto-o-op" shouted: runs of a letter count once.</summary>
    private static string Squeeze(string word)
    {
        if (word.Length is < 3 or > 64) return word;
        Span<char> letters = stackalloc char[word.Length];
        var count = 0;
        foreach (var letter in word)
        {
            if (count == 0 || letters[count - 1] != letter) letters[count++] = letter;
        }

        var squeezed = new string(letters[..count]);
        return squeezed switch { "freze" => "freeze", "who" when word != "who" => word, _ => squeezed };
    }

    private static bool IsNegated(List<Token> tokens, int i)
    {
        for (var j = i - 1; j >= 0 && i - j <= 6 && tokens[j + 1].Pause == Pause.None; j--)
        {
            if (Negations.Contains(tokens[j].Word)) return true;
            if (tokens[j].Word == "no" && Follows(tokens, j + 1, "need")) return true;
            if (!Links.Contains(tokens[j].Word)) return tokens[j].Word is "when" or "where" or "whether";
        }

        return false;
    }

    private static bool IsNoun(List<Token> tokens, int i)
    {
        if (Follows(tokens, i + 1, [.. NounAfter])) return true;
        if (i == 0 || tokens[i].Pause != Pause.None || !NounBefore.Contains(tokens[i - 1].Word)) return false;
        // "I said stop" is a command, however impatient.
        return !(tokens[i - 1].Word is "said" or "say" && i > 1 && tokens[i - 2].Word is "i" or "we");
    }

    /// <summary>"the person who stands still" describes; "stand still" orders.</summary>
    private static bool IsDescription(List<Token> tokens, int i) =>
        i > 0 && tokens[i].Pause == Pause.None && tokens[i - 1].Word is "who" or "that" or "which" or "to";

    /// <summary>"go to the door and wait there" waits when it is there.</summary>
    private static bool IsNextStep(List<Token> tokens, int i) =>
        i > 0 && tokens[i].Pause == Pause.None && tokens[i - 1].Word is "and" or "then";

    private static bool MovesThing(List<Token> tokens, int next) =>
        Follows(tokens, next, [.. MovedThing]) && !Follows(tokens, next + 1, "further", "farther", "more", "closer", "nearer", "longer", "faster") || Follows(tokens, next, "on", "around", "near", "to", "towards", "toward", "past")
            && Follows(tokens, next + 1, [.. MovedThing]);

    private static bool Follows(List<Token> tokens, int position, params ReadOnlySpan<string> words) =>
        position < tokens.Count && tokens[position].Pause == Pause.None && words.Contains(tokens[position].Word);

    private static bool Stands(string[] phrase, List<Token> tokens, int position)
    {
        if (position + phrase.Length > tokens.Count) return false;
        for (var k = 0; k < phrase.Length; k++)
        {
            if (tokens[position + k].Word != phrase[k] || (k > 0 && tokens[position + k].Pause != Pause.None)) return false;
        }

        return true;
    }
}
