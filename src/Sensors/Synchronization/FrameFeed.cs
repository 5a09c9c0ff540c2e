using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Synchronization;

/// <summary>
/// What one camera gives, across all of its rebuilds: the newest frame, and the count of what was dropped. Its capture
/// thread writes, the synchronizer reads; neither waits for the other, except that an unpaced source waits until its
/// frame was taken. Steady state allocates nothing.
/// </summary>
public sealed class FrameFeed : ICaptureFeed
{
    private readonly SensorClock _clock;
    private readonly LatestFrame _latest = new();
    private readonly AutoResetEvent _taken = new(false);
    private readonly long[] _dropped = new long[Enum.GetValues<FrameDrop>().Length];
    private long _captured;
    private long _lastFrameTicks;
    private long _lastArrivalTicks;
    private long _periodTicks;
    private volatile TimedSignal? _arrival;
    private volatile bool _finished;
    private volatile bool _closed;

    /// <summary>Makes the feed of a camera.</summary>
    /// <param name="camera">The camera's name.</param>
    /// <param name="clock">The clock of the service.</param>
    /// <param name="isRealTime">Whether frame times are those of the clock.</param>
    /// <param name="poolFrames">Frames in the pool, at least 3.</param>
    public FrameFeed(string camera, SensorClock clock, bool isRealTime = true, int poolFrames = 6)
    {
        (Camera, IsRealTime, _clock) = (camera, isRealTime, clock);
        Pool = new FramePool(poolFrames);
    }

    /// <summary>The name of the camera.</summary>
    public string Camera { get; }

    /// <summary>
    /// Whether frame times are those of the clock; otherwise they follow a recording and have no age.
    /// </summary>
    public bool IsRealTime { get; }

    /// <summary>The memory of its frames.</summary>
    public FramePool Pool { get; }

    /// <summary>Frames captured so far.</summary>
    public long Captured => Interlocked.Read(ref _captured);

    /// <summary>Capture time of the newest frame, on CLOCK_MONOTONIC; zero before the first.</summary>
    public TimeSpan LastFrameTime => new(Interlocked.Read(ref _lastFrameTicks));

    TimeSpan ICaptureFeed.LastTime => LastFrameTime;

    string ICaptureFeed.Shape => $"{Width}x{Height}";

    /// <summary>Width in pixels of the newest frame; 0 before the first.</summary>
    public int Width { get; private set; }

    /// <summary>Height in pixels of the newest frame; 0 before the first.</summary>
    public int Height { get; private set; }

    /// <summary>Whether nothing will come any more; a frame may still lie ready.</summary>
    public bool IsFinished => _finished;

    /// <summary>Whether a frame lies ready.</summary>
    public bool HasFrame => _latest.HasFrame;

    /// <summary>
    /// When the next frame should come, by the rhythm of those before it, on CLOCK_MONOTONIC: the newest arrival plus a
    /// running mean of the time between two. None before the second frame; an unpaced source has its next one ready.
    /// </summary>
    internal TimeSpan? NextArrival
    {
        get
        {
            if (_finished) return null;
            if (!IsRealTime) return _clock.Monotonic;
            var period = Interlocked.Read(ref _periodTicks);
            return period == 0 ? null : new TimeSpan(Interlocked.Read(ref _lastArrivalTicks) + period);
        }
    }

    /// <summary>Frames dropped so far for that reason.</summary>
    public long Dropped(FrameDrop reason) => Interlocked.Read(ref _dropped[(int)reason]);

    /// <summary>
    /// Takes in a frame: copies it into the pool's memory and offers it. Called by the capture thread.
    /// </summary>
    /// <param name="pixels">RGB, 8 bits a channel, origin top left.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="time">
    /// When it was taken, on CLOCK_MONOTONIC. A live image from the future (a network camera's own clock runs ahead
    /// of its packets at first) counts as taken now.
    /// </param>
    /// <returns>False where the image is not later than the one before and was therefore dropped.</returns>
    public bool Video(ReadOnlySpan<byte> pixels, int width, int height, int stride, TimeSpan time)
    {
        var sequence = Interlocked.Increment(ref _captured);
        SensorMetrics.FrameCaptured(Camera);
        if (IsRealTime && _clock.Monotonic is var now && time > now) time = now;
        // Time never stands still or goes back for whoever follows objects from frame to frame.
        if (time <= LastFrameTime)
        {
            Drop(FrameDrop.Stale);
            return false;
        }

        (Width, Height) = (width, height);
        Interlocked.Exchange(ref _lastFrameTicks, time.Ticks);
        if (!IsRealTime) WaitUntilTaken();
        if (!Pool.TryRent(width, height, out var frame))
        {
            Drop(FrameDrop.PoolExhausted);
            return true;
        }

        frame.CopyFrom(pixels, stride);
        frame.Stamp(Camera, sequence, _clock.At(time));
        if (!_latest.Put(frame)) Drop(FrameDrop.Replaced);
        Arrived();
        _arrival?.Set();
        return true;
    }

    /// <summary>Takes the newest frame; it belongs to the caller. Null if nothing came since the last time.</summary>
    public Frame? Take()
    {
        var frame = _latest.Take();
        if (!IsRealTime && frame is not null) _taken.Set();
        return frame;
    }

    /// <summary>Ends the lease of the waiting frame and frees the memory as frames come back.</summary>
    public void Dispose()
    {
        Close();
        _latest.Dispose();
        Pool.Dispose();
        _taken.Dispose();
    }

    internal void Drop(FrameDrop reason)
    {
        Interlocked.Increment(ref _dropped[(int)reason]);
        SensorMetrics.FrameDropped(Camera, reason);
    }

    /// <summary>Names who is to be woken by a new frame or the end.</summary>
    internal void Notify(TimedSignal arrival) => _arrival = arrival;

    /// <inheritdoc/>
    public void Finish()
    {
        _finished = true;
        _arrival?.Set();
    }

    /// <inheritdoc/>
    public string? DescribeLeases() => Pool.Leased > 0 ? Pool.DescribeLeases() : null;

    /// <summary>Lets a capture thread go that waits for its frame to be taken.</summary>
    public void Close()
    {
        _closed = true;
        _taken.Set();
    }

    private void Arrived()
    {
        const int Memory = 8; // frames that the mean remembers
        var now = _clock.Monotonic.Ticks;
        var last = Interlocked.Exchange(ref _lastArrivalTicks, now);
        if (last == 0) return;
        var period = _periodTicks;
        Interlocked.Exchange(ref _periodTicks, period == 0 ? now - last : period + (now - last - period) / Memory);
    }

    private void WaitUntilTaken()
    {
        while (_latest.HasFrame && !_closed) _taken.WaitOne();
    }
}
