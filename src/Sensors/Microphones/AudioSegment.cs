namespace EdgePerception.Sensors.Microphones;

/// <summary>
/// A stretch of sound that belongs to one frame: everything that was recorded since the segment before it, up to the
/// frame's own time, as far as it had arrived; what comes late belongs to the next one, so nothing is lost or doubled.
/// </summary>
/// <param name="Samples">16 kHz, interleaved by channel, -1 to 1; valid as long as the snapshot. Empty without a microphone.</param>
/// <param name="Channels">Channels in <paramref name="Samples"/>; 0 without a microphone.</param>
/// <param name="Start">When the first sample was taken, on CLOCK_MONOTONIC.</param>
/// <param name="Discontinuity">
/// Sound is missing in it or right before it (the source was rebuilt, or nobody listened for too long); a gap inside
/// is filled with silence, so that sample positions stay times.
/// </param>
public readonly record struct AudioSegment(
    ReadOnlyMemory<float> Samples, int Channels, TimeSpan Start, bool Discontinuity)
{
    /// <summary>Samples a second of each channel, of all sound in the service.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Samples of one channel.</summary>
    public int Length => Channels == 0 ? 0 : Samples.Length / Channels;

    /// <summary>How long it is.</summary>
    public TimeSpan Duration => AudioBuffer.ToTime(Length);

    /// <summary>When the sample after its last one was or will be taken.</summary>
    public TimeSpan End => Start + Duration;
}
