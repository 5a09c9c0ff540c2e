using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Cameras.GStreamer;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>The pictures of a clip, decoded before the clock starts, and given out as a camera would.</summary>
internal sealed class DecodedClip
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    public DecodedClip(string path, int frames)
    {
        var settings = new CameraSettings { Name = "clip", Kind = CameraKind.File, Path = path, Paced = false };
        using var feed = new SensorFeed(settings, SensorClock.System);
        using var capture = GStreamerCapture.Open(settings, SensorClock.System, TimeSpan.Zero, NullLogger.Instance);
        while (Frames.Count < frames && capture.Read(feed, TimeSpan.FromSeconds(10), CancellationToken.None) == CaptureRead.Frame)
        {
            using var frame = feed.Take()!;
            (Width, Height) = (frame.Width, frame.Height);
            Frames.Add(frame.Pixels.ToArray());
        }
    }

    /// <summary>The pictures, RGB, rows without padding.</summary>
    public List<byte[]> Frames { get; } = [];

    /// <summary>The same pictures, BGR.</summary>
    public IEnumerable<byte[]> BgrFrames => Frames.Select(static picture =>
    {
        var swapped = (byte[])picture.Clone();
        for (var i = 0; i < swapped.Length; i += 3) (swapped[i], swapped[i + 2]) = (picture[i + 2], picture[i]);
        return swapped;
    });

    public int Width { get; }

    public int Height { get; }

    public Playback Open(TimeSpan notBefore) => new(this, notBefore);

    /// <summary>One pass over the pictures, each as soon as the one before it was taken.</summary>
    public sealed class Playback(DecodedClip clip, TimeSpan notBefore) : ICapture
    {
        private int _next;

        public CaptureRead Read(SensorFeed feed, TimeSpan timeout, CancellationToken stop)
        {
            if (_next == clip.Frames.Count) return CaptureRead.Ended;
            feed.Video(clip.Frames[_next++], clip.Width, clip.Height, clip.Width * 3, notBefore + _next * Period);
            return CaptureRead.Frame;
        }

        public void Dispose()
        {
        }
    }
}
