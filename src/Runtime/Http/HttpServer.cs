using System.Net.Sockets;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Transports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Http;

/// <summary>
/// Serves <c>/metrics</c> (Prometheus), <c>/healthz</c> and <c>/readyz</c> (200 or 503, with a small JSON object that
/// names what is not well) to GET and HEAD; all else is 404 or 405. Its host starts it first, so that a taken port is
/// told before anything moves, and stops it last and at once, whoever still reads.
/// </summary>
public sealed class HttpServer(HttpSettings options, Probes probes, MetricsExport metrics, ILogger<HttpServer> logger)
    : IHostedService, IAsyncDisposable
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private WebApplication? _app;

    /// <summary>Where it listens, with the port that the system chose; none before the start.</summary>
    public string? Url => _app?.Urls.Single();

    /// <inheritdoc/>
    /// <exception cref="MessagingException">The address cannot be had; one clear line.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Warning is { } warning) HttpLog.OpenToTheNetwork(logger, warning);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Bound(kestrel));
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, NoSignals>();
        _app = builder.Build();
        Map("/healthz", context => AnswerAsync(context, probes.Faults()));
        Map("/readyz", context => AnswerAsync(context, probes.NotReady()));
        _app.MapPrometheusScrapingEndpoint("/metrics", metrics.Provider, null, null)
            .WithMetadata(new HttpMethodMetadata(Methods));
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new MessagingException($"http.address: {options.Address} cannot be opened: {Reason(e)}", e);
        }

        HttpLog.Listens(logger, Url!);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _app?.StopAsync(new CancellationToken(canceled: true)) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? default;

    private void Map(string path, RequestDelegate answer) => _app!.MapMethods(path, Methods, answer);

    // A handful of scrapers and probes on a small machine: who needs more than this is not one of them.
    private void Bound(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 32;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.MaxRequestLineSize = 2 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Listen(options.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyDictionary<string, string> faults)
    {
        context.Response.StatusCode =
            faults.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(new { status = faults.Count == 0 ? "ok" : "unavailable", faults });
    }

    private static string Reason(Exception e) => e switch
    {
        SocketException socket => socket.Message,
        { InnerException: { } inner } => Reason(inner),
        _ => e.Message,
    };

    // Signals are the service's own.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
