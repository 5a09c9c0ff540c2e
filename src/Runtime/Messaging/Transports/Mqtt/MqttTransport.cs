using System.Net.Sockets;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// MQTT version 5 by libmosquitto. The thread owns the client and runs its loop itself, because the library's own
/// thread does not come back when a TLS broker was killed. Events stay in our bounded queue until the broker has room
/// for one more in flight; those in flight outlive a reconnection in the library, which sends them again. So an event
/// is delivered at least once or counted as dropped. Topic <c>available</c> tells others whether the device lives: by
/// the will, on every connection, and at an orderly end.
/// </summary>
public sealed class MqttTransport : QueuedTransport, IMqttListener
{
    private const int IdleMs = 500;
    private const int MaxCachedTopics = 256;
    private const int SessionTakenOver = 0x8E;

    private readonly MqttOptions _options;
    private readonly MqttRole _role;
    private readonly string _root;
    private readonly string _peer;
    private readonly (InboundTopic Topic, byte[] FullName)[] _inbound;
    private readonly Dictionary<string, string> _fullNames = [];
    private readonly Dictionary<int, InFlight> _inFlight = [];
    private readonly ConnectionRecord _record;
    private MqttClient? _client;
    private bool _answered;
    private bool _takenOver;
    private string? _refusal;
    private int _id;
    private (int Id, int Reason)? _early;

    /// <summary>A transport to one broker, in the role of the device where no other is given.</summary>
    /// <exception cref="MessagingException">The options are wrong; the line names all of it.</exception>
    public MqttTransport(MqttOptions options, SensorClock clock, ILogger<MqttTransport> logger, MqttRole? role = null)
        : base("mqtt", Limits(options), options.ShutdownMs + 3000, clock, logger)
    {
        (_options, _record) = (options, new ConnectionRecord(options));
        _role = role ?? MqttRole.Device;
        _root = options.TopicRoot;
        _peer = $"{options.Host}:{options.Port}";
        _inbound = [.. _role.Inbound.Select(topic => (topic, System.Text.Encoding.UTF8.GetBytes(_root + topic.Name)))];
    }

    /// <inheritdoc/>
    protected override void Open() => _client = new MqttClient(_options, _role.IsDevice, this);

    /// <inheritdoc/>
    protected override void Release() => _client?.Dispose();

    /// <inheritdoc/>
    protected override void Run()
    {
        while (!Stopping)
        {
            var reason = TryConnect() ?? Serve();
            if (Stopping) break;
            WaitUntilStoppedOr(Lose(reason));
        }

        if (State == TransportState.Connected) SayGoodbye();
        foreach (var _ in _inFlight) Counters.Drop(DropReason.Shutdown);
        _inFlight.Clear();
    }

    void IMqttListener.OnConnected(int reason)
    {
        if (reason >= 0x80)
        {
            _refusal = $"the broker refuses us: {ReasonText(reason)}";
            return;
        }

        _answered = true;
        foreach (var (topic, _) in _inbound) _client!.Subscribe(_root + topic.Name);
        if (_role.IsDevice) PublishAvailable("online"u8);

        // A broker that restarted without a store has forgotten what it kept for us, as one does whose life is over.
        Outbox.Repeat(static _ => true);
        if (_record.Connected(Clock.Monotonic)) MessagingLog.Connected(Logger, Name, _peer);
        Trouble = _record.Trouble;
        Become(TransportState.Connected);
    }

    void IMqttListener.OnDismissed(int reason)
    {
        _takenOver = reason == SessionTakenOver;
        _refusal = $"the broker ended the connection: {ReasonText(reason)}";
    }

    void IMqttListener.OnPublished(int id, int reason)
    {
        if (_inFlight.Remove(id, out var message)) Settle(message, reason);
        else if (id == _id) _early = (id, reason);
    }

    void IMqttListener.OnSubscriptionDenied() => MessagingLog.SubscriptionDenied(Logger, Name, _peer);

