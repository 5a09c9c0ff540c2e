using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>A copy of a picture with what was seen in it. Whoever has it disposes it.</summary>
internal sealed class SeenPicture : IDisposable
{
    /// <summary>The picture.</summary>
    public Frame? Frame { get; private set; }

    /// <summary>What the live detector saw in it.</summary>
    public List<Detection> Detections { get; } = new(128);

    /// <summary>Takes a copy in place of what it held; answers false when the pool has no frame for it.</summary>
    public bool Fill(FramePool pool, Frame frame, List<Detection> detections)
    {
        Dispose();
        if (!pool.TryRent(frame.Width, frame.Height, out var copy)) return false;
        copy.CopyFrom(frame.Pixels, frame.Stride);
        copy.Stamp(frame.Camera, frame.Sequence, frame.Time);
        Frame = copy;
        Detections.Clear();
        Detections.AddRange(detections);
        return true;
    }

    public void Dispose()
    {
        Frame?.Dispose();
        Frame = null;
    }
}

/// <summary>
/// Copies of the last few pictures, some time apart: what a candidate is compared on. The loop remembers, any thread may
/// take them. Nothing is allocated while nobody takes them.
/// </summary>
internal sealed class RecentPictures : IDisposable
{
    private const int Capacity = 4;
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(0.5);

    private readonly Lock _gate = new();
    // Twice as many, since those that were taken are still out while new ones are remembered.
    private readonly FramePool _pool = new(2 * Capacity);
    private readonly Queue<SeenPicture> _pictures = new(Capacity);
    private TimeSpan? _last;
    private int _turn;

    /// <summary>Keeps one of a run's pictures when the last one is old enough; the cameras take turns.</summary>
    public void Remember(ReadOnlySpan<Frame> frames, ReadOnlySpan<List<Detection>> detections)
    {
        var chosen = _turn % frames.Length;
        var time = frames[chosen].Time.Monotonic;
        if (_last is { } last && (time - last).Duration() < Apart) return;
        (_last, _turn) = (time, _turn + 1);
        lock (_gate)
        {
            var picture = _pictures.Count == Capacity ? _pictures.Dequeue() : new SeenPicture();
            if (picture.Fill(_pool, frames[chosen], detections[chosen])) _pictures.Enqueue(picture);
        }
    }

    /// <summary>Hands all of them over, oldest first.</summary>
    public List<SeenPicture> TakeAll()
    {
        lock (_gate)
        {
            List<SeenPicture> taken = [.. _pictures];
            _pictures.Clear();
            return taken;
        }
    }

    public void Dispose()
    {
        foreach (var picture in TakeAll()) picture.Dispose();
        _pool.Dispose();
    }
}
