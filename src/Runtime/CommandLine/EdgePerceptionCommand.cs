using System.CommandLine;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.CommandLine.Models;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Files;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>The command line: its verbs, and what becomes of an error in any of them.</summary>
public static class EdgePerceptionCommand
{
    /// <summary>
    /// Parses the arguments, runs the verb and answers the exit code. Every fault is a line on standard error.
    /// </summary>
    /// <param name="arguments">The arguments after the program's name.</param>
    /// <param name="reloads">The wishes for a new model that the service is to serve; none for other verbs.</param>
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, ReloadRequests? reloads)
    {
        // With one, '@name' would be read as a file of further arguments, whatever lies there, and lost as a command.
        var plain = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = Create(reloads).Parse(arguments.Count == 0 ? ["--help"] : arguments, plain);
        if (parsed.Errors.Count > 0)
        {
            // An unknown verb is told once, not also as a missing one.
            var errors = parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens.Count > 0
                ? parsed.Errors.Skip(1) : parsed.Errors;
            foreach (var error in errors)
                await Terminal.Error.WriteLineAsync($"edge-perception: {Redaction.Text(error.Message)}");
            await Terminal.Error.WriteLineAsync("edge-perception: --help shows what can be given");
            return ExitCodes.BadInput;
        }

        try
        {
            // Signals are the verb's own: the library would end a service that takes its time to stop in order.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration);
        }
        catch (YamlException e)
        {
            foreach (var fault in e.Faults) await Terminal.Error.WriteLineAsync(fault.ToString());
            return ExitCodes.BadInput;
        }
        catch (Exception e) when (e is UserException or ModelException)
        {
            await Terminal.Error.WriteLineAsync($"edge-perception: {Redaction.Text(e.Message)}");
            return ExitCodes.BadInput;
        }
        catch (Exception e) when (e is MessagingException or OutputException)
        {
            await Terminal.Error.WriteLineAsync($"edge-perception: {Redaction.Text(e.Message)}");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // The outermost boundary: whatever comes is one line, not a stack trace.
        catch (Exception e)
        {
            var verbose = Environment.GetEnvironmentVariable("EDGE_PERCEPTION_TRACE") == "1";
            await Terminal.Error.WriteLineAsync(verbose
                ? $"edge-perception: {Redaction.Text($"{e}")}"
                : $"edge-perception: failed: {e.GetType().Name}: {Redaction.Text(e.Message)}"
                    + " (EDGE_PERCEPTION_TRACE=1 shows where)");
            return ExitCodes.Failed;
        }
#pragma warning restore CA1031
    }

    private static RootCommand Create(ReloadRequests? reloads) => new(
        """
        A perception runtime for robots: cameras and microphones in, grounded actions out.

        Examples:
          edge-perception run --config configs/demo.yaml --duration 20s
          edge-perception detect --image photo.jpg
          edge-perception ground --image photo.jpg --command "bring me the red mug left of the bottle"
        """)
    {
        RunCommand.Create(reloads),
        CheckCommand.Create(),
        DoctorCommand.Create(),
        DetectCommand.Create(),
        GroundCommand.Create(),
        ModelsCommand.Create(),
        SendCommand.Create(),
    };
}
