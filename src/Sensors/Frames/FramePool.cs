using System.Diagnostics.CodeAnalysis;

namespace EdgePerception.Sensors.Frames;

/// <summary>
/// A bounded set of reusable frames in native memory. A full pool refuses rather than grows: the caller drops its frame
/// and counts it. Pixels are copied in, because drivers own few buffers and starve when a consumer keeps them.
/// Thread-safe; nothing is allocated once every frame has been used at its size.
/// </summary>
public sealed class FramePool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<Frame> _free;
    private int _leased;
    private bool _disposed;

    /// <summary>Makes a pool of <paramref name="capacity"/> frames; their memory comes with their first lease.</summary>
    public FramePool(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        _free = new Stack<Frame>(capacity);
        for (var i = 0; i < capacity; i++) _free.Push(new Frame(this));
    }

    /// <summary>How many frames there are.</summary>
    public int Capacity { get; }

    /// <summary>How many of them are on lease now; zero once every owner has disposed.</summary>
    public int Leased
    {
        get { lock (_gate) return _leased; }
    }

    /// <summary>Leases a frame of that size with undefined content, or answers false when all are out.</summary>
    public bool TryRent(int width, int height, [NotNullWhen(true)] out Frame? frame)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_free.TryPop(out frame)) return false;
            _leased++;
        }

        frame.Lease(width, height);
        return true;
    }

    /// <summary>Frees the memory; frames still on lease free theirs when they come back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryPop(out var frame)) frame.Free();
        }
    }

    internal void Return(Frame frame)
    {
        lock (_gate)
        {
            _leased--;
            if (_disposed) frame.Free();
            else _free.Push(frame);
        }
    }
}
