using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// MQTT version 5, or 3.1.1 with a broker that speaks nothing newer. One thread connects and sends, one receives, and
/// nothing goes by way of the thread pool. Events stay in our bounded queue until the broker has room for one more in
/// flight; those in flight when a connection breaks are sent again over the next one. So an event is delivered at least
/// once or counted as dropped. Topic <c>available</c> tells others whether the device lives: by the will, on every
/// connection, and at an orderly end.
/// </summary>
public sealed class MqttTransport : QueuedTransport
{
    private static readonly byte[] Online = [.. "online"u8];

    private readonly MqttSettings _options;
    private readonly MqttRole _role;
    private readonly string _peer;
    private readonly Dictionary<string, InboundTopic> _inbound;
    private readonly UnacknowledgedEvents _inFlight = new();
    private Queue<OutboundMessage> _again = [];
    private readonly ConcurrentQueue<ushort> _toAcknowledge = [];
    private readonly ConnectionRecord _record;
    private readonly PublishPackets _packets;
    private readonly ProbeSender? _probe;
    private readonly MqttPubAckPacket _acknowledge = new();
    private MqttConnector? _connector;
    private bool _saidOld;
    private long _heardTicks;
    private volatile int _ownUnacknowledged;
    private TimeSpan? _sendUntil;
    private Exception? _ended;

    /// <summary>A transport to one broker, in the role of the device where no other is given.</summary>
    /// <exception cref="MessagingException">The options are wrong; the line names all of it.</exception>
    public MqttTransport(MqttSettings options, SensorClock clock, ILogger<MqttTransport> logger, MqttRole? role = null)
        : base((role ??= MqttRole.Device).Name, role.Limits(options), options.ShutdownMs + 3000, clock, logger,
            role.IsUrgent)
    {
        (_role, _options) = (role, role.Of(options));
        _record = new ConnectionRecord(_options);
        _packets = new PublishPackets(options.TopicRoot);
        if (role.Probe is { } probe) _probe = new ProbeSender(probe, options.TopicRoot, _packets, _inFlight, clock);
        _peer = $"{options.Host}:{options.Port}";
        _inbound = _role.Inbound.ToDictionary(topic => options.TopicRoot + topic.Name);
    }

    /// <inheritdoc/>
    protected override void Open() => _connector = new MqttConnector(_options, _role, Clock);

    /// <inheritdoc/>
    protected override ValueTask ReleaseAsync()
    {
        _connector?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Run()
    {
        while (!Stopping)
        {
            var (reason, end) = ConnectAndServe();
            if (!Stopping) Pause(Lose(reason, end));
        }

        foreach (var message in _again.Concat(_inFlight.TakeAll())) Discard(message, DropReason.Shutdown);
    }

    /// <summary>One connection from its first packet to its last; returns what ended it.</summary>
    private (string Reason, MqttEnd End) ConnectAndServe()
    {
        try
        {
            using var connection = _connector!.Connect(Stop, out var terms);
            connection.Settle(terms.KeepAlive);
            Serve(connection, terms);
            return ("", MqttEnd.Unexplained);
        }
#pragma warning disable CA1031 // Whatever ends a connection, the next one is tried; the reason is said.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (MqttFault.Describe(exception), (exception as MqttRefusedException)?.End ?? MqttEnd.Unexplained);
        }
    }

    private void Serve(MqttConnection connection, MqttTerms terms)
    {
        (_ended, _ownUnacknowledged, _sendUntil) = (null, 0, null);
        _toAcknowledge.Clear();
        Volatile.Write(ref _heardTicks, Clock.Monotonic.Ticks);
        var name = $"messaging {Name} receiver";
        var receiver = new Thread(() => ReceiveAll(connection)) { IsBackground = true, Name = name };
        receiver.Start();
        try
        {
            Greet(connection, terms);
            var pulse = new BrokerPulse(terms.KeepAlive, Clock.Monotonic);
            while (!Stopping)
            {
                Acknowledge(connection);
                HandOver(connection, terms);
                if (_record.HasSettled(Clock.Monotonic)) MessagingLog.Connected(Logger, Name, _peer);
                _probe?.Send(connection, terms);
                Trouble = _record.Trouble ?? _probe?.Trouble(_connector!.IsOld, Logger, Name, _peer);
                if (pulse.IsDue(Clock.Monotonic, new TimeSpan(Volatile.Read(ref _heardTicks)), _inFlight.Oldest))
                    connection.Send(MqttPingReqPacket.Instance);
                ThrowIfEnded();
                var idle = pulse.UntilDue(Clock.Monotonic);
                WakeUp.Wait((int)(_probe?.UntilDue(idle) ?? idle).TotalMilliseconds + 1);
            }

            SayGoodbye(connection, terms);
        }
        catch (Exception exception) when (MqttFault.IsHangUp(exception))
        {
            // The broker may have said why before it hung up.
            receiver.Join(millisecondsTimeout: 200);
            ThrowIfEnded();
            throw;
        }
        finally
        {
            connection.Abort();
            receiver.Join();
            // Before those that were to be sent again and were not: these are older.
            _again = new Queue<OutboundMessage>([.. _inFlight.TakeAll(), .. _again]);
        }
    }

