namespace EdgePerception.Policy.Tests.Language;

/// <summary>The texts of <c>stop-sentences.txt</c>: what halts and what does not.</summary>
public static class StopSentences
{
    /// <summary>Texts that halt.</summary>
    public static TheoryData<string> Halting { get; } = Lines('+');

    /// <summary>Texts that do not.</summary>
    public static TheoryData<string> Moving { get; } = Lines('-');

    private static TheoryData<string> Lines(char mark) => new(
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Language", "stop-sentences.txt"))
            .Where(line => line.StartsWith(mark))
            .Select(line => line[2..]));
}
