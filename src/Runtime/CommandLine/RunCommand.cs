using System.CommandLine;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>run</c>: the service.</summary>
internal static class RunCommand
{
    public static Command Create(ReloadRequests? reloads)
    {
        var config = SharedOptions.Config();
        var set = SharedOptions.Set();
        var duration = SharedOptions.Duration(
            "--duration", "End by itself after this time, such as 30s or 5m (default: run until stopped)");
        var quiet = new Option<bool>("--quiet") { Description = "No status line" };
        var command = new Command("run", "Run the service") { config, set, duration, quiet };
        command.SetAction(async (parsed, _) =>
        {
            PoolThreads.KeepEnough();
            var library = OnnxRuntimeLibrary.LoadAheadAsync();
            try
            {
                var configuration = ConfigurationFile.Read(parsed.GetValue(config)!, parsed.GetValue(set));
                ExposedSecrets.Warn(parsed.GetValue(config)!, parsed.GetValue(set), configuration);
                return await RunAsync(
                    configuration, parsed.GetValue(config)!, parsed.GetValue(duration), parsed.GetValue(quiet),
                    reloads);
            }
            finally
            {
                await library;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ServiceSettings configuration, string file, TimeSpan? duration, bool quiet, ReloadRequests? reloads)
    {
        using var host = PerceptionHost.Build(configuration, ServiceLog.ToStandardError);
        // Its model takes longest to open, and begins to now.
        _ = host.Services.GetRequiredService<LiveDetector>();
        var service = host.Services.GetRequiredService<PerceptionService>();
        using var status = quiet ? null : ActivatorUtilities.CreateInstance<StatusLine>(host.Services);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var interrupted = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            (signal.Cancel, interrupted) = (true, true);
            lifetime.StopApplication();
        });

        await host.StartAsync();
        StartNote.Write(
            host.Services.GetRequiredService<ILogger<StatusLine>>(),
            host.Services.GetRequiredService<SafetySupervisor>().State, file, configuration.Mqtt is not null);
        var reloader = host.Services.GetRequiredService<ModelReloader>();
        reloads?.Serve(() => reloader.ReloadAsync());
        using var timer = duration is { } time
            ? TimeProvider.System.CreateTimer(_ => lifetime.StopApplication(), null, time, Timeout.InfiniteTimeSpan)
            : null;
        await host.WaitForShutdownAsync();
        reloader.Dispose();
        if (reloads is not null) await reloads.EndAsync();
        status?.WriteSummary();
        return service.Failed ? ExitCodes.Failed
            : interrupted ? ExitCodes.Interrupted
            : ExitCodes.Success;
    }
}