    private void Greet(MqttConnection connection, MqttTerms terms)
    {
        if (_inbound.Count > 0)
        {
            connection.Send(new MqttSubscribePacket
            {
                PacketIdentifier = _inFlight.NextId(),
                TopicFilters = [.. _inbound.Keys.Select(name => new MqttTopicFilter
                    { Topic = name, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce })],
            });
        }

        if (_role.IsDevice) PublishAvailable(connection, terms, Online);
        _probe?.Begin();

        // A broker that restarted without a store has forgotten what it kept for us, as one does whose life is over.
        Outbox.Repeat(static _ => true);
        if (_record.Connected(Clock.Monotonic)) MessagingLog.Connected(Logger, Name, _peer);
        if (_connector!.IsOld && !_saidOld && _probe is null)
        {
            _saidOld = true;
            MessagingLog.SpeaksOldVersion(Logger, Name, _peer);
        }

        Trouble = _record.Trouble;
        Become(TransportState.Connected);
    }

    /// <summary>The receiving thread: takes what comes until the connection ends.</summary>
    private void ReceiveAll(MqttConnection connection)
    {
        try
        {
            if (_role.IsUrgent) ThreadUrgency.Raise();
            while (connection.Receive(out var isCut) is { } packet)
            {
                Volatile.Write(ref _heardTicks, Clock.Monotonic.Ticks);
                Take(packet, isCut);
            }

            Interlocked.CompareExchange(ref _ended, new MqttRefusedException("the broker closed the connection"), null);
        }
#pragma warning disable CA1031 // What ends a connection is told by the thread that sends, which makes the next one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _ended, exception, null);
        }

