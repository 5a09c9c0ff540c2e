using System.Buffers;

namespace EdgePerception.Runtime.Messaging;

/// <summary>What names may be made of, so that no name can widen a subscription or break a topic apart.</summary>
public static class TopicName
{
    /// <summary>Longest name of a device, camera, controller or command, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Longest whole topic, in characters.</summary>
    public const int MaxTopicLength = 256;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether a text is a name: 1 to 64 of letters, digits, point, underscore and hyphen.</summary>
    public static bool IsName(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxNameLength && !text.ContainsAnyExcept(NameCharacters);

    /// <summary>
    /// Whether a text is a prefix: one or more names parted by <c>/</c>, together at most 128 characters.
    /// </summary>
    public static bool IsPrefix(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 128) return false;
        foreach (var level in text.Split('/'))
        {
            if (!IsName(text[level])) return false;
        }

        return true;
    }

    /// <summary>
    /// Whether a message may be published there: no wildcard, blank or control character, no empty level.
    /// </summary>
    public static bool IsPublishable(ReadOnlySpan<char> topic)
    {
        if (topic.Length is 0 or > MaxTopicLength || topic[0] is '/' or '$' || topic[^1] == '/') return false;
        if (topic.Contains("//", StringComparison.Ordinal)) return false;
        foreach (var character in topic)
        {
            if (character is '+' or '#' || char.IsWhiteSpace(character) || char.IsControl(character)) return false;
            if (char.IsSurrogate(character)) return false;
        }

        return true;
    }
}
