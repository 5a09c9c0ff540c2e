using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>One line of the lexicon: meanings on the left, phrases with weights on the right.</summary>
internal sealed record LexiconEntry(string[] Meanings, (string Phrase, double Weight)[] Phrases);

/// <summary>Reads <c>lexicon.txt</c>, whose head explains its form.</summary>
internal static class LexiconFile
{
    /// <summary>The entries by section.</summary>
    /// <exception cref="InvalidDataException">A line is not of the form that the file's head describes.</exception>
    public static Dictionary<string, List<LexiconEntry>> Read(TextReader reader)
    {
        var sections = new Dictionary<string, List<LexiconEntry>>(StringComparer.Ordinal);
        List<LexiconEntry>? section = null;
        var name = "";
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            line = line.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                sections[name = line[1..^1]] = section = [];
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || section is null) throw new InvalidDataException($"lexicon.txt, row {number}: no ':' in '{line}'");
            var meanings = line[..colon].Split('|', StringSplitOptions.TrimEntries);
            foreach (var meaning in meanings)
            {
                if (LexiconMeanings.Fault(name, meaning) is { } fault)
                    throw new InvalidDataException($"lexicon.txt, row {number}: {fault}");
            }

            section.Add(new LexiconEntry(
                meanings,
                [.. line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(Weighted)]));
        }

        return sections;
    }

    private static (string Phrase, double Weight) Weighted(string text)
    {
        var space = text.LastIndexOf(' ');
        if (space > 0 && text[(space + 1)..].Contains('.', StringComparison.Ordinal)
            && double.TryParse(text[(space + 1)..], CultureInfo.InvariantCulture, out var weight))
            return (text[..space], weight);
        return (text, 1);
    }
}
