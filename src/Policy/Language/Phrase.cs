namespace EdgePerception.Policy.Language;

/// <summary>A phrase of the lexicon.</summary>
/// <param name="Words">Its words.</param>
/// <param name="Section">The section that lists it; with <c>:ing</c>, <c>:ed</c>, <c>:s</c> for forms of verbs.</param>
/// <param name="Meaning">What it means there.</param>
internal sealed record Phrase(string[] Words, string Section, string Meaning)
{
    /// <summary>The grammar's names for it: of its section, and of those in the section that mean the same.</summary>
    public (string Section, string Meaning) Symbols { get; } = Section.Split(':') is [var section, var form]
        ? ($"<{section}:{form}>", $"<{section}:{Meaning}:{form}>")
        : ($"<{Section}>", $"<{Section}:{Meaning}>");

    /// <summary>Whether its words are those at a place, none of them across a pause.</summary>
    public bool StandsAt(IReadOnlyList<Token> tokens, int place)
    {
        if (place + Words.Length > tokens.Count) return false;
        for (var i = 0; i < Words.Length; i++)
        {
            var token = tokens[place + i];
            if (token.Word != Words[i] || (i > 0 && token.Pause != Pause.None)) return false;
        }

        return true;
    }
}
