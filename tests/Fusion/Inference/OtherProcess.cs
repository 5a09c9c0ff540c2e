using System.Diagnostics;
using System.Globalization;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>The test assembly in a process of its own.</summary>
internal static class OtherProcess
{
    public static ProcessStartInfo Start(params string[] arguments) =>
        new("dotnet", [typeof(OtherProcess).Assembly.Location, .. arguments]);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = Start(arguments);
        start.RedirectStandardOutput = true;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>
    /// Whether a process of that number is at work; one that has ended and is not yet collected is not.
    /// </summary>
    public static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat")
                .Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
