using System.Diagnostics;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Diagnostics;
using Google.Protobuf;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>
/// One model's verification by another process of this program: what the model brings down is that process, and the
/// others are verified all the same.
/// </summary>
internal static class VerifyProcess
{
    private const int LongestReason = 400;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Verifies a model; answers its verdict, whatever became of the process.</summary>
    /// <param name="manifest">The file of its manifest.</param>
    /// <param name="modelsFolder">What the manifest's files are relative to.</param>
    /// <param name="limit">How long it may take.</param>
    public static async Task<ModelVerdicts.Types.Item> RunAsync(string manifest, string modelsFolder, TimeSpan limit)
    {
        var start = ThisProgram.Start(
            [], ["models", "verify", manifest, "--models", modelsFolder, "--limit", $"{limit.TotalMilliseconds:0}ms",
                "--json", VerifyCommand.InThisProcess]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        // It ends by itself in time, unless the model has stopped that, too.
        using var overdue = new CancellationTokenSource(limit + Grace, TimeProvider.System);
        await using var kill = overdue.Token.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return Read(await output)
               ?? new ModelVerdicts.Types.Item
               {
                   Manifest = manifest,
                   Faults = { Reason(manifest, process.ExitCode, await errors) },
               };
    }

    private static ModelVerdicts.Types.Item? Read(string output)
    {
        try
        {
            return JsonParser.Default.Parse<ModelVerdicts>(output).Models.SingleOrDefault();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            return null;
        }
    }

    private static string Reason(string manifest, int exitCode, string errors)
    {
        const int Signals = 128;
        const string Program = "edge-perception: ";
        var last = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        var said = VisibleText.Of(last.Length <= LongestReason ? last : last[..LongestReason]);
        if (exitCode == ExitCodes.BadInput && said.StartsWith(Program, StringComparison.Ordinal))
            return said[Program.Length..];
        return $"{manifest}: the model ended the process that ran it "
               + (exitCode > Signals ? $"by signal {exitCode - Signals}" : $"with exit code {exitCode}")
               + (said.Length > 0 ? $" ({said})" : "");
    }
}