    void IMqttListener.OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained)
    {
        foreach (var (known, fullName) in _inbound)
        {
            if (!topic.SequenceEqual(fullName)) continue;
            if (payload.Length > _options.MaxInboundBytes) Counters.Refuse(RefusalReason.TooLarge);
            else Arrive(known, payload, retained);
            return;
        }

        Counters.Refuse(RefusalReason.UnknownTopic);
    }

    private string? TryConnect()
    {
        (_answered, _takenOver, _refusal) = (false, false, null);
        return Probe() ?? _client!.Connect();
    }

    /// <summary>
    /// Whether the broker's port answers at all. The library connects with a blocking connect(2), which a host that
    /// swallows packets would hold for two minutes, the end of the service with it; this one has a limit and can be stopped.
    /// </summary>
    private string? Probe()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(_options.ConnectTimeoutMs), Clock.Provider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, Stop);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.ConnectAsync(_options.Host, _options.Port, limit.Token).AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {_options.ConnectTimeoutMs} ms";
        }
        catch (SocketException exception)
        {
            return exception.Message;
        }
    }

    private string Serve()
    {
        var deadline = Clock.Monotonic + TimeSpan.FromMilliseconds(_options.ConnectTimeoutMs);
        while (!Stopping)
        {
            if (_client!.Pump(WakeUp, IdleMs) is { } reason) return _refusal ?? reason;
            if (_refusal is { } refusal) return refusal;
            if (_answered) Carry();
            else if (Clock.Monotonic > deadline) return $"connected, but no answer within {_options.ConnectTimeoutMs} ms";
        }

        return "";
    }

    private void Carry()
    {
        if (_record.HasSettled(Clock.Monotonic))
        {
            Trouble = null;
            MessagingLog.Connected(Logger, Name, _peer);
        }

        HandOver();
    }

    private void HandOver()
    {
        while (_inFlight.Count < _options.MaxInFlight && !_client!.IsCongested)
        {
            var now = Clock.Monotonic;
            if (!Outbox.TryDequeue(now, out var message)) return;
            HandOver(message, now);
            message.Release();
        }
    }

    private void HandOver(in OutboundMessage message, TimeSpan now)
    {
        _early = null;
        var options = message.Options;
        var expiry = options.Deadline - now ?? Life(options);
        var error = _client!.Publish(
            ref _id, FullName(message), message.Payload, (int)options.Quality, options.Retain, expiry);
        var flight = new InFlight(message.Length, options.Quality);
        if (error != 0) Counters.Drop(error == LibMosquitto.NoConnection ? DropReason.Disconnected : DropReason.BrokerRefused);
        else if (_early is { } early && early.Id == _id) Settle(flight, early.Reason);
        else _inFlight[_id] = flight;
    }

    // The last words stay true after the end, and so are kept.
    private TimeSpan? Life(in PublishOptions options) => Stopping ? null : options.Life;

    private void Settle(InFlight message, int reason)
    {
        if (reason < 0x80) Counters.Deliver(message.Bytes);
        else Counters.Drop(DropReason.BrokerRefused);
    }

    private string FullName(in OutboundMessage message)
    {
        if (message.Options.AbsoluteTopic) return message.Topic;
        if (_fullNames.TryGetValue(message.Topic, out var name)) return name;
        if (_fullNames.Count == MaxCachedTopics) _fullNames.Clear();
        return _fullNames[message.Topic] = _root + message.Topic;
    }

    /// <summary>Takes note of a lost connection; returns how long to wait before the next attempt.</summary>
    private TimeSpan Lose(string reason)
    {
        // What the library had not written of a stream is gone with the connection; events stay with it.
        foreach (var (id, message) in _inFlight)
        {
            if (message.Quality != QualityOfService.AtMostOnce) continue;
            _inFlight.Remove(id);
            Counters.Drop(DropReason.Disconnected);
        }

        var (wait, isNews) = _record.Lost(Clock.Monotonic, reason, _takenOver);
        Trouble = _record.Trouble;
        if (isNews) MessagingLog.Down(Logger, Name, _peer, Trouble!.Reason);
        else MessagingLog.StillDown(Logger, Name, _peer, reason);
        Become(TransportState.Disconnected);
        return wait;
    }

    private void WaitUntilStoppedOr(TimeSpan delay)
    {
        var until = Clock.Monotonic + delay;
        while (!Stopping && until - Clock.Monotonic is { Ticks: > 0 } left) WakeUp.Wait((int)Math.Ceiling(left.TotalMilliseconds));
    }

    private void SayGoodbye()
    {
        var deadline = Clock.Monotonic + TimeSpan.FromMilliseconds(_options.ShutdownMs);
        var alive = true;
        Outbox.Repeat(static message => message.Options.Life is not null);
        while (alive && (Outbox.Count > 0 || _inFlight.Count > 0) && Clock.Monotonic < deadline)
        {
            HandOver();
            alive = _client!.Pump(WakeUp, 10) is null;
        }

        if (!alive) return;
        if (_role.IsDevice)
        {
            var farewell = PublishAvailable("offline"u8);
            while (alive && _early?.Id != farewell && Clock.Monotonic < deadline) alive = _client!.Pump(WakeUp, 10) is null;
        }

        _client!.Disconnect();
        while (alive && _client.HasSocket && Clock.Monotonic < deadline) alive = _client.Pump(WakeUp, 10) is null;
    }

    private int PublishAvailable(ReadOnlySpan<byte> state)
    {
        _early = null;
        _ = _client!.Publish(ref _id, _root + Topics.Available, state, 1, retain: true, remaining: null);
        return _id;
    }

    private static unsafe string ReasonText(int reason) => LibMosquitto.Text(LibMosquitto.ReasonText(reason));

    private static QueueLimits Limits(MqttOptions options)
    {
        OptionFaults.ThrowIfAny("mqtt", options.Faults());
        return new QueueLimits(options.EventQueue, options.StreamQueue);
    }

    private readonly record struct InFlight(int Bytes, QualityOfService Quality);
}
