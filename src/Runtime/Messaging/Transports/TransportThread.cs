using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>
/// The one thread that owns a transport's sockets: how it begins, how others wake it, how it ends. A background thread,
/// so that one that hangs in a library cannot keep the process. One that is urgent, on the way of a stop, runs before
/// ordinary ones as far as the system grants it.
/// </summary>
internal sealed class TransportThread(
    string name, int shutdownMs, SensorClock clock, ILogger logger, bool isUrgent = false) : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private int _started;

    /// <summary>Ends the thread's waits.</summary>
    public WakeUp WakeUp { get; } = new();

    /// <summary>Whether the thread is to end.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>What ended the thread though nobody asked it to; null while nothing did. Any thread.</summary>
    public string? Fault { get; private set; }

    /// <summary>Cancelled when the thread is to end.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Opens on the caller's thread, where it may throw, and runs on the own one.</summary>
    public void Start(Action open, Action run)
    {
        ObjectDisposedException.ThrowIf(IsStopping, this);
        if (Interlocked.Exchange(ref _started, 1) == 1)
            throw new InvalidOperationException($"{name} is started already");
        try
        {
            open();
        }
        catch
        {
            _started = 0;
            throw;
        }

        new Thread(() => RunToTheEnd(run)) { IsBackground = true, Name = $"messaging {name}" }.Start();
    }

    /// <summary>
    /// Asks the thread to end and waits for it; false when it did not in time and still owns its sockets.
    /// </summary>
    public async ValueTask<bool> StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        WakeUp.Set();
        if (_started == 0) return true;
        try
        {
            await _ended.Task.WaitAsync(TimeSpan.FromMilliseconds(shutdownMs), clock.Provider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            MessagingLog.Overdue(logger, name, shutdownMs);
            return false;
        }
    }

    /// <summary>Frees the wake-up; only after the thread has ended.</summary>
    public void Dispose()
    {
        WakeUp.Dispose();
        _stop.Dispose();
    }

    /// <summary>Calls foreign code; what it throws is logged, and must not end the thread.</summary>
    public bool Guard<T>(Action<T> handler, T argument, string what)
    {
        try
        {
            handler(argument);
            return true;
        }
#pragma warning disable CA1031 // The boundary between foreign code and this thread.
        catch (Exception exception)
        {
            MessagingLog.HandlerFailed(logger, exception, name, what);
            return false;
        }
#pragma warning restore CA1031
    }

    private void RunToTheEnd(Action run)
    {
        try
        {
            if (isUrgent) ThreadUrgency.Raise();
            run();
        }
#pragma warning disable CA1031 // The thread's last boundary: the service goes on without this transport, and says so.
        catch (Exception exception)
        {
            Fault = $"its thread has ended ({exception.GetType().Name}: {exception.Message}); restart the service";
            MessagingLog.Failed(logger, exception, name);
        }
#pragma warning restore CA1031
        finally
        {
            _ended.SetResult();
        }
    }
}
