using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgePerception.Policy.Language;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>How a command is read, as the command line tells it: trees whose columns line up, or JSON.</summary>
internal static class ReadingReport
{
    private const int Cyan = 36;
    private const int Red = 31;

    // Descriptions stand within descriptions, and each level of the tree takes two of JSON.
    private const int Deepest = 256;

    private static readonly JsonSerializerOptions Plain = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = Deepest,
    };

    /// <summary>Writes the readings, likeliest first.</summary>
    public static void Write(VisibleWriter output, IReadOnlyList<ReadingTree> readings, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { Readings = readings }, Plain));
            return;
        }

        for (var i = 0; i < readings.Count; i++)
        {
            if (i > 0) output.WriteLine();
            output.WriteLine(Heading(readings[i], i), Cyan, readings[i].Summary);
            var rows = readings[i].Tree.SelectMany(part => Rows(part, "", "")).ToList();
            var width = rows.Select(row => row.Name.Length).DefaultIfEmpty(0).Max();
            foreach (var row in rows)
            {
                var line = $"{Price(row.Part.Price),7}  {row.Name.PadRight(width)}  {row.Words}".TrimEnd();
                if (row.Part.Label == "unread") output.WriteLine(line, Red, "");
                else output.WriteLine(line);
            }
        }
    }

    private static string Heading(ReadingTree reading, int place) =>
        $"{(place == 0 ? "reading" : "runner-up")} {place + 1}, price {Price(reading.Price)}"
        + $"{(reading.IsPicked && place > 0 ? ", picked by the scene" : "")}: ";

    /// <summary>
    /// A part and those below it. One that is all there is to the part above stands in its line, and words stand only
    /// where they are not those of the part above.
    /// </summary>
    private static IEnumerable<(ReadingPart Part, string Name, string Words)> Rows(
        ReadingPart part, string indent, string above)
    {
        var name = indent + Name(part);
        var inner = part;
        while (inner.Parts is [var only] && only.Words == part.Words)
        {
            inner = only;
            if (only.Label != part.Label) name += " " + Name(only);
        }

        yield return (part, name, part.Words == above || part.Words == part.Label ? "" : part.Words);
        foreach (var row in inner.Parts.SelectMany(below => Rows(below, indent + "  ", part.Words))) yield return row;
    }

    private static string Name(ReadingPart part) =>
        part.Meaning.Length > 0 && part.Meaning != "any" ? $"{part.Label} = {part.Meaning}" : part.Label;

    private static string Price(double price) => price.ToString("0.00", CultureInfo.InvariantCulture);
}
