using EdgePerception.Sensors.Diagnostics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>
/// OpenTelemetry's aggregation of the service's metrics, for <c>/metrics</c> and, where OTEL_EXPORTER_OTLP_ENDPOINT or
/// OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is set, for a collector; the other OTEL_ variables hold as usual. It takes time
/// to build, so that there is none where nobody <see cref="IsWanted">wants</see> it.
/// </summary>
public sealed class MetricsExport : IHostedService, IDisposable
{
    // What was counted last is worth no longer wait at the end than this, when the collector does not answer.
    private const int FlushMilliseconds = 1000;

    private static readonly string[] EndpointVariables = ["OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Begins to aggregate, and to export where a collector is named.</summary>
    /// <param name="device">The name of this device among others.</param>
    /// <param name="isServed">Whether <c>/metrics</c> is served.</param>
    public MetricsExport(string device, bool isServed)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource
                .AddService(
                    "edge-perception", serviceVersion: typeof(MetricsExport).Assembly.GetName().Version!.ToString(3),
                    serviceInstanceId: device)
                .AddEnvironmentVariableDetector())
            .AddMeter(PerceptionMeter.Name);
        if (isServed) builder.AddPrometheusExporter();
        if (HasCollector) builder.AddOtlpExporter();
        Provider = builder.Build();
    }

    /// <summary>The aggregation.</summary>
    public MeterProvider Provider { get; }

    private static bool HasCollector => EndpointVariables.Any(name => Endpoint(name).Length > 0);

    /// <summary>Whether metrics go anywhere but into the stats topic.</summary>
    /// <exception cref="UserException">
    /// A collector's address is none, which would otherwise go to the default one.
    /// </exception>
    internal static bool IsWanted(bool isServed)
    {
        foreach (var name in EndpointVariables)
        {
            if (Endpoint(name) is { Length: > 0 } endpoint
                && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
                throw new UserException(
                    $"{name} is not the address of a collector: http://HOST:PORT or https://HOST:PORT");
        }

        return isServed || HasCollector;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Provider.Shutdown(FlushMilliseconds);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => Provider.Dispose();

    private static string Endpoint(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
