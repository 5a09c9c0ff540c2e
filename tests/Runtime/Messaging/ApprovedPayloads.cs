using System.Runtime.CompilerServices;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>
/// Compares what goes on the wire with the files in Approved, so that a change of the wire shows as a reviewed diff.
/// With EDGE_PERCEPTION_APPROVE=1 in the environment the files are written instead.
/// </summary>
internal static class ApprovedPayloads
{
    public static void Check(string name, string actual)
    {
        var file = Path.Combine(Folder(), name);
        actual = actual.TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("EDGE_PERCEPTION_APPROVE") == "1") File.WriteAllText(file, actual);
        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        if (approved != actual) Assert.Fail($"{name} differs from what is approved:\n{Difference(approved, actual)}");
    }

    private static string Difference(string approved, string actual)
    {
        var (old, young) = (approved.Split('\n'), actual.Split('\n'));
        var lines = Enumerable.Range(0, Math.Max(old.Length, young.Length))
            .Select(i => (Old: old.ElementAtOrDefault(i), Young: young.ElementAtOrDefault(i)))
            .Where(line => line.Old != line.Young)
            .SelectMany(line =>
                new[] { line.Old is null ? null : $"- {line.Old}", line.Young is null ? null : $"+ {line.Young}" });
        return string.Join('\n', lines.Where(line => line is not null).Take(40));
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "Approved");
}
