using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>
/// What all transports share: the outbox, the thread, the state and the counters. A derived transport brings the peer:
/// <see cref="Run"/> is its thread.
/// </summary>
public abstract class QueuedTransport : IMessageTransport
{
    private readonly TransportThread _thread;
    private int _state;
    private TransportTrouble? _trouble;
    private int _disposed;

    /// <summary>A transport that has not been started.</summary>
    /// <param name="name">Its name in logs and metrics.</param>
    /// <param name="limits">How much it keeps.</param>
    /// <param name="shutdownMs">How long its end is waited for, milliseconds.</param>
    /// <param name="clock">The clock of the deadlines.</param>
    /// <param name="logger">Where outages go.</param>
    /// <param name="isUrgent">Whether its thread is on the way of a stop.</param>
    protected QueuedTransport(
        string name, QueueLimits limits, int shutdownMs, SensorClock clock, ILogger logger, bool isUrgent = false)
    {
        (Name, Clock, Logger) = (name, clock, logger);
        Counters = new TransportCounters(name);
        Outbox = new Outbox(limits, Counters);
        _thread = new TransportThread(name, shutdownMs, clock, logger, isUrgent);
    }

    /// <inheritdoc/>
    public event Action<TransportState>? StateChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TransportState State => (TransportState)Volatile.Read(ref _state);

    /// <inheritdoc/>
    public TransportTrouble? Trouble
    {
        get => Volatile.Read(ref _trouble);
        protected set => Volatile.Write(ref _trouble, value);
    }

    /// <inheritdoc/>
    public TransportCounters Counters { get; }

    /// <inheritdoc/>
    public InboundHandler? Inbound { get; set; }

    /// <summary>What waits to be sent.</summary>
    protected Outbox Outbox { get; }

    /// <summary>The clock of the deadlines.</summary>
    protected SensorClock Clock { get; }

    /// <summary>Where outages go.</summary>
    protected ILogger Logger { get; }

    /// <summary>Whether the thread is to end.</summary>
    protected bool Stopping => _thread.IsStopping;

    /// <summary>Cancelled when the thread is to end.</summary>
    protected CancellationToken Stop => _thread.Stop;

    /// <summary>Ends the thread's waits.</summary>
    internal WakeUp WakeUp => _thread.WakeUp;

    /// <inheritdoc/>
    public void Start() => _thread.Start(
        () =>
        {
            Open();
            Become(TransportState.Disconnected);
        },
        () =>
        {
            try
            {
                Run();
            }
            finally
            {
                Become(TransportState.Stopped);
            }
        });

    /// <inheritdoc/>
    public virtual bool IsWanted(string topic) => true;

    /// <inheritdoc/>
    public bool Publish(string topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        if (!Outbox.Enqueue(topic, payload, options, State == TransportState.Connected)) return false;

        // Read anew: the thread may have connected, and looked at an empty outbox, since the line above.
        if (State == TransportState.Connected) WakeUp.Set();
        return true;
    }

    /// <summary>Sends what waits as far as the shutdown time reaches, says goodbye, and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        GC.SuppressFinalize(this);
        if (!await _thread.StopAsync().ConfigureAwait(false)) return;
        Outbox.Close();
        await ReleaseAsync().ConfigureAwait(false);
        _thread.Dispose();
    }

    /// <summary>Opens what can only be wrong for good, on the thread that starts.</summary>
    protected virtual void Open()
    {
    }

    /// <summary>The transport's thread; returns soon after <see cref="Stopping"/> became true.</summary>
    protected abstract void Run();

    /// <summary>Frees what <see cref="Open"/> took; called when the thread has ended or never began.</summary>
    protected virtual ValueTask ReleaseAsync() => ValueTask.CompletedTask;

    /// <summary>Changes the state and says so.</summary>
    protected void Become(TransportState state)
    {
        Outbox.DropStreams();
        if (Interlocked.Exchange(ref _state, (int)state) == (int)state) return;
        if (state == TransportState.Connected) Counters.Connect();
        else Outbox.DropStreams();
        if (StateChanged is { } listener) _thread.Guard(listener, state, nameof(StateChanged));
    }

    /// <summary>Waits, unless the thread is to end; the transport's thread.</summary>
    protected void Pause(TimeSpan time)
    {
        var until = Clock.Monotonic + time;
        while (!Stopping && until - Clock.Monotonic is { Ticks: > 0 } left)
            WakeUp.Wait((int)Math.Ceiling(left.TotalMilliseconds));
    }

    /// <summary>Hands an arrived message on.</summary>
    protected void Arrive(InboundTopic topic, ReadOnlySpan<byte> payload, bool retained)
    {
        if (retained && !topic.AcceptsRetained)
        {
            Counters.Refuse(RefusalReason.Retained);
            return;
        }

        try
        {
            Inbound?.Invoke(topic.Name, payload, retained);
            Counters.Receive();
        }
#pragma warning disable CA1031 // The boundary to foreign code: nothing it throws may end the transport.
        catch (Exception exception)
        {
            Counters.Refuse(RefusalReason.HandlerFailed);
            MessagingLog.HandlerFailed(Logger, exception, Name, topic.Name);
        }
#pragma warning restore CA1031
    }
}
