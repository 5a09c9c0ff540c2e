namespace EdgePerception.Policy.Language;

/// <summary>The form of lexicon, grammar and stops: <c>[section]</c> heads, lines below, <c>#</c> remarks.</summary>
internal static class SectionedText
{
    /// <summary>The lines with their rows and sections; of a head itself, an empty line.</summary>
    public static IEnumerable<(int Row, string Section, string Line)> Read(TextReader reader)
    {
        var section = "";
        for (var row = 1; reader.ReadLine()?.Trim() is { } line; row++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line is ['[', .. var name, ']']) (section, line) = (name, "");
            yield return (row, section, line);
        }
    }
}
