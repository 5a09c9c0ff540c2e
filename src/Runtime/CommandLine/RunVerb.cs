using System.CommandLine;
using System.Runtime.InteropServices;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>run</c>: the service.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var set = SharedOptions.Set();
        var duration = SharedOptions.Duration("--duration", "End by itself after this time, such as 30s or 5m (default: run until stopped)");
        var quiet = new Option<bool>("--quiet") { Description = "No status line" };
        var command = new Command("run", "Run the service") { config, set, duration, quiet };
        command.SetAction((parsed, _) =>
        {
            var configuration = ConfigurationFile.Read(parsed.GetValue(config)!, parsed.GetValue(set));
            ExposedSecrets.Warn(parsed.GetValue(config)!, parsed.GetValue(set), configuration);
            return RunAsync(configuration, parsed.GetValue(duration), parsed.GetValue(quiet));
        });
        return command;
    }

    private static async Task<int> RunAsync(ServiceConfiguration configuration, TimeSpan? duration, bool quiet)
    {
        using var host = PerceptionHost.Build(configuration, LogToStandardError);
        var service = host.Services.GetRequiredService<PerceptionService>();
        using var status = quiet ? null : ActivatorUtilities.CreateInstance<StatusLine>(host.Services);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var interrupted = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            (signal.Cancel, interrupted) = (true, true);
            lifetime.StopApplication();
        });

        var reloader = host.Services.GetRequiredService<ModelReloader>();
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = reloader.ReloadAsync();
        });

        await host.StartAsync();
        using var timer = duration is { } time
            ? TimeProvider.System.CreateTimer(_ => lifetime.StopApplication(), null, time, Timeout.InfiniteTimeSpan)
            : null;
        await host.WaitForShutdownAsync();
        status?.WriteSummary();
        return service.Fault is not null ? EdgePerceptionCommand.Failed
            : interrupted ? EdgePerceptionCommand.Interrupted
            : EdgePerceptionCommand.Success;
    }

    private static void LogToStandardError(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
            options.UseUtcTimestamp = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
