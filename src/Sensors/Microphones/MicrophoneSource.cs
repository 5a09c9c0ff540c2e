using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.Microphones;

/// <summary>Makes the sources of microphones.</summary>
public static class MicrophoneSource
{
    /// <summary>Makes one that its <see cref="CaptureSource{TFeed}.Start"/> starts.</summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="open">Opens the microphone.</param>
    /// <param name="clock">The clock of the service.</param>
    /// <param name="logger">Where to say how it is doing.</param>
    public static CaptureSource<SoundFeed> Of(
        MicrophoneSettings settings, OpenCapture<SoundFeed> open, SensorClock clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new CaptureSource<SoundFeed>(settings.Life, new SoundFeed(settings, clock), open, clock, logger);
    }
}
