using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Keeps the mark of this run on the disk, on a thread of its own, so that a disk which is full, slow or hung keeps
/// nobody. It writes the newest state and no other, and tries again each second what it could not write. Safe from any
/// thread.
/// </summary>
/// <param name="read">Reads the mark of the last run, as <see cref="SafetyMarkFile.Read"/> does.</param>
/// <param name="write">Replaces the mark, as <see cref="SafetyMarkFile.Write"/> does.</param>
/// <param name="safety">Whose halt is kept.</param>
/// <param name="clock">The clock of the service.</param>
/// <param name="isMarkNeeded">
/// Whether a start without any mark is halted, too: it is the first one, or the mark of the last run was lost.
/// </param>
public sealed class SafetyMarkKeeper(
    Func<SafetyMark?> read, Action<SafetyMark> write, SafetySupervisor safety, SensorClock clock, bool isMarkNeeded)
    : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(1);
    private const int RetryMs = 1_000;
    private const string Unread = "the mark of the last run cannot be read";
    private const string Unwritten = "the mark of this run cannot be written";
    private const string None = "the state folder has no mark of an earlier run: this is the first, or it was lost";

    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource<string?> _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;
    private long _busySince = long.MaxValue;
    private volatile string _work = "";
    private volatile string? _fault;
    private volatile bool _ending;
    private volatile bool _disposed;

    /// <summary>What keeps the mark from being as it should, one clause; null where nothing does.</summary>
    public string? Trouble
    {
        get
        {
            if (_fault is { } fault) return fault;
            var since = Interlocked.Read(ref _busySince);
            return since != long.MaxValue && clock.Monotonic - new TimeSpan(since) > StartTimeout ? Silent : null;
        }
    }

    /// <summary>
    /// Reads the mark of the last run and writes that this one is under way, within two seconds; once.
    /// </summary>
    /// <returns>Why the start is to be halted, one sentence; null where it is not.</returns>
    public async Task<string?> BeginAsync()
    {
        _thread = new Thread(Run) { Name = "safety mark", IsBackground = true };
        _thread.Start();
        try
        {
            return await _began.Task.WaitAsync(StartTimeout, clock.Provider);
        }
        catch (TimeoutException)
        {
            return Silent;
        }
    }

    /// <summary>Has the mark written anew when its thread comes to it; returns at once.</summary>
    public void Wake() => _wake.Set();

    /// <summary>
    /// Writes that the run ended in order, with the halt that stands, within a second; before <see cref="BeginAsync"/>
    /// it does nothing.
    /// </summary>
    /// <returns>Whether it is written: if not, the next start is halted.</returns>
    public async Task<bool> EndAsync()
    {
        if (_thread is null) return true;
        _ending = true;
        _wake.Set();
        try
        {
            await _ended.Task.WaitAsync(EndTimeout, clock.Provider);
            return _fault is null;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Writes no more: without <see cref="EndAsync"/> before it, the run did not end in order.</summary>
    public void Dispose()
    {
        _disposed = true;
        _wake.Set();
        // The event is left to its finalizer: a thread whose disk hangs comes to it later.
    }

    /// <summary>Whether it is at that work; for tests.</summary>
    internal bool IsAt(string work) => Interlocked.Read(ref _busySince) != long.MaxValue && _work == work;

    private string Silent => $"{_work}: the disk does not answer";

    private void Run()
    {
        SafetyMark? last = null;
        var cause = Attempt(Unread, () => last = read());
        cause ??= last is not null ? last.CauseToHalt : isMarkNeeded ? None : null;
        // Until the start has halted, what the last run left stands.
        var unwritten = Attempt(Unwritten, () => write(new SafetyMark(SafetyMarkState.Running, last?.Halt)));
        _began.TrySetResult(cause is null ? unwritten : unwritten is null ? cause : $"{cause}; {unwritten}");
        while (!_ending && !_disposed)
        {
            _wake.WaitOne(_fault is null ? Timeout.Infinite : RetryMs);
            if (!_ending && !_disposed) Keep(SafetyMarkState.Running);
        }

        if (_ending) Keep(SafetyMarkState.Ended);
        _ended.TrySetResult();
    }

    private void Keep(SafetyMarkState state) =>
        Attempt(Unwritten, () => write(SafetyMark.Of(state, safety.Standing)));

    private string? Attempt(string work, Action attempt)
    {
        _work = work;
        Interlocked.Exchange(ref _busySince, clock.Monotonic.Ticks);
        string? fault = null;
        try
        {
            attempt();
        }
#pragma warning disable CA1031 // The thread's outermost boundary: what a disk does must not end the service.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = $"{work}: {e.Message}";
        }

        Interlocked.Exchange(ref _busySince, long.MaxValue);
        return _fault = fault;
    }
}
