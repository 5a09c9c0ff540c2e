using System.Diagnostics;

namespace EdgePerception.Fusion.Tests.Inference.Conversion;

/// <summary>The converter of eng/models in a process of its own.</summary>
internal static class Converter
{
    /// <summary>Where it lies.</summary>
    public static string Folder { get; } = Path.Combine(TestModels.Repository, "eng", "models");

    /// <summary>Runs one of its scripts, or another by its full path; gives all that it says.</summary>
    public static string Run(int exitCode, string script, params string[] arguments)
    {
        // Debian's Python by its path: another one first in PATH lacks Debian's onnx.
        var start = new ProcessStartInfo("/usr/bin/python3", ["-B", script, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        Assert.True(exitCode == process.ExitCode, output);
        return output;
    }
}
