using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>One line of the lexicon: meanings on the left, phrases with weights on the right.</summary>
internal sealed record LexiconEntry(string[] Meanings, (string Phrase, double Weight)[] Phrases);

/// <summary>Reads <c>lexicon.txt</c>, whose head explains its form.</summary>
internal static class LexiconFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "lexicon.txt";

    /// <summary>The entries by section.</summary>
    /// <exception cref="InvalidDataException">A line is not of the form that the file's head describes.</exception>
    public static Dictionary<string, List<LexiconEntry>> Read(TextReader reader)
    {
        var sections = new Dictionary<string, List<LexiconEntry>>(StringComparer.Ordinal);
        foreach (var (row, section, line) in SectionedText.Read(reader))
        {
            if (line.Length == 0) sections[section] = [];
            else sections.GetValueOrDefault(section, []).Add(Entry(row, section, line));
        }

        return sections;
    }

    private static LexiconEntry Entry(int row, string section, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || section.Length == 0) throw Fault(row, $"no ':' in '{line}'");
        var meanings = line[..colon].Split('|', StringSplitOptions.TrimEntries);
        foreach (var meaning in meanings)
        {
            if (LexiconMeanings.Fault(section, meaning) is { } fault) throw Fault(row, fault);
        }

        var phrases = line[(colon + 1)..]
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new LexiconEntry(meanings, Array.ConvertAll(phrases, Weighted));
    }

    private static InvalidDataException Fault(int row, string what) => new($"{Name}, row {row}: {what}");

    private static (string Phrase, double Weight) Weighted(string text)
    {
        var space = text.LastIndexOf(' ');
        return space > 0 && text[(space + 1)..].Contains('.', StringComparison.Ordinal)
            && double.TryParse(text[(space + 1)..], CultureInfo.InvariantCulture, out var weight)
            ? (text[..space], weight)
            : (text, 1);
    }
}
