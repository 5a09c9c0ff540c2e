using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>Says which words of a command were not understood.</summary>
internal static class UnreadWords
{
    /// <summary>The words in a sentence for whoever said them.</summary>
    public static string NotUnderstood(IReadOnlyList<UnreadWord> words) =>
        $"I did not understand {Quoted(words)}. Say it without that, or in other words.";

    /// <summary>The first six of the words, in quotes.</summary>
    public static string Quoted(IReadOnlyList<UnreadWord> words) =>
        string.Join(" and ", words.Take(6).Select(word => $"\"{ViewedObject.Shorten(word.Text, 40)}\""));
}
