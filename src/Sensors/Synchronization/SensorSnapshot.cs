using System.Runtime.InteropServices;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Synchronization;

/// <summary>What one camera contributes to a snapshot: its newest frame and the sound that belongs to it.</summary>
public sealed class CameraSample
{
    private readonly float[] _sound;
    private Frame? _frame;

    internal CameraSample(SensorFeed feed) =>
        _sound = feed.Sound is { } sound ? new float[sound.Capacity * sound.Channels] : [];

    /// <summary>The frame; on lease to the snapshot, so neither disposed nor kept by others.</summary>
    /// <exception cref="ObjectDisposedException">The snapshot was disposed.</exception>
    public Frame Frame => _frame ?? throw new ObjectDisposedException(nameof(SensorSnapshot));

    /// <summary>The sound since the camera's frame before, up to this one; empty without a microphone.</summary>
    public AudioSegment Audio { get; private set; }

    internal void Fill(Frame frame, AudioBuffer? sound, ref long position)
    {
        _frame = frame;
        Audio = default;
        if (sound is null) return;
        var count = sound.Read(ref position, frame.Time.Monotonic, _sound, out var start, out var discontinuity);
        Audio = new AudioSegment(_sound.AsMemory(0, count * sound.Channels), sound.Channels, start, discontinuity);
    }

    internal Frame? Release()
    {
        var frame = _frame;
        (_frame, Audio) = (null, default);
        return frame;
    }
}

/// <summary>
/// One instant of the sensors: a sample for every camera that had a new frame. Belongs to the loop that asked for it,
/// which disposes it; that ends the leases of its frames and gives the object back for reuse. Not thread-safe.
/// </summary>
public sealed class SensorSnapshot : IDisposable
{
    private readonly Synchronizer _owner;
    private readonly CameraSample[] _samples;
    private readonly List<CameraSample> _present;
    private bool _inUse;

    internal SensorSnapshot(Synchronizer owner, IReadOnlyList<SensorFeed> feeds)
    {
        _owner = owner;
        _samples = [.. feeds.Select(feed => new CameraSample(feed))];
        _present = new List<CameraSample>(feeds.Count);
    }

    /// <summary>Counts snapshots from 1.</summary>
    public long Sequence { get; private set; }

    /// <summary>The capture time of its newest frame.</summary>
    public SensorTime Time { get; private set; }

    /// <summary>The cameras that had a new frame, at least one, in the order of the configuration.</summary>
    /// <exception cref="ObjectDisposedException">The snapshot was disposed.</exception>
    public ReadOnlySpan<CameraSample> Cameras
    {
        get
        {
            ObjectDisposedException.ThrowIf(!_inUse, this);
            return CollectionsMarshal.AsSpan(_present);
        }
    }

    /// <summary>Ends the leases of its frames; a second call does nothing.</summary>
    public void Dispose()
    {
        if (!_inUse) return;
        _inUse = false;
        foreach (var sample in _present) End(sample.Release());
        _present.Clear();
        _owner.Return(this);
    }

    internal void Begin(long sequence) => (Sequence, Time, _inUse) = (sequence, default, true);

    internal void Add(int camera, Frame frame, AudioBuffer? sound, ref long position)
    {
        frame.Claim(this);
        var sample = _samples[camera];
        sample.Fill(frame, sound, ref position);
        _present.Add(sample);
        if (frame.Time.Monotonic > Time.Monotonic) Time = frame.Time;
    }

    private void End(Frame? frame)
    {
        frame?.Unclaim(this);
        frame?.Dispose();
    }
}
