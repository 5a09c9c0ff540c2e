namespace EdgePerception.Policy.Language;

/// <summary>
/// Recognizes a command to stop in raw text, on its own: no parser or model takes part, so the safety supervisor
/// calls it from its thread for every text that arrives. In doubt it halts: a stop word counts wherever it stands, and
/// at the end of a clause whatever stands before it; only what forbids to stop, describes, or is a known noun that
/// goes on ("the bus stop sign") does not. The words are data (<c>stops.txt</c>). Thread-safe; never throws for any
/// text; time and memory are linear in the length of the text.
/// </summary>
public static class StopDetector
{
    /// <summary>How many UTF-16 units of a text are searched at its start, and as many at its end.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Reads the words ahead, so that the first text does not wait for it.</summary>
    /// <exception cref="InvalidDataException">A file of words has a fault; the message names file and row.</exception>
    public static void Load() => _ = IsStop(StopWords.Default.Sign);

    /// <summary>Whether a text, whatever else it says, tells the robot to stop.</summary>
    /// <param name="text">Any text; null and empty do not.</param>
    public static bool IsStop(string? text) => IsStop(text.AsSpan());

    /// <inheritdoc cref="IsStop(string)"/>
    /// <param name="text">Any text.</param>
    /// <param name="isNoise">Whether it is hardly text, in which a misspelt stop word is chance.</param>
    public static bool IsStop(ReadOnlySpan<char> text, bool isNoise = false)
    {
        if (text.Length > MaxLength)
            return IsStop(text[..MaxLength], isNoise) || IsStop(text[^MaxLength..], isNoise);
        var words = StopWords.Default;
        return new StopSearch(StopText.Read(text, words, knowsSlips: !isNoise), words).Halts();
    }
}
