using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Microphones;

/// <summary>
/// What one microphone gives, across all of its rebuilds: its last seconds of sound. Its own thread writes, whoever
/// listens reads; neither waits for the other. Steady state allocates nothing.
/// </summary>
public sealed class SoundFeed : ICaptureFeed
{
    private static readonly TimeSpan History = TimeSpan.FromSeconds(4);
    private readonly float _gain;
    private float[] _amplified = [];
    private long _lastTicks;
    private long _lastSoundTicks;
    private long _captured;
    private volatile bool _finished;

    /// <summary>Makes the feed of a microphone.</summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="clock">The clock of the service.</param>
    public SoundFeed(MicrophoneSettings settings, SensorClock clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        (Microphone, Positions) = (settings.Name, settings.Positions);
        _gain = (float)Math.Pow(10, settings.GainDb / 20);
        Buffer = new AudioBuffer(settings.Channels, History);
        _lastSoundTicks = clock.Monotonic.Ticks;
    }

    /// <summary>The name of the microphone.</summary>
    public string Microphone { get; }

    /// <summary>Where each channel's capsule sits in the robot's frame; empty where that is not known.</summary>
    public IReadOnlyList<CapsulePosition> Positions { get; }

    /// <summary>The last four seconds.</summary>
    public AudioBuffer Buffer { get; }

    /// <summary>Samples of one channel captured so far.</summary>
    public long Captured => Interlocked.Read(ref _captured);

    /// <summary>When the newest sample was taken, on CLOCK_MONOTONIC; zero before the first.</summary>
    public TimeSpan LastTime => new(Interlocked.Read(ref _lastTicks));

    /// <summary>
    /// When the newest block was taken that was more than digital zeros, which no live microphone gives; before the
    /// first one the time when this feed was made.
    /// </summary>
    public TimeSpan LastSoundTime => new(Interlocked.Read(ref _lastSoundTicks));

    /// <summary>Whether nothing will come any more.</summary>
    public bool IsFinished => _finished;

    bool ICaptureFeed.IsRealTime => true;

    string ICaptureFeed.Shape => Buffer.Channels == 1 ? "1 channel" : $"{Buffer.Channels} channels";

    /// <summary>Takes in a block of sound. Called by the microphone's thread.</summary>
    /// <param name="samples">16 kHz, −1 to 1, interleaved, as many channels as the buffer has.</param>
    /// <param name="time">When its first sample was taken, on CLOCK_MONOTONIC.</param>
    public void Write(ReadOnlySpan<float> samples, TimeSpan time)
    {
        var count = samples.Length / Buffer.Channels;
        Buffer.Write(Amplified(samples), time);
        Interlocked.Exchange(ref _lastTicks, (time + AudioBuffer.ToTime(count)).Ticks);
        if (samples.ContainsAnyExcept(0f)) Interlocked.Exchange(ref _lastSoundTicks, time.Ticks);
        Interlocked.Add(ref _captured, count);
        SensorMetrics.SamplesCaptured(Microphone, count);
    }

    /// <inheritdoc/>
    public void Finish() => _finished = true;

    /// <summary>Does nothing: no microphone waits for a listener.</summary>
    public void Close()
    {
    }

    /// <inheritdoc/>
    public string? DescribeLeases() => null;

    /// <summary>Does nothing: the sound stays for whoever still reads.</summary>
    public void Dispose()
    {
    }

    private ReadOnlySpan<float> Amplified(ReadOnlySpan<float> samples)
    {
        if (_gain == 1) return samples;
        if (_amplified.Length < samples.Length) _amplified = new float[samples.Length];
        for (var i = 0; i < samples.Length; i++) _amplified[i] = Math.Clamp(samples[i] * _gain, -1, 1);
        return _amplified.AsSpan(0, samples.Length);
    }
}
