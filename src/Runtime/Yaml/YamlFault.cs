using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.Yaml;

/// <summary>One thing that is wrong with a YAML file, where, and what would be right.</summary>
/// <param name="File">The file as the user named it, or <c>--set</c>.</param>
/// <param name="Line">Line from 1; 0 where the fault has none.</param>
/// <param name="Key">The key's path, such as <c>mqtt.port</c>; empty for the whole file.</param>
/// <param name="Problem">What is wrong and what would be right.</param>
public sealed record YamlFault(string File, int Line, string Key, string Problem)
{
    /// <summary>
    /// One line of bounded length, <c>file:line: key: problem</c>, whatever the file holds, without the secrets of
    /// addresses.
    /// </summary>
    public override string ToString()
    {
        var key = Key.Length > 0 ? $": {Shorten(VisibleText.Of(Redaction.Text(Key)), 100)}" : "";
        var place = (Line > 0 ? $"{File}:{Line}" : File) + key;
        return VisibleText.Of($"{place}: {Shorten(VisibleText.Of(Redaction.Text(Problem)), 400)}");
    }

    /// <summary>The beginning of a text, so that a fault stays a line.</summary>
    internal static string Shorten(string text, int length) =>
        text.Length <= length ? text : $"{text.AsSpan(0, length - 1)}…";
}

/// <summary>A file that a person wrote does not hold what it must: all of its faults at once.</summary>
public sealed class YamlException(IReadOnlyList<YamlFault> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>Every fault that was found, in the file's order.</summary>
    public IReadOnlyList<YamlFault> Faults { get; } = faults;
}
