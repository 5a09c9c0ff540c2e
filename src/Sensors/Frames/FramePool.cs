using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EdgePerception.Sensors.Frames;

/// <summary>
/// A bounded set of reusable frames in native memory. A full pool refuses rather than grows: the caller drops its frame
/// and counts it. Pixels are copied in, because drivers own few buffers and starve when a consumer keeps them.
/// Thread-safe; nothing is allocated once every frame has been used at its size.
/// </summary>
public sealed class FramePool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Frame[] _all;
    private readonly FreeFrames _free;
    private int _leased;
    private bool _disposed;

    /// <summary>
    /// Makes a pool of <paramref name="capacity"/> frames; their memory comes with their first lease.
    /// </summary>
    public FramePool(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        _all = new Frame[capacity];
        _free = new FreeFrames(capacity);
        for (var i = 0; i < capacity; i++) _free.Add(_all[i] = new Frame(this));
    }

    /// <summary>How many frames there are.</summary>
    public int Capacity { get; }

    /// <summary>How many of them are on lease now; zero once every owner has disposed.</summary>
    public int Leased
    {
        get { lock (_gate) return _leased; }
    }

    /// <summary>Leases a frame of that size with undefined content, or answers false when all are out.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="frame">The frame, which now belongs to the caller.</param>
    /// <param name="renter">Who rents, for messages about leaks; the compiler fills it in.</param>
    public bool TryRent(
        int width, int height, [NotNullWhen(true)] out Frame? frame, [CallerMemberName] string renter = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_free.TryTake(out frame)) return false;
            _leased++;
        }

        frame.Lease(width, height, renter);
        return true;
    }

    /// <summary>Names the frames that are still out, for the message about a leak; empty when there is none.</summary>
    public string DescribeLeases()
    {
        lock (_gate)
            return string.Join(", ", _all.Where(frame => frame.IsLeased).Select(frame => frame.ToString()));
    }

    /// <summary>Frees the memory; frames still on lease free theirs when they come back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryTake(out var frame)) frame.Free();
        }
    }

    internal void Return(Frame frame)
    {
        lock (_gate)
        {
            _leased--;
            if (_disposed) frame.Free();
            else _free.Add(frame);
        }
    }

#if DEBUG
    // First returned, first rented: a returned frame rests as long as possible, so that use after return throws
    // instead of reading the next owner's picture.
    private sealed class FreeFrames(int capacity)
    {
        private readonly Queue<Frame> _frames = new(capacity);

        public void Add(Frame frame) => _frames.Enqueue(frame);

        public bool TryTake([NotNullWhen(true)] out Frame? frame) => _frames.TryDequeue(out frame);
    }
#else
    // Last returned, first rented: its memory is still in the cache.
    private sealed class FreeFrames(int capacity)
    {
        private readonly Stack<Frame> _frames = new(capacity);

        public void Add(Frame frame) => _frames.Push(frame);

        public bool TryTake([NotNullWhen(true)] out Frame? frame) => _frames.TryPop(out frame);
    }
#endif
}
