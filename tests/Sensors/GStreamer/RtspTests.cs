using System.Collections.Concurrent;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>A real network camera that is killed and frozen, beside a camera that goes on.</summary>
[Collection(nameof(GStreamerRuns))]
public sealed class RtspTests
{
    private readonly ConcurrentQueue<CaptureStatus> _changes = new();

    [Theory]
    [InlineData(RtspTransport.Tcp)]
    [InlineData(RtspTransport.Udp)]
    public void Pictures_and_sound_arrive(RtspTransport transport)
    {
        using var server = new RtspServer();
        using var rig = Rig(server.Url, transport);
        var begin = SensorClock.System.Monotonic;
        var frames = 0;
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(1));
            if (snapshot is null) return false;
            foreach (var sample in snapshot.Cameras)
            {
                if (sample.Frame.Camera != "net") continue;
                Assert.Equal((160, 120), (sample.Frame.Width, sample.Frame.Height));
                Assert.InRange(sample.Frame.Time.Monotonic, begin, SensorClock.System.Monotonic);
                frames++;
            }

            return frames > 10 && rig.Microphones[0].Feed.Captured > 1600;
        }, "pictures and sound", 30);
    }

    [Fact]
    public void A_killed_camera_is_noticed_and_rebuilt_while_the_other_goes_on()
    {
        var server = new RtspServer();
        using var rig = Rig(server.Url);
        Become(rig, CaptureState.Live);
        server.Dispose();
        Become(rig, CaptureState.Failed);
        OtherGoesOn(rig);

        using var again = new RtspServer(server.Port);
        Become(rig, CaptureState.Live);
        FramesKeepRising(rig);
    }

    [Fact]
    public void A_frozen_camera_is_noticed_and_rebuilt_while_the_other_goes_on()
    {
        using var server = new RtspServer();
        using var rig = Rig(server.Url);
        Become(rig, CaptureState.Live);
        server.Freeze();
        Become(rig, CaptureState.Frozen);
        Assert.Equal("no frame for 1000 ms", rig.Cameras[0].Status.Reason);
        OtherGoesOn(rig);

        server.Wake();
        Become(rig, CaptureState.Live);
        FramesKeepRising(rig);
    }

    [Fact]
    public void A_camera_that_is_not_there_is_named_without_its_password()
    {
        using var rig = Rig("rtsp://admin:secret@127.0.0.1:1/camera");
        Become(rig, CaptureState.Failed);
        Assert.StartsWith("rtsp://127.0.0.1:1/camera: ", rig.Cameras[0].Status.Reason, StringComparison.Ordinal);
        Assert.All(_changes, change => Assert.DoesNotContain("secret", change.Reason ?? "", StringComparison.Ordinal));
    }

    private static void OtherGoesOn(SensorRig rig)
    {
        var captured = rig.Cameras[1].Feed.Captured;
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(1));
            return rig.Cameras[1].Feed.Captured > captured + 10;
        }, "frames of the other camera");
        Assert.Equal(CaptureState.Live, rig.Cameras[1].Status.State);
    }

    private static void Become(SensorRig rig, CaptureState state) =>
        Eventually.Holds(() => rig.Cameras[0].Status.State == state, $"the state {state}");

    private static void FramesKeepRising(SensorRig rig)
    {
        var last = TimeSpan.Zero;
        var frames = 0;
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(1));
            if (snapshot is null) return false;
            foreach (var sample in snapshot.Cameras)
            {
                if (sample.Frame.Camera != "net") continue;
                Assert.True(sample.Frame.Time.Monotonic > last);
                (last, frames) = (sample.Frame.Time.Monotonic, frames + 1);
            }

            return frames > 5;
        }, "new frames");
        rig.Dispose();
        Assert.All(rig.Cameras, source => Assert.Equal(0, source.Feed.Pool.Leased));
    }

    private SensorRig Rig(string url, RtspTransport transport = RtspTransport.Tcp)
    {
        var rig = new SensorRig(
            [
                new CameraSettings
                {
                    Name = "net", Kind = CameraKind.Rtsp, Url = url, Transport = transport, WatchdogMs = 1000,
                    StartTimeoutMs = 5000,
                },
                new CameraSettings { Name = "other", Kind = CameraKind.Synthetic, Width = 32, Height = 24 },
            ],
            [new() { Name = "net", Kind = MicrophoneKind.Rtsp, Url = url, Transport = transport }],
            SensorClock.System, new SynchronizerSettings(TimeSpan.FromSeconds(30)), NullLogger.Instance);
        rig.Cameras[0].StatusChanged += _changes.Enqueue;
        rig.Start();
        return rig;
    }
}
