using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Cameras.Synthetic;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.Diagnostics;

/// <summary>Cameras of names that no other test of the process has.</summary>
public sealed class SensorMetricsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_happens_to_frames_and_sources_is_measured_by_camera()
    {
        Capture();
        Rebuild(() => Totals.Of("edge_perception.camera.rebuilds{camera=measured,cause=error}") > 0);
        Assert.Equal(3, Totals.Of("edge_perception.frames.captured{camera=measured}"));
        Assert.Equal(1, Totals.Of("edge_perception.frames.dropped{camera=measured,reason=replaced}"));
        Assert.Equal(1, Totals.Of("edge_perception.frames.dropped{camera=measured,reason=stale}"));
    }

    private void Capture()
    {
        using var feed = CameraSource.Feed(new() { Name = "measured" }, new(_time));
        var now = new SensorClock(_time).Monotonic;
        foreach (var ago in (int[])[20, 10, 15])
            feed.Video(new byte[12], 2, 2, 6, now - TimeSpan.FromMilliseconds(ago));
    }

    private void Rebuild(Func<bool> happened)
    {
        var settings = new CameraSettings { Name = "measured", Kind = CameraKind.Synthetic, Fault = "error@0" };
        var clock = new SensorClock(_time);
        using var source = CameraSource.Of(
            settings, notBefore => new SyntheticCapture(settings, clock, notBefore), clock, NullLogger.Instance);
        source.Start();
        _time.AdvanceUntil(happened);
    }

    [Fact]
    public void What_happens_to_sound_is_measured_by_microphone()
    {
        var settings = new MicrophoneSettings { Name = "measured", Kind = MicrophoneKind.Synthetic, Fault = "error@2" };
        var clock = new SensorClock(_time);
        using var source = MicrophoneSource.Of(
            settings, notBefore => new SyntheticMicrophone(settings, clock, notBefore), clock, NullLogger.Instance);
        source.Start();
        _time.AdvanceUntil(() => Totals.Of("edge_perception.microphone.rebuilds{microphone=measured,cause=error}") > 0);
        Assert.True(Totals.Of("edge_perception.samples.captured{microphone=measured}") >= 320);
    }
}
