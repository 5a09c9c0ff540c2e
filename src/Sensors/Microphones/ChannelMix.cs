namespace EdgePerception.Sensors.Microphones;

/// <summary>
/// Brings sound to another number of channels, whatever places they have: of more channels than are wanted, every so
/// many are averaged into one (of four into two, the first with the third and the second with the fourth); fewer are
/// repeated in turn. So one channel is the mean of all, and a single microphone is heard on every channel.
/// </summary>
internal static class ChannelMix
{
    /// <summary>Mixes interleaved samples.</summary>
    /// <param name="samples">Whole samples of <paramref name="from"/> channels; a rest is left out.</param>
    /// <param name="from">Channels that are there, 1 or more.</param>
    /// <param name="into">Receives as many samples of <paramref name="to"/> channels.</param>
    /// <param name="to">Channels that are wanted, 1 or more.</param>
    public static void Mix(ReadOnlySpan<float> samples, int from, Span<float> into, int to)
    {
        for (; samples.Length >= from; samples = samples[from..], into = into[to..])
        {
            for (var channel = 0; channel < to; channel++)
                into[channel] = channel < from ? Mean(samples[..from], channel, to) : samples[channel % from];
        }
    }

    private static float Mean(ReadOnlySpan<float> sample, int first, int step)
    {
        var (sum, count) = (0f, 0);
        for (var i = first; i < sample.Length; i += step) (sum, count) = (sum + sample[i], count + 1);
        return sum / count;
    }
}
