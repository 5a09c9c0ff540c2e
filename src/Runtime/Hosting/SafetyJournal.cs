using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Tells everybody but the controllers what the supervisor says, logs it and has the mark kept, on a thread of its own:
/// the supervisor hands over and goes on. Nothing is told here that the supervisor did not just say, so that one that
/// hangs falls silent.
/// </summary>
public sealed class SafetyJournal(
    SafetySupervisor safety, SafetyMarkKeeper marks, ILogger<SafetyJournal> logger) : IDisposable
{
    private const int Room = 64;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(1);

    private readonly (SafetyState State, bool IsNews)[] _told = new (SafetyState, bool)[Room];
    private readonly AutoResetEvent _wake = new(false);
    private Thread? _thread;

    // Written by the supervisor's thread.
    private long _written;
    private volatile string? _urgency;
    private long _missed;

    // Written by the journal's.
    private long _read;

    private volatile bool _ending;

    /// <summary>
    /// Raised on the journal's thread for each state, with whether it is news or said again; set before the start.
    /// </summary>
    public event Action<SafetyState, bool>? Told;

    /// <summary>Starts its thread.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { Name = "safety journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Makes the supervisor's thread, on which this is called, as urgent as the system allows.</summary>
    public void Entered()
    {
        _urgency = ThreadUrgency.Raise(isFirst: true);
        _wake.Set();
    }

    /// <summary>
    /// Takes note of a state that was told. Called by the supervisor's thread alone; takes no lock, waits for nothing
    /// and allocates nothing. What finds no room is counted, and the count logged with the state then in force.
    /// </summary>
    public void Note(SafetyState state) => Put(state, isNews: true);

    /// <summary>The same for a state that is only said again; it is not logged.</summary>
    public void Confirm(SafetyState state) => Put(state, isNews: false);

    /// <summary>Logs what is left and ends the thread, within a second; after the supervisor's own.</summary>
    public void Dispose()
    {
        _ending = true;
        _wake.Set();
        _thread?.Join(EndTimeout);
        // The event is left to its finalizer: a supervisor that was not started yet may still tell.
    }

    private void Put(SafetyState state, bool isNews)
    {
        if (_written - Volatile.Read(ref _read) < Room)
        {
            _told[_written % Room] = (state, isNews);
            Volatile.Write(ref _written, _written + 1);
        }
        else
        {
            Interlocked.Increment(ref _missed);
        }

        _wake.Set();
    }

    private void Run()
    {
        while (!_ending)
        {
            _wake.WaitOne();
            WriteDown();
        }

        WriteDown();
    }

    private void WriteDown()
    {
        if (_urgency is { } urgency)
        {
            HostingLog.SafetyUrgency(logger, urgency);
            _urgency = null;
        }

        // Beside the lines, and not after them: the disk has its own thread.
        marks.Wake();
        for (; _read < Volatile.Read(ref _written); Volatile.Write(ref _read, _read + 1))
        {
            var (told, isNews) = _told[_read % Room];
            Told?.Invoke(told, isNews);
            if (isNews) HostingLog.SafetyChanged(logger, told.Level, told.Cause);
        }

        if (Interlocked.Exchange(ref _missed, 0) is not 0 and var missed && safety.State is var now)
        {
            Told?.Invoke(now, true);
            HostingLog.SafetyChangesMissed(logger, missed, now.Level, now.Cause);
        }
    }
}
