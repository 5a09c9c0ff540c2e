using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>
/// An MQTT broker within the service, versions 3.1 to 5, for a robot that has none (<c>mqtt.embedded</c>). It listens
/// at one loopback address, asks for one user and password, or none, and speaks TLS with a certificate of its own. The
/// service itself connects to it as to any broker. It runs on the thread pool: a stop that comes over MQTT passes
/// through it, and so waits for the pool, as it would for another broker's process; the safety ladder and stops of
/// controllers do not.
/// <para>Wills, retained messages (in memory, bounded), all three qualities; a message's expiry is counted down and
/// enforced at the moment of sending. What is bounded, and where: <see cref="BrokerLimits"/>; beyond it messages are
/// dropped and counted, clients refused with a line in the log.</para>
/// <para>A session outlives its connection where the client asks for it, and never this process; a few of them, for ten
/// minutes, with as much as fits. Who sends faster than a bounded rate is read more slowly, so that others are
/// served.</para>
/// <para>What it has not: shared subscriptions, will delay, a client's receive maximum. A client whose id is taken over
/// publishes no will. Whoever may connect may read and say all.</para>
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly MqttSettings _options;
    private readonly IPEndPoint _address;
    private readonly SensorClock _clock;
    private readonly ILogger _logger;
    private readonly RetainedMessages _retained = new();
    private readonly LastingSessions _sessions = new();
    private readonly ConcurrentDictionary<string, BrokerConnection> _clients = new(StringComparer.Ordinal);
    private readonly byte[]? _secret;
    private BrokerListener? _listener;
    private MqttServer? _server;

    /// <summary>A broker that does not listen yet.</summary>
    /// <param name="options">Where, for whom, with which certificate.</param>
    /// <param name="clock">By which messages expire. What bounds connections goes by the system's.</param>
    /// <param name="logger">Who is refused, and why.</param>
    /// <exception cref="MessagingException">The options are wrong, or the password cannot be read.</exception>
    public EmbeddedBroker(MqttSettings options, SensorClock clock, ILogger<EmbeddedBroker> logger)
    {
        SettingsFaults.ThrowIfAny("mqtt", options);
        (_options, _clock, _logger) = (options, clock, logger);
        _address = new IPEndPoint(options.LoopbackAddress!, options.Port);
        if (options.Username.Length > 0)
            _secret = Digest(options.Username, System.Text.Encoding.UTF8.GetBytes(options.ReadPassword() ?? ""));
    }

    /// <summary>Listens; clients may connect as soon as it returns.</summary>
    /// <exception cref="MessagingException">The port is taken, or the certificate cannot be used any more.</exception>
    public void Start()
    {
        var certificate = _options.Tls ? BrokerCertificate.Load(_options) : null;
        _listener = new BrokerListener(_address, certificate, _clock, _logger);
        try
        {
            _listener.Bind();
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new MessagingException(BindFault(e), e);
        }

        var options = new MqttServerOptionsBuilder()
            .WithDefaultCommunicationTimeout(BrokerLimits.ToConnect)
            .WithPersistentSessions()
            .WithMaxPendingMessagesPerClient(BrokerLimits.QueuedMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .Build();
        _server = new MqttServerFactory().CreateMqttServer(options, [_listener], new BrokerLog.Bridge(_logger));
        _server.ValidatingConnectionAsync += Now<ValidatingConnectionEventArgs>(Admit);
        _server.ClientDisconnectedAsync += ForgetAsync;
        _server.InterceptingSubscriptionAsync += Now<InterceptingSubscriptionEventArgs>(Subscribe);
        _server.ClientUnsubscribedTopicAsync += Now<ClientUnsubscribedTopicEventArgs>(
            e => Of(e.ClientId)?.Unsubscribe(e.TopicFilter));
        _server.InterceptingPublishAsync += PublishAsync;
        _server.InterceptingClientEnqueueAsync += Now<InterceptingClientApplicationMessageEnqueueEventArgs>(Enqueue);
        _server.QueuedApplicationMessageOverwrittenAsync += Now<QueueMessageOverwrittenEventArgs>(
            e => Of(e.ReceiverClientId)?.Drop((MqttPublishPacket)e.Packet, "queue_full"));
        // It awaits nothing: its listener's port is open already.
        _server.StartAsync().GetAwaiter().GetResult();
        BrokerLog.Listens(_logger, $"{_address}", (certificate, _secret) switch
        {
            (null, null) => ", for every program of this machine",
            (null, _) => ", with a password",
            (_, null) => ", with TLS, for every program of this machine",
            _ => ", with TLS and a password",
        });
    }

    /// <summary>
    /// Ends it. What was said before still reaches the clients, unless one takes longer than a second; those of
    /// version 5 are told that the broker ends.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not { } server) return;
        _server = null;
        server.AcceptNewConnections = false;
        var timeout = Task.Delay(FarewellTimeout);
        while (_clients.Values.Any(client => client.IsBusy) && !timeout.IsCompleted) await Task.Delay(LookAgain);
        var stopping = server.StopAsync(new MqttServerStopOptions());
        if (await Task.WhenAny(stopping, Task.Delay(StopTimeout)) != stopping) _listener!.CloseAll();
        await stopping;
        server.Dispose();
    }

    private static Func<T, Task> Now<T>(Action<T> handle) => e =>
    {
        handle(e);
        return Task.CompletedTask;
    };

    private BrokerConnection? Of(string clientId) => _clients.GetValueOrDefault(clientId);

    private void Admit(ValidatingConnectionEventArgs e)
    {
        if (string.IsNullOrEmpty(e.ClientId))
        {
            // The server refuses it.
            Refuse("client_id", "it has no id, which version 3.1 does not allow; give it one");
            return;
        }

        if (_secret is not null
            && !CryptographicOperations.FixedTimeEquals(_secret, Digest(e.UserName ?? "", e.RawPassword ?? [])))
        {
            e.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            Refuse("password", "user name or password is wrong");
            return;
        }

        var connection = (BrokerConnection)e.ChannelAdapter;
        var (life, waiting) = _sessions.Admit(e.ClientId, connection.WantedSession);
        connection.Grant(life, Of(e.ClientId)?.Held ?? waiting);
        _clients[e.ClientId] = connection;

        void Refuse(string reason, string words)
        {
            BrokerMessages.CountRefused(reason);
            BrokerLog.Refused(_logger, BrokerLog.Plain(e.ClientId), $"{e.RemoteEndPoint}", words);
        }
    }

    // Where its id was taken over, its place has another by then.
    private async Task ForgetAsync(ClientDisconnectedEventArgs e)
    {
        var now = _clock.Monotonic;
        foreach (var over in _sessions.ForgetOver(now)) await EndSessionAsync(over);
        if (Of(e.ClientId) is not { } client || !client.RemoteEndPoint.Equals(e.RemoteEndPoint)) return;
        var isKept = _sessions.TryLeave(e.ClientId, client.Held, now);
        _clients.TryRemove(KeyValuePair.Create(e.ClientId, client));
        // The server itself keeps more of them than it was asked for.
        if (!isKept) await EndSessionAsync(e.ClientId);
    }

    private async Task EndSessionAsync(string clientId)
    {
        if (_server is not { } server || _clients.ContainsKey(clientId)) return;
        foreach (var session in await server.GetSessionsAsync())
            if (session.Id == clientId) await session.DeleteAsync();
    }

    // MQTT 5 §4.7.1 for wildcards, §4.8.2 for shares, which the server has not.
    private void Subscribe(InterceptingSubscriptionEventArgs e)
    {
        var filter = e.TopicFilter.Topic;
        if (filter.StartsWith("$share/", StringComparison.Ordinal))
            Refuse(MqttSubscribeReasonCode.SharedSubscriptionsNotSupported, "shared_subscription");
        else if (!IsFilter(filter)) Refuse(MqttSubscribeReasonCode.TopicFilterInvalid, "topic_filter");
        else if (Of(e.ClientId)?.TrySubscribe(filter) == false)
            Refuse(MqttSubscribeReasonCode.QuotaExceeded, "subscriptions");

        void Refuse(MqttSubscribeReasonCode code, string reason)
        {
            BrokerMessages.CountRefused(reason);
            e.Response.ReasonCode = code;
            e.ProcessSubscription = false;
        }
    }

    private async Task PublishAsync(InterceptingPublishEventArgs e)
    {
        var message = e.ApplicationMessage;
        if (string.IsNullOrEmpty(message.Topic) || message.Topic.AsSpan().IndexOfAny('+', '#', '\0') >= 0)
            Refuse(MqttPubAckReasonCode.TopicNameInvalid, "topic_name");
        else if (message.Topic[0] == '$') // The broker's own, §4.7.2; this one says nothing there.
            Refuse(MqttPubAckReasonCode.NotAuthorized, "system_topic");
        else
        {
            if (message.MessageExpiryInterval is > 0 and var seconds)
            {
                var over = _clock.Monotonic + TimeSpan.FromSeconds(seconds);
                message.UserProperties = new DatedProperties(message.UserProperties, over);
            }

            if (message.Retain && !await TryRetainAsync(message))
            {
                var client = BrokerLog.Plain(e.ClientId);
                BrokerLog.RetainsNoMore(_logger, client, BrokerLimits.RetainedTopics, BrokerLimits.RetainedBytes);
                Refuse(MqttPubAckReasonCode.QuotaExceeded, "retained");
            }
        }

        void Refuse(MqttPubAckReasonCode code, string reason)
        {
            BrokerMessages.CountRefused(reason);
            e.Response.ReasonCode = code;
            e.ProcessPublish = false;
        }
    }

    private async Task<bool> TryRetainAsync(MqttApplicationMessage message)
    {
        if (_retained.TryKeep(message)) return true;
        if (_server is not { } server) return false;
        foreach (var topic in _retained.ForgetOver(_clock.Monotonic))
            await server.UpdateRetainedMessageAsync(new MqttApplicationMessage { Topic = topic });
        return _retained.TryKeep(message);
    }

    // Retained messages come this way as well, when somebody subscribes.
    private void Enqueue(InterceptingClientApplicationMessageEnqueueEventArgs e)
    {
        if (BrokerMessages.IsOver(e.ApplicationMessage.UserProperties, _clock.Monotonic)) e.AcceptEnqueue = false;
        else if (!TryHold(e.ReceiverClientId, e.ApplicationMessage))
        {
            BrokerMessages.CountDropped("client_behind");
            e.AcceptEnqueue = false;
        }
    }

    private bool TryHold(string clientId, MqttApplicationMessage message)
    {
        var bytes = BrokerMessages.Size(message);
        if (Of(clientId) is { } client) return client.TryHold(bytes);
        return message.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce
            && _sessions.TryHold(clientId, bytes, _clock.Monotonic);
    }

    private string BindFault(SocketException e)
    {
        var reason = e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                "address in use; another broker (mosquitto?) may hold it, "
                + "use it with embedded: false or choose another port",
            SocketError.AccessDenied => "permission denied; choose a port from 1024 on",
            _ => e.Message,
        };
        return $"mqtt.port: cannot listen on {_address}: {reason}";
    }

    private static bool IsFilter(string filter)
    {
        var levels = filter.Split('/');
        return filter.Length > 0 && levels.Select((level, at) => level switch
        {
            "#" => at == levels.Length - 1,
            "+" => true,
            _ => level.AsSpan().IndexOfAny('+', '#', '\0') < 0,
        }).All(holds => holds);
    }

    // Of one length whatever was given, so that the comparison takes one time.
    private static byte[] Digest(string user, byte[] password) =>
        SHA256.HashData([.. SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(user)), .. SHA256.HashData(password)]);
}
