using System.Globalization;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>A line a second in the log that says how the service is doing, and a summary at the end.</summary>
internal sealed partial class StatusLine : IDisposable
{
    private readonly HealthReporter _reporter;
    private readonly LatencyWindow _latency;
    private readonly ILogger<StatusLine> _logger;

    public StatusLine(HealthReporter reporter, LatencyWindow latency, ILogger<StatusLine> logger)
    {
        (_reporter, _latency, _logger) = (reporter, latency, logger);
        reporter.Reported += Write;
    }

    public void Dispose() => _reporter.Reported -= Write;

    /// <summary>What the whole run came to.</summary>
    public void WriteSummary()
    {
        var (p50, p99, _) = _latency.Percentiles();
        Say(_logger, LogLevel.Information, string.Create(CultureInfo.InvariantCulture,
            $"ended: {_latency.Count} frames published, latency p50 {p50:0} ms, p99 {p99:0} ms, {Dropped} frames "
            + $"dropped, {Sum("edge_perception.commands.received")} commands, {Sum("edge_perception.actions.sent")} "
            + $"actions"));
    }

    private static long Dropped => Sum("edge_perception.frames.dropped");

    private static long Sum(string counter) =>
        TotalCounter.All.Where(each => each.Name == counter).Sum(each => each.Sum);

    private void Write(Stats stats, Health health)
    {
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{stats.UptimeS,6:0} s  {_latency.Count,6} frames  {stats.FramesPerSecond,5:0.0}/s  latency p50 "
            + $"{stats.LatencyP50Ms,4:0} p99 {stats.LatencyP99Ms,4:0} ms  {stats.Tracks,3} tracks  {Dropped,5} "
            + $"dropped  {health.Status.ToString().ToLowerInvariant()}");
        var level = health.Status == Health.Types.Status.Ok ? LogLevel.Information : LogLevel.Warning;
        Say(_logger, level, line);
    }

    [LoggerMessage(EventId = 5011, EventName = "Status", Message = "{Line}")]
    private static partial void Say(ILogger logger, LogLevel level, string line);
}
