using System.Runtime.CompilerServices;

namespace EdgePerception.Tests.Support;

/// <summary>Parts of documents that are made of the code, so that they cannot say anything else.</summary>
internal static class Approved
{
    /// <summary>
    /// Checks a block of a document, between <c>&lt;!-- NAME --&gt;</c> and <c>&lt;!-- /NAME --&gt;</c>.
    /// EDGE_PERCEPTION_APPROVE=1 writes it anew.
    /// </summary>
    public static void Block(string document, string name, string text, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", document);
        var (all, begin, end) = (File.ReadAllText(file), $"<!-- {name} -->\n", $"\n<!-- /{name} -->");
        var from = all.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = all.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from - 1, $"{document} has no block '{name}'");
        if (Environment.GetEnvironmentVariable("EDGE_PERCEPTION_APPROVE") == "1")
            File.WriteAllText(file, $"{all[..from]}{text}{all[Math.Max(from - 1, to)..]}");
        else Assert.Equal(text, to < from ? "" : all[from..to]);
    }
}
