using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.Diagnostics;

/// <summary>A listener hears the whole process, and would be counted in where other tests count allocations.</summary>
[CollectionDefinition(nameof(MetricsRuns), DisableParallelization = true)]
public sealed class MetricsRuns;

[Collection(nameof(MetricsRuns))]
public sealed class SensorMetricsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_happens_to_frames_and_sources_is_measured_by_camera()
    {
        var measured = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == SensorMetrics.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray();
            if (!all.Contains(new("camera", "measured"))) return;
            var rest = string.Join(",", all.Where(tag => tag.Key != "camera").Select(tag => $"{tag.Key}={tag.Value}"));
            measured.AddOrUpdate($"{instrument.Name} {rest}".TrimEnd(), value, (_, sum) => sum + value);
        });
        listener.Start();

        Capture();
        Rebuild(() => measured.ContainsKey("sensors.source.rebuilds cause=error"));

        Assert.Equal(3, measured["sensors.frames.captured"]);
        Assert.Equal(1, measured["sensors.frames.dropped reason=replaced"]);
        Assert.Equal(1, measured["sensors.frames.dropped reason=stale"]);
    }

    private void Capture()
    {
        using var feed = new SensorFeed(new() { Name = "measured" }, new(_time));
        var now = new SensorClock(_time).Monotonic;
        foreach (var ago in (int[])[20, 10, 15]) feed.Video(new byte[12], 2, 2, 6, now - TimeSpan.FromMilliseconds(ago));
    }

    private void Rebuild(Func<bool> happened)
    {
        var settings = new CameraSettings { Name = "measured", Kind = CameraKind.Synthetic, Fault = "error@0" };
        var clock = new SensorClock(_time);
        using var source = new CaptureSource(
            settings, notBefore => new SyntheticCapture(settings, clock, notBefore), clock, NullLogger.Instance);
        source.Start();
        _time.AdvanceUntil(happened);
    }
}
