namespace EdgePerception.Policy.Language;

/// <summary>The regular forms of English nouns and verbs; the others stand in the lexicon.</summary>
internal static class WordForms
{
    /// <summary>The regular plural of a noun, which <see cref="Singular"/> undoes.</summary>
    public static string Plural(string noun) => noun switch
    {
        [.., 'c' or 's', 'h'] or [.., 's', 's'] or [.., 'x'] => noun + "es",
        [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => noun[..^1] + "ies",
        _ => noun + "s",
    };

    /// <summary>The singular of a regular plural; the word itself where it is none.</summary>
    public static string Singular(string word) => word switch
    {
        { Length: < 4 } or [.., not 's'] or [.., 's' or 'u' or 'i', 's'] => word,
        [_, _, .., 'i', 'e', 's'] => word[..^3] + "y",
        [.., 'c' or 's', 'h', 'e', 's'] or [.., 's', 's', 'e', 's'] or [.., 'x', 'e', 's'] => word[..^2],
        _ => word[..^1],
    };

    /// <summary>"taking", "grabbing".</summary>
    public static string Gerund(string verb) =>
        verb is [_, .., not ('e' or 'y' or 'o'), 'e'] ? verb[..^1] + "ing" : Doubled(verb) + "ing";

    /// <summary>"moved", "carried", "grabbed".</summary>
    public static string Past(string verb) => verb switch
    {
        [.., 'e'] => verb + "d",
        [_, .., not ('a' or 'e' or 'i' or 'o' or 'u'), 'y'] => verb[..^1] + "ied",
        _ => Doubled(verb) + "ed",
    };

    /// <summary>"takes", "goes", "carries".</summary>
    public static string Third(string verb) => verb is "go" or "do" ? verb + "es" : Plural(verb);

    /// <summary>With the last letter twice where one syllable ends in vowel and consonant ("grab", "set").</summary>
    private static string Doubled(string verb) =>
        verb is [_, .., var vowel, not ('w' or 'x' or 'y') and var last] && IsVowel(vowel) && !IsVowel(last)
        && !verb.AsSpan(0, verb.Length - 2).ContainsAny("aeiou")
            ? verb + last
            : verb;

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';
}
