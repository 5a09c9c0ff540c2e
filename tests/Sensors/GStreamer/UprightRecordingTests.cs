using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>Recordings whose tag says how they are to be turned.</summary>
[Collection(nameof(GStreamerRuns))]
public sealed class UprightRecordingTests(Clips clips)
{
    [Theory]
    [InlineData(1, 0, 0, 1, "RG/BW")]
    [InlineData(0, 1, -1, 0, "BR/WG")]
    [InlineData(-1, 0, 0, -1, "WB/GR")]
    [InlineData(0, -1, 1, 0, "GW/RB")]
    [InlineData(-1, 0, 0, 1, "GR/WB")]
    [InlineData(1, 0, 0, -1, "BW/RG")]
    [InlineData(0, 1, 1, 0, "RB/GW")]
    public void A_recording_is_shown_upright(int a, int b, int c, int d, string corners)
    {
        var clip = clips.Turned("turned.mov", a, b, c, d);
        var (width, height) = a == 0 ? (Clips.Height, Clips.Width) : (Clips.Width, Clips.Height);
        var settings = new CameraSettings { Name = "clip", Kind = CameraKind.File, Path = clip, Paced = false };
        Assert.Equal((width, height, corners), LastImage(settings));
        Assert.Equal((32, 90, corners), LastImage(settings with { Width = 32, Height = 90 }));
        Assert.Equal(24, LastImage(settings with { Width = 24 }).Width);
    }

    private static (int Width, int Height, string Corners) LastImage(CameraSettings settings)
    {
        using var rig = new SensorRig(
            [settings], [], SensorClock.System, new SynchronizerSettings(TimeSpan.FromSeconds(30)),
            NullLogger.Instance);
        rig.Start();
        var image = (0, 0, "");
        var count = 0;
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(1));
            if (snapshot is not null) (image, count) = (Look(snapshot.Cameras[0].Frame), count + 1);
            return rig.Synchronizer.IsCompleted;
        }, "the end of the recording");
        Assert.Equal(10, count);
        return image;
    }

    // Where width and height change the shape, there are black bars, so the corners are looked for around the middle.
    private static (int Width, int Height, string Corners) Look(Frame frame)
    {
        var (x, y) = (frame.Width / 2, frame.Height / 2);
        return (frame.Width, frame.Height, $"{Color(-6, -6)}{Color(5, -6)}/{Color(-6, 5)}{Color(5, 5)}");

        string Color(int right, int down)
        {
            var pixel = frame.Pixels.Slice(((y + down) * frame.Width + x + right) * 3, 3);
            return (pixel[0] > 127, pixel[1] > 127, pixel[2] > 127) switch
            {
                (true, true, true) => "W",
                (true, false, false) => "R",
                (false, true, false) => "G",
                (false, false, true) => "B",
                _ => "?",
            };
        }
    }
}
