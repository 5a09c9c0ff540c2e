using System.Collections.Concurrent;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests;

public sealed class SensorRigTests
{
    [Fact]
    public void Two_cameras_of_different_kinds_give_snapshots_and_return_every_lease()
    {
        using var rig = new SensorRig(
            [
                new CameraSettings { Name = "front", Kind = CameraKind.TestPattern, Width = 160, Height = 120 },
                new CameraSettings { Name = "rear", Kind = CameraKind.Synthetic, Width = 64, Height = 48, Fps = 15 },
            ],
            [], SensorClock.System, new SynchronizerSettings(TimeSpan.FromSeconds(10)), NullLogger.Instance);
        rig.Start();

        var seen = new Dictionary<string, int>();
        while (seen.Count < 2 || seen.Values.Min() < 5)
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(30));
            Assert.NotNull(snapshot);
            foreach (var sample in snapshot.Cameras)
            {
                seen[sample.Frame.Camera] = seen.GetValueOrDefault(sample.Frame.Camera) + 1;
                Assert.InRange(SensorClock.System.Monotonic - sample.Frame.Time.Monotonic, TimeSpan.Zero,
                    TimeSpan.FromSeconds(10));
            }
        }

        rig.Dispose();
        Assert.All(rig.Cameras, source => Assert.Equal(0, source.Feed.Pool.Leased));
    }

    [Fact]
    public void A_frozen_camera_leaves_the_robot_hearing()
    {
        var time = new FakeTimeProvider();
        using var rig = Rig(time, cameraFault: "freeze@3", microphoneFault: null);
        rig.Start();
        time.AdvanceUntil(() => rig.Cameras[0].Status.State == CaptureState.Frozen);
        var heard = rig.Microphones[0].Feed.Captured;
        time.AdvanceUntil(() => rig.Microphones[0].Feed.Captured > heard + AudioBuffer.SampleRate);
        Assert.Equal(CaptureState.Live, rig.Microphones[0].Status.State);
    }

    [Fact]
    public void A_frozen_microphone_is_noticed_and_rebuilt_and_leaves_the_robot_seeing()
    {
        var time = new FakeTimeProvider();
        using var rig = Rig(time, cameraFault: null, microphoneFault: "freeze@50");
        var changes = new ConcurrentQueue<CaptureStatus>();
        rig.Microphones[0].StatusChanged += changes.Enqueue;
        rig.Start();
        time.AdvanceUntil(() => changes.Count >= 3);
        Assert.Equal(
            [(CaptureState.Live, null), (CaptureState.Frozen, "no sound for 500 ms"), (CaptureState.Live, null)],
            changes.Take(3).Select(change => (change.State, change.Reason)));
        Assert.Equal(CaptureState.Live, rig.Cameras[0].Status.State);
        Assert.True(rig.Cameras[0].Feed.Captured > 3);
    }

    [Fact]
    public void The_source_that_is_silent_for_longest_counts_from_its_newest_or_from_the_start()
    {
        var time = new FakeTimeProvider();
        using var rig = Rig(time, cameraFault: "freeze@3", microphoneFault: "freeze@50");
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (rig.CameraSilence, rig.MicrophoneSilence));
        time.Advance(TimeSpan.FromSeconds(5));
        rig.Start();
        Assert.InRange(rig.CameraSilence, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        time.AdvanceUntil(() => rig.Cameras[0].Status.State == CaptureState.Frozen);
        Assert.InRange(rig.CameraSilence, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));
        time.AdvanceUntil(() => rig.Microphones[0].Status.State == CaptureState.Frozen);
        Assert.True(rig.MicrophoneSilence >= TimeSpan.FromMilliseconds(500));
        Assert.Equal(0, Allocations.Least(() => _ = rig.CameraSilence + rig.MicrophoneSilence));
    }

    [Fact]
    public void Without_microphones_none_is_silent()
    {
        var time = new FakeTimeProvider();
        using var rig = new SensorRig(
            [new() { Name = "front", Kind = CameraKind.Synthetic }], [], new SensorClock(time),
            new SynchronizerSettings(TimeSpan.FromSeconds(10)), NullLogger.Instance);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.Zero), (rig.CameraSilence, rig.MicrophoneSilence));
    }

    [Fact]
    public void Of_an_unpaced_recording_it_is_the_arrival_that_counts_and_one_that_ended_grows_silent()
    {
        var time = new FakeTimeProvider();
        using var rig = new SensorRig(
            [new() { Name = "clip", Kind = CameraKind.Synthetic, Paced = false, Fault = "freeze@3" }], [],
            new SensorClock(time), new SynchronizerSettings(TimeSpan.FromSeconds(10)), NullLogger.Instance);
        time.Advance(TimeSpan.FromHours(1));
        rig.Start();
        // Its own time begins where it wants; three frames are taken one after the other.
        for (var taken = 0; taken < 3; taken++)
        {
            time.AdvanceUntil(() => rig.Cameras[0].Feed.Take() is { } frame && Returned(frame));
            Assert.InRange(rig.CameraSilence, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }

        rig.Dispose();
        var before = rig.CameraSilence;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before + TimeSpan.FromSeconds(5), rig.CameraSilence);

        static bool Returned(IDisposable frame)
        {
            frame.Dispose();
            return true;
        }
    }

    private static SensorRig Rig(FakeTimeProvider time, string? cameraFault, string? microphoneFault) => new(
        [new()
        {
            Name = "front", Kind = CameraKind.Synthetic, Width = 32, Height = 24, WatchdogMs = 500, Fault = cameraFault,
        }],
        [new() { Name = "left", Kind = MicrophoneKind.Synthetic, WatchdogMs = 500, Fault = microphoneFault }],
        new SensorClock(time), new SynchronizerSettings(TimeSpan.FromSeconds(10)), NullLogger.Instance);
}
