namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// The process's two voices: answers go to standard output and nothing else does; progress, logs and faults go to
/// standard error. Safe from any thread.
/// </summary>
#pragma warning disable RS0030 // The one place that may touch the console.
public static class Terminal
{
    /// <summary>Where answers go.</summary>
    public static TextWriter Output => Console.Out;

    /// <summary>Where everything else goes.</summary>
    public static TextWriter Error => Console.Error;

    /// <summary>What comes in by a pipe.</summary>
    public static TextReader Input => Console.In;

    /// <summary>Whether a person watches standard error, so that a line may be rewritten and coloured.</summary>
    public static bool ErrorIsTerminal => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;

    /// <summary>Whether a person reads standard output.</summary>
    public static bool OutputIsTerminal => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
}
#pragma warning restore RS0030
