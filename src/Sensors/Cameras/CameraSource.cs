using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.Cameras;

/// <summary>Makes the sources of cameras.</summary>
public static class CameraSource
{
    /// <summary>Makes one that its <see cref="CaptureSource{TFeed}.Start"/> starts.</summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="open">Opens the camera.</param>
    /// <param name="clock">The clock of the service.</param>
    /// <param name="logger">Where to say how it is doing.</param>
    public static CaptureSource<FrameFeed> Of(
        CameraSettings settings, OpenCapture<FrameFeed> open, SensorClock clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new CaptureSource<FrameFeed>(settings.Life, Feed(settings, clock), open, clock, logger);
    }

    /// <summary>What a camera will give.</summary>
    public static FrameFeed Feed(CameraSettings settings, SensorClock clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new FrameFeed(settings.Name, clock, settings.IsRealTime, settings.PoolFrames);
    }
}
