using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>run</c>: the service.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var set = SharedOptions.Set();
        var duration = new Option<string?>("--duration") { Description = "End by itself after this time, such as 30s, 500ms, 5m (default: never)" };
        var quiet = new Option<bool>("--quiet") { Description = "No status line" };
        var command = new Command("run", "Run the service") { config, set, duration, quiet };
        command.SetAction((parsed, stop) => RunAsync(
            ConfigurationFile.Read(parsed.GetValue(config)!, parsed.GetValue(set)),
            ParseDuration(parsed.GetValue(duration)), parsed.GetValue(quiet), stop));
        return command;
    }

    private static async Task<int> RunAsync(ServiceConfiguration configuration, TimeSpan? duration, bool quiet, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
            options.UseUtcTimestamp = true;
        });
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services
            .AddSingleton(SensorClock.System)
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration);
        using var host = builder.Build();
        var service = host.Services.GetRequiredService<PerceptionService>();
        using var status = quiet ? null : new StatusLine(host.Services.GetRequiredService<HealthReporter>());

        await host.StartAsync(stop);
        var interrupted = await EndAsync(host, duration, stop);
        await host.StopAsync(CancellationToken.None);
        status?.WriteSummary();
        if (service.Fault is not null) return EdgePerceptionCommand.Failed;
        return interrupted ? EdgePerceptionCommand.Interrupted : EdgePerceptionCommand.Success;
    }
}
