using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>The images of a clip, decoded before the clock starts, and given out as a camera would.</summary>
internal sealed class DecodedClip
{
    /// <summary>Images a second of a live playback.</summary>
    public const int LiveRate = 15;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    public DecodedClip(string path, int frames)
    {
        var settings = new CameraSettings { Name = "clip", Kind = CameraKind.File, Path = path, Paced = false };
        using var feed = CameraSource.Feed(settings, SensorClock.System);
        using var capture = GStreamerCapture.Open(settings, SensorClock.System, TimeSpan.Zero, NullLogger.Instance);
        while (Frames.Count < frames
            && capture.Read(feed, TimeSpan.FromSeconds(10), CancellationToken.None) == CaptureRead.Arrived)
        {
            using var frame = feed.Take()!;
            (Width, Height) = (frame.Width, frame.Height);
            Frames.Add(frame.Pixels.ToArray());
        }

        BgrFrames.AddRange(Frames.Select(SwapChannels));
    }

    /// <summary>The images, RGB, rows without padding.</summary>
    public List<byte[]> Frames { get; } = [];

    /// <summary>The same images, BGR, as OpenCV has them.</summary>
    public List<byte[]> BgrFrames { get; } = [];

    public int Width { get; }

    public int Height { get; }

    /// <summary>One of the images, as our preprocessing takes it.</summary>
    public ImageView Rgb(int image) => ImageView.Packed(PixelFormat.Rgb24, Frames[image], Width, Height, Width * 3);

    /// <summary>An image of <see cref="BgrFrames"/> by its number.</summary>
    public ImageView Bgr(int image) => ImageView.Packed(PixelFormat.Bgr24, BgrFrames[image], Width, Height, Width * 3);

    /// <summary>So many images, from the first over and over, each as soon as the one before it was taken.</summary>
    public Playback Open(TimeSpan notBefore, int images) => new(this, notBefore, images);

    /// <summary>
    /// The images over and over as a camera gives them, <see cref="LiveRate"/> a second, until it is stopped.
    /// </summary>
    public LivePlayback OpenLive(TimeSpan notBefore) => new(this);

    private static byte[] SwapChannels(byte[] image)
    {
        var swapped = (byte[])image.Clone();
        for (var i = 0; i < swapped.Length; i += 3) (swapped[i], swapped[i + 2]) = (image[i + 2], image[i]);
        return swapped;
    }

    /// <summary>The images as fast as they are taken.</summary>
    public sealed class Playback(DecodedClip clip, TimeSpan notBefore, int images) : ICapture<FrameFeed>
    {
        private int _next;

        public CaptureRead Read(FrameFeed feed, TimeSpan timeout, CancellationToken stop)
        {
            if (_next == images) return CaptureRead.Ended;
            feed.Video(clip.Frames[_next++ % clip.Frames.Count], clip.Width, clip.Height, clip.Width * 3,
                notBefore + _next * Period);
            return CaptureRead.Arrived;
        }

        public void Dispose()
        {
        }
    }

    /// <summary>The images at the time when they are due.</summary>
    public sealed class LivePlayback(DecodedClip clip) : ICapture<FrameFeed>
    {
        private static readonly TimeSpan LivePeriod = TimeSpan.FromSeconds(1.0 / LiveRate);
        private TimeSpan _due = SensorClock.System.Monotonic;
        private int _next;

        public CaptureRead Read(FrameFeed feed, TimeSpan timeout, CancellationToken stop)
        {
            var left = _due - SensorClock.System.Monotonic;
            if (left > TimeSpan.Zero && stop.WaitHandle.WaitOne(left)) return CaptureRead.Nothing;
            feed.Video(clip.Frames[_next++ % clip.Frames.Count], clip.Width, clip.Height, clip.Width * 3,
                SensorClock.System.Monotonic);
            _due += LivePeriod;
            return CaptureRead.Arrived;
        }

        public void Dispose()
        {
        }
    }
}
