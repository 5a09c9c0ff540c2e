namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// The process's two voices: answers go to standard output and nothing else does; progress, logs and faults go to
/// standard error. Safe from any thread.
/// </summary>
#pragma warning disable RS0030 // The one place that may touch the console.
public static class Terminal
{
    private static readonly bool MayColor = Environment.GetEnvironmentVariable("NO_COLOR") is null;

    /// <summary>Where answers go.</summary>
    public static VisibleWriter Output { get; } = new(Console.Out, MayColor && !Console.IsOutputRedirected);

    /// <summary>Where everything else goes.</summary>
    public static VisibleWriter Error { get; } = new(Console.Error, MayColor && !Console.IsErrorRedirected);

    /// <summary>What comes in by a pipe.</summary>
    public static TextReader Input => Console.In;
}
#pragma warning restore RS0030
