namespace EdgePerception.Policy.Commands;

/// <summary>
/// Texts that are refused before they are understood: empty ones, ones that are too long, ones in another script, and
/// attempts to talk the software into something instead of the robot. Nothing in a command can change a rule anyway,
/// since no model reads it as instructions; refusing says so and keeps such text out of everything downstream.
/// </summary>
internal static class RefusalRules
{
    private static readonly string[] Marks =
    [
        "<|", "|>", "[inst", "[/inst", "<<sys", "```", "<system", "</", "<script", "###", "{{", "}}", "$(", "\":", "--;", "/*",
        "<user", "<assistant", "&&", "rm -", "://",
    ];

    private static readonly HashSet<string> Roles = ["system", "assistant", "user", "developer", "admin", "root", "prompt"];

    private static readonly string[] Phrases =
    [
        "you are now", "you re now", "from now on you", "act as", "pretend to be", "pretend you", "pretend that", "new instructions",
        "new instruction", "developer mode", "debug mode", "admin mode", "god mode", "maintenance mode", "jailbreak",
        "do anything now", "system prompt", "your prompt", "your instructions", "your programming", "your rules",
        "your guidelines", "safety off", "no restrictions", "without restrictions", "previous instructions",
        "prior instructions", "above instructions", "earlier instructions", "all instructions", "system override",
        "override code", "sudo", "drop table", "as an ai", "language model", "hypnotized", "role play", "roleplay",
        "simulate being", "instructions above", "everything above", "everything before this", "everything you were told",
        "everything i said", "you must obey", "the following instructions", "execute the following", "set outcome",
        "outcome act", "set the target", "set target", "set confidence", "respond with", "reply with", "answer with", "output the",
        "print your", "reveal your", "repeat after me", "real instructions", "hidden instructions", "secret instructions",
        "end of prompt", "end of instructions", "begin system", "end system", "system message", "safety protocols", "safety protocol",
        "disable the safety", "override the safety", "bypass the safety", "turn off the safety", "ignore the safety", "safety rules", "safety checks", "safety limits", "your safety", "all safety", "safety mode",
        "ignore everything", "forget everything", "disregard everything", "ignore all", "disregard all", "forget all", "ignore the above",
        "disregard the above", "ignore what", "forget what", "ignore any", "disregard any", "ignore your", "disregard your",
        "forget your", "override your", "bypass your", "disable your", "disable safety", "ignore previous", "disregard previous",
        "forget previous", "ignore prior", "disregard prior", "ignore safety", "override safety", "bypass safety", "ignore these",
        "ignore those instructions", "ignore instructions", "disregard instructions",
        "new rules", "new rule", "instructions are", "no longer bound", "no longer have", "you have no", "unrestricted",
    ];

    private static readonly HashSet<string> Units = ["second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks"];

    private static readonly HashSet<string> ForeignWords =
    [
        "der", "das", "dem", "den", "und", "bitte", "mir", "mich", "ich", "ist", "nicht", "eine", "einen", "zum", "zur", "mit", "auf",
        "hol", "hole", "gib", "folge", "geh", "tasse", "le", "les", "une", "moi", "est", "pas", "avec", "sur", "dans", "apporte",
        "suivez", "suis", "prends", "donne", "el", "los", "las", "una", "por", "favor", "con", "trae", "traeme", "sigue", "dame",
        "il", "lo", "gli", "della", "portami", "per", "het", "een", "mij", "naar", "voor", "breng", "pak", "rouge", "rojo", "rosso",
        "tasa", "taza", "prego", "porque", "quiero", "ve", "voglio", "vers", "s'il", "plait", "wo", "wie", "zu", "ein", "nach", "du",
        "hier", "dort", "rote", "roten", "blaue", "blauen", "flasche", "roja", "rossa", "azul", "bleue", "que", "jest", "prosze", "daj", "mi", "podaj", "ta", "na", "stol",
    ];

    /// <summary>Why a text is refused, in one sentence; none when it may be read.</summary>
    public static string? Check(string text, IReadOnlyList<Token> tokens)
    {
        if (CommandParser.LengthOf(text) is > CommandParser.MaxLength and var length)
            return $"the command has {length} characters and at most {CommandParser.MaxLength} are read";
        if (string.IsNullOrWhiteSpace(text)) return "the command is empty";
        if (IsInjection(text, tokens))
            return "the command tries to change the rules of the software instead of asking the robot for an action";
        if (IsForeign(text, tokens)) return "the command is not in English";
        if (IsDeferred(tokens)) return "the command is for later, and the robot acts at once or not at all";
        if (!tokens.Any(token => token.Word.Any(char.IsLetter))) return "the command holds no words";
        return null;
    }

    private static bool IsInjection(string text, IReadOnlyList<Token> tokens)
    {
        var folded = new string([.. text.Select(Tokenizer.Fold).Where(letter => letter != '\0')]);
        if (Marks.Any(mark => folded.Contains(mark, StringComparison.Ordinal))) return true;
        for (var i = 0; i < tokens.Count; i++)
        {
            var atStart = i == 0 || tokens[i].Pause == Pause.Sentence;
            if (!atStart || !Roles.Contains(tokens[i].Word) || i + 1 >= tokens.Count) continue;
            if (tokens[i + 1].Pause == Pause.Sentence && folded.Contains(tokens[i].Word + ":", StringComparison.Ordinal))
                return true;
        }

        var words = " " + string.Join(' ', tokens.Select(token => token.Word)) + " ";
        return Phrases.Any(phrase => words.Contains(" " + phrase + " ", StringComparison.Ordinal));
    }

    /// <summary>"in five minutes", "after an hour".</summary>
    private static bool IsDeferred(IReadOnlyList<Token> tokens)
    {
        for (var i = 1; i < tokens.Count - 1; i++)
        {
            if (Units.Contains(tokens[i + 1].Word) && tokens[i + 1].Pause == Pause.None && tokens[i - 1].Word is "in" or "after"
                && (tokens[i].Word is "a" or "an" or "some" or "few" || tokens[i].Word.All(char.IsDigit) || Lexicon.Default.Numbers.Match(tokens, i, out _) > 0))
                return true;
        }

        return false;
    }

    private static bool IsForeign(string text, IReadOnlyList<Token> tokens)
    {
        var letters = 0;
        var foreign = 0;
        foreach (var character in text)
        {
            if (!char.IsLetter(character)) continue;
            letters++;
            if (Tokenizer.Fold(character) > 'z') foreign++;
        }

        if (foreign > 0 && foreign * 3 >= letters) return true;
        var words = tokens.Count(token => ForeignWords.Contains(token.Word));
        return words >= 2 && words * 4 >= tokens.Count;
    }
}