        WakeUp.Set();
    }

    private void Take(MqttPacket packet, bool isCut)
    {
        switch (packet)
        {
            case MqttPublishPacket message:
                Take(message, isCut);
                break;
            case MqttPubAckPacket answer:
                if (_inFlight.TryTake(answer.PacketIdentifier, out var sent)) Settle(sent, answer.ReasonCode);
                else if (answer.PacketIdentifier == _ownUnacknowledged) _ownUnacknowledged = 0;
                else _probe?.Take(answer);
                WakeUp.Set();
                break;
            case MqttSubAckPacket answer when answer.ReasonCodes.Exists(code => (int)code >= 0x80):
                MessagingLog.SubscriptionDenied(Logger, Name, _peer);
                _probe?.Deny();
                break;
            case MqttDisconnectPacket end:
                throw MqttFault.Ended(end);
        }
    }

    private void Take(MqttPublishPacket message, bool isCut)
    {
        if (!_inbound.TryGetValue(message.Topic, out var topic)) Counters.Refuse(RefusalReason.UnknownTopic);
        else if (_probe is not null && !isCut && _probe.TryTakeBack(message.Payload.FirstSpan)) Counters.Receive();
        else if (!isCut && message.Payload.Length <= _options.MaxInboundBytes)
            Arrive(topic, message.Payload.FirstSpan, message.Retain);
        else if (topic == Topics.Halt) Arrive(topic, [], message.Retain); // It is one however long it is.
        else Counters.Refuse(RefusalReason.TooLarge);
        if (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce) return;
        _toAcknowledge.Enqueue(message.PacketIdentifier);
        WakeUp.Set();
    }

    private void Acknowledge(MqttConnection connection)
    {
        while (_toAcknowledge.TryDequeue(out var id))
        {
            _acknowledge.PacketIdentifier = id;
            connection.Send(_acknowledge);
        }
    }

    // A message of our own counts as well.
    private int InFlight => _inFlight.Count + (_ownUnacknowledged == 0 ? 0 : 1);

    // Whether sending is to end, though there may be more: however slow the link, the end comes in time.
    private bool IsOver => _sendUntil is { } until ? Clock.Monotonic >= until : Stopping;

    private void HandOver(MqttConnection connection, MqttTerms terms)
    {
        while (_ended is null && !IsOver && _toAcknowledge.IsEmpty && InFlight < terms.InFlight)
        {
            if (!_again.TryDequeue(out var message) && !Outbox.TryDequeue(Clock.Monotonic, out message)) return;
            HandOver(connection, terms, message);
        }
    }

    private void HandOver(MqttConnection connection, MqttTerms terms, in OutboundMessage message)
    {
        if (_packets.Obstacle(message, terms, Clock.Monotonic) is { } reason)
        {
            Discard(message, reason);
            return;
        }

        var packet = _packets.Of(message, terms, Clock.Monotonic, Stopping);
        if (packet.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce)
        {
            packet.PacketIdentifier = _inFlight.Add(message, Clock.Monotonic);
            connection.Send(packet);
            return;
        }

        try
        {
            connection.Send(packet);
            Counters.Deliver(message.Length);
        }
        catch
        {
            Counters.Drop(DropReason.Disconnected);
            throw;
        }
        finally
        {
            message.Release();
        }
    }

    private void Settle(in OutboundMessage message, MqttPubAckReasonCode reason)
    {
        if ((int)reason >= 0x80) Counters.Drop(DropReason.BrokerRefused);
        else Counters.Deliver(message.Length);
        message.Release();
    }

    private void Discard(in OutboundMessage message, DropReason reason)
    {
        Counters.Drop(reason);
        message.Release();
    }

    private void PublishAvailable(MqttConnection connection, MqttTerms terms, ReadOnlyMemory<byte> state)
    {
        var packet = _packets.Own(Topics.Available, state, terms);
        if (packet.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce)
            _ownUnacknowledged = packet.PacketIdentifier = _inFlight.NextId();
        connection.Send(packet);
    }

    /// <summary>Takes note of a lost connection; returns how long to wait before the next attempt.</summary>
    private TimeSpan Lose(string reason, MqttEnd end)
    {
        var (wait, isNews) = _record.Lost(Clock.Monotonic, reason, end);
        Trouble = _record.Trouble;
        if (isNews) MessagingLog.Down(Logger, Name, _peer, Trouble!.Reason);
        else MessagingLog.StillDown(Logger, Name, _peer, reason);
        Become(TransportState.Disconnected);
        return wait;
    }

    private void ThrowIfEnded()
    {
        if (Volatile.Read(ref _ended) is { } reason) ExceptionDispatchInfo.Throw(reason);
    }

    private void SayGoodbye(MqttConnection connection, MqttTerms terms)
    {
        var deadline = Clock.Monotonic + TimeSpan.FromMilliseconds(_options.ShutdownMs);
        _sendUntil = deadline;
        Outbox.Repeat(static message => message.Options.Life is not null);
        WaitWhile(() => Outbox.Count > 0 || _again.Count > 0 || _inFlight.Count > 0, connection, terms, deadline);
        if (_role.IsDevice)
        {
            PublishAvailable(connection, terms, MqttHandshake.Offline);
            WaitWhile(() => _ownUnacknowledged != 0, connection, terms, deadline);
        }

        connection.Send(new MqttDisconnectPacket());
        connection.EndWriting();

        // Until the broker has read it all and hangs up: closing with something unread takes back what was sent.
        while (_ended is null && Clock.Monotonic < deadline) WakeUp.Wait(10);
    }

    private void WaitWhile(Func<bool> isOpen, MqttConnection connection, MqttTerms terms, TimeSpan deadline)
    {
        while (isOpen() && Clock.Monotonic < deadline)
        {
            ThrowIfEnded();
            Acknowledge(connection);
            HandOver(connection, terms);
            if (isOpen()) WakeUp.Wait(10);
        }
    }
}
