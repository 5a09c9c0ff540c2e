using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>A copy of an image with what was seen in it. Whoever has it disposes it.</summary>
internal sealed class SeenImage : IDisposable
{
    /// <summary>The image.</summary>
    public Frame? Frame { get; private set; }

    /// <summary>What the live detector saw in it.</summary>
    public List<Detection> Detections { get; } = new(128);

    /// <summary>How many of these are objects by themselves.</summary>
    public int Objects { get; private set; }

    /// <summary>Takes a copy in place of what it held; answers false when the pool has no frame for it.</summary>
    public bool Fill(FramePool pool, Frame frame, List<Detection> detections, float score)
    {
        Dispose();
        if (!pool.TryRent(frame.Width, frame.Height, out var copy)) return false;
        copy.CopyFrom(frame.Pixels, frame.Stride);
        copy.Stamp(frame.Camera, frame.Sequence, frame.Time);
        Frame = copy;
        See(detections, score);
        return true;
    }

    /// <summary>Takes over what was seen.</summary>
    /// <param name="detections">All that was seen.</param>
    /// <param name="score">The smallest score of an object by itself.</param>
    public void See(List<Detection> detections, float score)
    {
        Detections.Clear();
        Detections.AddRange(detections);
        Objects = 0;
        foreach (var seen in detections)
        {
            if (seen.Score >= score) Objects++;
        }
    }

    public void Dispose()
    {
        Frame?.Dispose();
        Frame = null;
    }
}

/// <summary>
/// Copies of a few images, some time apart: what a candidate is compared on. The newest are kept, but one that shows
/// nothing never takes the place of one that shows something, so that there is evidence also when nothing is in sight.
/// The loop remembers, any thread may take them. Nothing is allocated while nobody takes them.
/// </summary>
internal sealed class RecentImages : IDisposable
{
    private const int Capacity = 4;
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(0.5);

    private readonly Lock _gate = new();
    // Twice as many, since those that were taken are still out while new ones are remembered.
    private readonly FramePool _pool = new(2 * Capacity);
    private readonly List<SeenImage> _images = new(Capacity);
    private TimeSpan? _last;
    private int _turn;
    private int _wanted;
    private TaskCompletionSource? _shown;
    private bool _disposed;

    /// <summary>Keeps one of a run's images when the last one is old enough; the cameras take turns.</summary>
    /// <param name="frames">The run's images.</param>
    /// <param name="detections">What was seen in each.</param>
    /// <param name="score">The smallest score of an object by itself.</param>
    public void Remember(ReadOnlySpan<Frame> frames, ReadOnlySpan<List<Detection>> detections, float score)
    {
        var chosen = _turn % frames.Length;
        var time = frames[chosen].Time.Monotonic;
        if (_last is { } last && (time - last).Duration() < Apart) return;
        (_last, _turn) = (time, _turn + 1);
        lock (_gate)
        {
            if (_images.Count < Capacity) Keep(new SeenImage(), frames[chosen], detections[chosen], score);
            else if (Replaceable(ShowsSomething(detections[chosen], score)) is var place and >= 0)
            {
                var image = _images[place];
                _images.RemoveAt(place);
                Keep(image, frames[chosen], detections[chosen], score);
            }

            if (_shown is not null && Objects() >= _wanted) _shown.TrySetResult();
        }
    }

    /// <summary>Ends when the images that are kept show so many objects; is cancelled when they are disposed.</summary>
    public Task ShowAsync(int objects)
    {
        lock (_gate)
        {
            (_wanted, _shown) = (objects, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_disposed) _shown.TrySetCanceled();
            else if (Objects() >= objects) _shown.TrySetResult();
            return _shown.Task;
        }
    }

    /// <summary>How many objects the images that are kept show.</summary>
    public int CountObjects()
    {
        lock (_gate) return Objects();
    }

    /// <summary>Hands all of them over, oldest first.</summary>
    public List<SeenImage> TakeAll()
    {
        lock (_gate)
        {
            List<SeenImage> taken = [.. _images];
            _images.Clear();
            return taken;
        }
    }

    /// <summary>Takes them back, as far as newer ones have not taken their places.</summary>
    public void GiveBack(List<SeenImage> taken)
    {
        lock (_gate)
        {
            for (var i = taken.Count - 1; i >= 0; i--)
            {
                var place = _images.Count < Capacity || _disposed || taken[i].Objects == 0 ? -1
                    : Replaceable(showsSomething: false);
                if (place >= 0)
                {
                    _images[place].Dispose();
                    _images.RemoveAt(place);
                }

                if (_images.Count < Capacity && !_disposed) _images.Insert(0, taken[i]);
                else taken[i].Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _shown?.TrySetCanceled();
            foreach (var image in _images) image.Dispose();
            _images.Clear();
        }

        _pool.Dispose();
    }

    private void Keep(SeenImage image, Frame frame, List<Detection> detections, float score)
    {
        if (image.Fill(_pool, frame, detections, score)) _images.Add(image);
    }

    // The oldest that shows nothing; where there is none, the oldest for one that shows something.
    private int Replaceable(bool showsSomething)
    {
        for (var i = 0; i < _images.Count; i++)
        {
            if (_images[i].Objects == 0) return i;
        }

        return showsSomething ? 0 : -1;
    }

    private int Objects()
    {
        var objects = 0;
        foreach (var image in _images) objects += image.Objects;
        return objects;
    }

    private static bool ShowsSomething(List<Detection> detections, float score)
    {
        foreach (var seen in detections)
        {
            if (seen.Score >= score) return true;
        }

        return false;
    }
}
