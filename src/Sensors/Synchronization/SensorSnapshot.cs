using System.Runtime.InteropServices;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Synchronization;

/// <summary>What one camera contributes to a snapshot: its newest frame.</summary>
public sealed class CameraSample
{
    private Frame? _frame;

    internal CameraSample()
    {
    }

    /// <summary>The frame; on lease to the snapshot, so neither disposed nor kept by others.</summary>
    /// <exception cref="ObjectDisposedException">The snapshot was disposed.</exception>
    public Frame Frame => _frame ?? throw new ObjectDisposedException(nameof(SensorSnapshot));

    internal void Fill(Frame frame) => _frame = frame;

    internal Frame? Release()
    {
        var frame = _frame;
        _frame = null;
        return frame;
    }
}

/// <summary>
/// One instant of the cameras: a sample for every camera that had a new frame. Belongs to the loop that asked for it,
/// which disposes it; that ends the leases of its frames and gives the object back for reuse. Not thread-safe.
/// </summary>
public sealed class SensorSnapshot : IDisposable
{
    private readonly Synchronizer _owner;
    private readonly CameraSample[] _samples;
    private readonly List<CameraSample> _present;
    private bool _inUse;

    internal SensorSnapshot(Synchronizer owner, int cameras)
    {
        _owner = owner;
        _samples = [.. Enumerable.Range(0, cameras).Select(_ => new CameraSample())];
        _present = new List<CameraSample>(cameras);
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

    internal void Add(int camera, Frame frame)
    {
        frame.Claim(this);
        var sample = _samples[camera];
        sample.Fill(frame);
        _present.Add(sample);
        if (frame.Time.Monotonic > Time.Monotonic) Time = frame.Time;
    }

    private void End(Frame? frame)
    {
        frame?.Unclaim(this);
        frame?.Dispose();
    }
}
