using System.Diagnostics;

namespace EdgePerception.Sensors.Microphones;

/// <summary>
/// The last seconds of a microphone, as a ring of 16 kHz interleaved samples whose positions are times. Positions count
/// samples of one channel from 0 and never go back. Safe for one writer and any readers; allocates nothing.
/// </summary>
/// <remarks>
/// Blocks come with times that jitter and with a sample rate that is never exactly 16 kHz on our clock. Small
/// differences pull the time line smoothly (a first-order loop, after F. Adriaensen, "Using a DLL to filter time", LAC
/// 2005); a block that is late by more than <see cref="Tolerance"/> opens a gap, which is filled with silence; the part
/// of a block that is early by more than that was already recorded and is skipped.
/// </remarks>
public sealed class AudioBuffer
{
    /// <summary>Samples a second of each channel, of all sound in the service.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Differences below this are jitter, above it missing or doubled sound.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(40);

    private const double LoopGain = 1.0 / 32;
    private readonly Lock _gate = new();
    private readonly float[] _ring;
    private readonly int _capacity;
    private long _end;
    private double _originTicks;
    private bool _started;
    private long _breakAt = -1;
    private long _gaps;

    /// <summary>Makes a ring.</summary>
    /// <param name="channels">Channels, 1 to 32.</param>
    /// <param name="history">How much it keeps, 0.1 to 60 s.</param>
    public AudioBuffer(int channels, TimeSpan history)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(history, TimeSpan.FromSeconds(0.1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(history, TimeSpan.FromSeconds(60));
        Channels = channels;
        _capacity = ToSamples(history);
        _ring = new float[_capacity * channels];
    }

    /// <summary>Interleaved channels.</summary>
    public int Channels { get; }

    /// <summary>Samples of one channel that it keeps.</summary>
    public int Capacity => _capacity;

    /// <summary>The position after the newest sample.</summary>
    public long End
    {
        get { lock (_gate) return _end; }
    }

    /// <summary>How often sound was missing between two blocks.</summary>
    public long Gaps
    {
        get { lock (_gate) return _gaps; }
    }

    /// <summary>The duration of a number of samples of one channel.</summary>
    public static TimeSpan ToTime(long samples) =>
        new(samples * TimeSpan.TicksPerSecond / SampleRate);

    /// <summary>How many whole samples of one channel a time holds, to the nearest.</summary>
    public static int ToSamples(TimeSpan time) =>
        (int)Math.Round((double)time.Ticks * SampleRate / TimeSpan.TicksPerSecond);

    /// <summary>Appends a block.</summary>
    /// <param name="samples">Interleaved; a whole number of samples of every channel.</param>
    /// <param name="time">When its first sample was taken, on CLOCK_MONOTONIC.</param>
    public void Write(ReadOnlySpan<float> samples, TimeSpan time)
    {
        Debug.Assert(samples.Length % Channels == 0, "a block holds whole samples");
        lock (_gate)
        {
            if (!_started) (_started, _originTicks) = (true, time.Ticks);
            var error = time.Ticks - TicksAt(_end);
            if (Math.Abs(error) <= Tolerance.Ticks) _originTicks += error * LoopGain;
            else if (error > 0) FillGap(error);
            else samples = SkipRecorded(samples, -error);
            Append(samples);
        }
    }

    /// <summary>
    /// Copies what was recorded from a position up to a time. Starts later when the ring no longer holds that position,
    /// stops earlier when the sound has not arrived or <paramref name="into"/> is full.
    /// </summary>
    /// <param name="from">The position to start at; afterwards the one to go on from.</param>
    /// <param name="until">The time to stop before, on CLOCK_MONOTONIC.</param>
    /// <param name="into">Receives the interleaved samples.</param>
    /// <param name="start">When the first copied sample was taken.</param>
    /// <param name="discontinuity">Sound is missing in what was copied, or right before it.</param>
    /// <returns>How many samples of one channel were copied.</returns>
    public int Read(ref long from, TimeSpan until, Span<float> into, out TimeSpan start, out bool discontinuity)
    {
        lock (_gate)
        {
            var first = Math.Max(from, Math.Max(0, _end - _capacity));
            var last = Math.Min(_end, first + into.Length / Channels);
            if (_started) last = Math.Min(last, PositionAt(until));
            start = new TimeSpan((long)Math.Round(TicksAt(first)));
            var count = (int)Math.Max(0, last - first);
            discontinuity = count > 0 && (first > from || (_breakAt >= first && _breakAt < first + count));
            if (count == 0) return 0;
            CopyOut(first, into[..(count * Channels)]);
            from = first + count;
            return count;
        }
    }

    private double TicksAt(long position) =>
        _originTicks + (double)position * TimeSpan.TicksPerSecond / SampleRate;

    private long PositionAt(TimeSpan time) =>
        (long)Math.Round((time.Ticks - _originTicks) * SampleRate / TimeSpan.TicksPerSecond);

    private void FillGap(double ticks)
    {
        var missing = (long)Math.Round(ticks * SampleRate / TimeSpan.TicksPerSecond);
        var silence = (int)Math.Min(missing, _capacity);
        _end += missing - silence;
        for (var left = silence; left > 0;)
        {
            var run = Math.Min(left, _capacity - (int)(_end % _capacity));
            Slots(_end, run).Clear();
            (left, _end) = (left - run, _end + run);
        }

        _breakAt = _end;
        _gaps++;
    }

    private ReadOnlySpan<float> SkipRecorded(ReadOnlySpan<float> samples, double ticks)
    {
        var early = (long)Math.Round(ticks * SampleRate / TimeSpan.TicksPerSecond);
        _breakAt = _end;
        if (early <= _capacity) return samples[(int)Math.Min(early * Channels, samples.Length)..];
        // Farther back than the ring reaches: the source began a new time line.
        _originTicks -= ticks;
        _gaps++;
        return samples;
    }

    private void Append(ReadOnlySpan<float> samples)
    {
        var skipped = Math.Max(0, samples.Length / Channels - _capacity);
        _end += skipped;
        samples = samples[(skipped * Channels)..];
        while (!samples.IsEmpty)
        {
            var run = Math.Min(samples.Length / Channels, _capacity - (int)(_end % _capacity));
            samples[..(run * Channels)].CopyTo(Slots(_end, run));
            samples = samples[(run * Channels)..];
            _end += run;
        }
    }

    private void CopyOut(long position, Span<float> into)
    {
        while (!into.IsEmpty)
        {
            var run = Math.Min(into.Length / Channels, _capacity - (int)(position % _capacity));
            Slots(position, run).CopyTo(into);
            into = into[(run * Channels)..];
            position += run;
        }
    }

    private Span<float> Slots(long position, int count) =>
        _ring.AsSpan((int)(position % _capacity) * Channels, count * Channels);
}
