using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Http;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Puts the whole service together, for <c>run</c> and for tests that run it within their own process.
/// </summary>
public static class PerceptionHost
{
    /// <summary>
    /// The service as the configuration wants it, on this machine's clock. Nothing is opened before it is started or a
    /// part of it is asked for; who disposes the host frees all of it.
    /// </summary>
    /// <param name="configuration">A configuration that was read and validated.</param>
    /// <param name="logging">Where the service logs to.</param>
    public static IHost Build(ServiceSettings configuration, Action<ILoggingBuilder> logging)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        // The host throws what keeps it from starting as well as logging it; once, and as one line, is enough.
        logging(builder.Logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None));
        // AddSystemd goes by the parent's name, which ProtectProc= hides; who sets the variable wants to be told.
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 })
            builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>()
                .AddSingleton<IHostLifetime, SystemdLifetime>();
        // Before all else, so that they end after all else.
        if (MetricsExport.IsWanted(configuration.Http.IsOn))
        {
            builder.Services.AddSingleton(_ => new MetricsExport(configuration.DeviceName, configuration.Http.IsOn))
                .AddHostedService(p => p.GetRequiredService<MetricsExport>());
        }

        if (configuration.Http.IsOn)
        {
            builder.Services.AddSingleton(configuration.Http).AddSingleton<Probes>().AddSingleton<HttpServer>()
                .AddHostedService(p => p.GetRequiredService<HttpServer>());
        }

        builder.Services
            .AddSingleton(SensorClock.System)
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration);
        return builder.Build();
    }
}
