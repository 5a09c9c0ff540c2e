using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Scenes;

namespace EdgePerception.Policy.Grounding;

/// <summary>How far one modality counted in an answer.</summary>
/// <param name="Name">words, vision or sound.</param>
/// <param name="Quality">How far it could be trusted, as measured; 0 to 1.</param>
/// <param name="Gate">How far the network let it through; 0, as if it were absent, to 1.</param>
public sealed record ModalityReport(string Name, double Quality, double Gate)
{
    internal static IReadOnlyList<ModalityReport> Of(AttentionReading reading, ModalityQuality quality) =>
    [
        new("words", 1, reading.Gates.Words),
        new("vision", quality.Vision, reading.Gates.Vision),
        new("sound", quality.Sound, reading.Gates.Sound),
    ];
}

/// <summary>How much an object attended to one word of the command.</summary>
/// <param name="Word">The word as the network read it.</param>
/// <param name="Weight">0 to 1.</param>
public sealed record WordWeight(string Word, double Weight)
{
    internal static IReadOnlyList<WordWeight> Of(AttentionReading reading, string id)
    {
        var row = 0;
        while (row < reading.Objects.Count && reading.Objects[row] != id) row++;
        return row == reading.Objects.Count ? []
            : [.. reading.Words.Select((word, place) => new WordWeight(word, reading.Attention[row, place]))];
    }
}
