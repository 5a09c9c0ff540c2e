using EdgePerception.Fusion.Inference;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// The detector that is at work, and how another takes its place: a candidate is warmed up and compared on the last
/// images that showed something while the live one goes on; if it is good it goes live between two ticks. A bad one is
/// refused and the live one stays. The loop detects; candidates come from any other thread, one after the other.
/// </summary>
public sealed class LiveDetector : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RecentImages _recent = new();
    private readonly SwapSettings _settings;
    private readonly SensorClock _clock;
    private readonly Task<ObjectDetector> _first;
    private volatile ObjectDetector? _current;
    private ObjectDetector? _next;
    private bool _disposed;

    /// <summary>Begins with a detector that may still be loading, which it owns with its model from here on.</summary>
    public LiveDetector(Task<ObjectDetector> first, SwapSettings settings, SensorClock clock) =>
        (_first, _settings, _clock) = (first, settings, clock);

    /// <summary>Ends when the first detector is loaded, or with what kept it from being so.</summary>
    public Task Loaded => _first;

    /// <summary>
    /// The detector at work now; waits for the first one. Its model may be disposed as soon as a candidate has taken
    /// over.
    /// </summary>
    /// <exception cref="ModelException">The first one could not be loaded.</exception>
    public ObjectDetector Current => _current ?? First();

    /// <summary>Raised on the loop's thread when a candidate has gone live.</summary>
    public event Action<ObjectDetector>? Swapped;

    /// <summary>What the detector at work can tell; empty while it loads.</summary>
    public IReadOnlyList<string> Labels => _current?.Labels ?? [];

    /// <summary>How many images one run takes at present.</summary>
    public int MaxBatch => Current.MaxBatch;

    /// <summary>
    /// Detects with the detector at work, after an accepted candidate has taken over. Called by the loop.
    /// </summary>
    /// <exception cref="ModelException">
    /// As <see cref="ObjectDetector.Detect(ReadOnlySpan{Frame}, ReadOnlySpan{List{Detection}})"/>.
    /// </exception>
    public void Detect(ReadOnlySpan<Frame> frames, ReadOnlySpan<List<Detection>> detections)
    {
        Current.Detect(frames, detections);
        _recent.Remember(frames, detections, Current.Model.Manifest.Thresholds.Score);
    }

    /// <summary>Lets an accepted candidate take over. Called by the loop between two ticks.</summary>
    public void Swap()
    {
        ObjectDetector old;
        lock (_gate)
        {
            if (_next is not { } next) return;
            (old, _current, _next) = (Current, next, null);
        }

        old.Dispose();
        _ = Task.Run(UnusedMemory.Release);
        Swapped?.Invoke(Current);
    }

    /// <summary>
    /// Warms a candidate up, waits until so much was in sight that there is something to compare it on, and compares it
    /// with what the live detector saw. The candidate belongs to this object from here on, refused or not.
    /// </summary>
    /// <param name="candidate">A detector over a model of its own.</param>
    /// <param name="waiting">Told in one line when the candidate has to wait, and for what.</param>
    /// <param name="isPatient">
    /// Whether it waits as long as it takes, as what is not offered a second time should.
    /// </param>
    /// <param name="cancellation">Ends the wait; the candidate is refused then.</param>
    public async Task<SwapVerdict> ProposeAsync(
        ObjectDetector candidate, Action<string>? waiting = null, bool isPatient = false,
        CancellationToken cancellation = default)
    {
        var accepted = false;
        try
        {
            var trial = new SwapTrial(candidate, _settings, _clock);
            var verdict = trial.WarmUp()
                ?? await EvidenceAsync(isPatient, waiting, cancellation).ConfigureAwait(false) ?? Compare(trial);
            accepted = verdict.Accepted;
            if (accepted) Queue(candidate);
            return verdict;
        }
        finally
        {
            if (!accepted)
            {
                candidate.Dispose();
                UnusedMemory.Release();
            }
        }
    }

    /// <summary>Ends the run that is under way. Safe from any thread.</summary>
    public void Terminate() => _current?.Terminate();

    /// <summary>Frees the detectors. The owner calls it when no run is under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _next?.Dispose();
            _next = null;
        }

        _recent.Dispose();
        // One that is still loading is waited for: a process must not end while ONNX Runtime opens a session.
        ((IAsyncResult)_first).AsyncWaitHandle.WaitOne();
        if (_first.IsCompletedSuccessfully) Current.Dispose();
    }

    private ObjectDetector First()
    {
        // Not an assignment: a candidate may take over between the two.
        var first = _first.GetAwaiter().GetResult();
        return Interlocked.CompareExchange(ref _current, first, null) ?? first;
    }

    // Why there is nothing to compare a candidate on, or nothing once there is.
    private async Task<SwapVerdict?> EvidenceAsync(
        bool isPatient, Action<string>? waiting, CancellationToken cancellation)
    {
        if (_settings.MinAgreement <= 0) return null;
        var shown = _recent.ShowAsync(_settings.MinObjects);
        try
        {
            if (!shown.IsCompleted)
            {
                var limit = isPatient ? "as long as it takes" : $"up to {_settings.MaxWaitS} s";
                waiting?.Invoke($"for {_settings.MinObjects} objects to compare it on, {limit}; "
                                + $"{_recent.CountObjects()} were seen so far");
            }

            var timeout = isPatient ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(_settings.MaxWaitS);
            await shown.WaitAsync(timeout, _clock.Provider, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return new SwapVerdict(false,
                $"nothing to compare it on: {_recent.CountObjects()} objects were seen in {_settings.MaxWaitS} s, "
                                          + $"{_settings.MinObjects} are asked for (swap.minObjects)");
        }
        catch (OperationCanceledException)
        {
            return new SwapVerdict(
                false, shown.IsCanceled ? "the service ends"
                    : "another version came while it waited for something to be in sight");
        }
    }

    private SwapVerdict Compare(SwapTrial trial)
    {
        var images = _recent.TakeAll();
        try
        {
            return trial.Compare(images, Current.Model.Manifest.Thresholds.Score);
        }
        finally
        {
            _recent.GiveBack(images);
        }
    }

    private void Queue(ObjectDetector candidate)
    {
        lock (_gate)
        {
            // An earlier one that has not gone live yet never will.
            _next?.Dispose();
            _next = _disposed ? null : candidate;
            if (_disposed) candidate.Dispose();
        }
    }
}
