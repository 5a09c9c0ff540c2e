using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests;

public sealed class SensorRigTests
{
    [Fact]
    public void Two_cameras_of_different_kinds_give_snapshots_and_return_every_lease()
    {
        using var rig = new SensorRig(
            [
                new CameraSettings { Name = "front", Kind = CameraKind.TestPattern, Width = 160, Height = 120, Audio = true },
                new CameraSettings { Name = "rear", Kind = CameraKind.Synthetic, Width = 64, Height = 48, Fps = 15 },
            ],
            SensorClock.System, new SynchronizerSettings(TimeSpan.FromSeconds(10)), NullLogger.Instance);
        rig.Start();

        var seen = new Dictionary<string, int>();
        while (seen.Count < 2 || seen.Values.Min() < 5)
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(30));
            Assert.NotNull(snapshot);
            foreach (var sample in snapshot.Cameras)
            {
                seen[sample.Frame.Camera] = seen.GetValueOrDefault(sample.Frame.Camera) + 1;
                Assert.InRange(SensorClock.System.Monotonic - sample.Frame.Time.Monotonic, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            }
        }

        rig.Dispose();
        Assert.All(rig.Sources, source => Assert.Equal(0, source.Feed.Pool.Leased));
    }
}
