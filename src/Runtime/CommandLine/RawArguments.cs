using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// The program's arguments as <see cref="FileName"/> writes names. The runtime hands them out decoded, and of one that
/// is not UTF-8, such as the name of a file from another system, the bytes are lost; the kernel still has them.
/// </summary>
internal static class RawArguments
{
    /// <summary>The same arguments with nothing lost.</summary>
    /// <param name="arguments">The arguments as the runtime decoded them.</param>
    public static IReadOnlyList<string> Of(string[] arguments) =>
        Array.Exists(arguments, argument => argument.Contains('\ufffd', StringComparison.Ordinal))
            ? Last(arguments, File.ReadAllBytes("/proc/self/cmdline"))
            : arguments;

    /// <summary>
    /// The last of a command line's words, as many as there are arguments; before them stands what runs the program.
    /// </summary>
    internal static IReadOnlyList<string> Last(string[] arguments, byte[] commandLine)
    {
        var words = new List<string>();
        for (var rest = commandLine.AsSpan(); rest.IndexOf((byte)0) is >= 0 and var end; rest = rest[(end + 1)..])
            words.Add(FileName.FromBytes(rest[..end]));
        return words.Count >= arguments.Length ? words[^arguments.Length..] : arguments;
    }
}
