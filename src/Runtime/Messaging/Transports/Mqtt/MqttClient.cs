using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>What the broker says, called from within <see cref="MqttClient.Pump"/> on the same thread.</summary>
internal interface IMqttListener
{
    /// <summary>The broker answered the connection; a reason of 0x80 and above is a refusal.</summary>
    void OnConnected(int reason);

    /// <summary>The broker says why it ends the connection; a reason of 0x80 and above.</summary>
    void OnDismissed(int reason);

    /// <summary>A message left (QoS 0) or was acknowledged (QoS 1); a reason of 0x80 and above is a refusal.</summary>
    void OnPublished(int id, int reason);

    /// <summary>The broker denied a subscription.</summary>
    void OnSubscriptionDenied();

    /// <summary>A message arrived; the bytes are valid during the call only.</summary>
    void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained);
}

/// <summary>
/// One libmosquitto client, driven by its caller's thread: it makes no thread and no lock of its own. The clean start
/// is on purpose: commands that a session kept for an absent robot would all be stale.
/// </summary>
internal sealed unsafe class MqttClient : IDisposable
{
    private const int ProtocolVersion = 1;
    private const int SendMaximum = 5;
    private const int NoDelay = 11;
    private const int UseSystemCertificates = 13;
    private const int Version5 = 5;
    private const int MessageExpiryInterval = 2;
    private const int MaximumPacketSize = 39;
    private const int MaxLogged = 2000;
    private const short In = 1;
    private const short Out = 4;

    // The library counts its users; one for the life of the process keeps other clients' OpenSSL state alive.
    private static readonly int Initialized = LibMosquitto.Initialize();

    private readonly MqttOptions _options;
    private readonly IMqttListener _listener;
    private readonly nint _client;
    private GCHandle _self;
    private bool _answered;
    private string _logged = "";

    public MqttClient(MqttOptions options, bool hasWill, IMqttListener listener)
    {
        (_options, _listener) = (options, listener);
        Check(Initialized, "start libmosquitto");
        _self = GCHandle.Alloc(this);
        _client = LibMosquitto.New(options.EffectiveClientId, 1, GCHandle.ToIntPtr(_self));
        try
        {
            if (_client == 0) throw new MessagingException("mqtt: libmosquitto has no memory for a client");
            Configure(hasWill);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the library still has bytes that the network has not taken.</summary>
    public bool IsCongested => LibMosquitto.WantsWrite(_client) != 0;

    /// <summary>Whether there is a socket at all.</summary>
    public bool HasSocket => LibMosquitto.Socket(_client) >= 0;

    /// <summary>Connects TCP and sends the greeting; returns what is wrong, or null. May block in connect(2).</summary>
    public string? Connect()
    {
        (_answered, _logged) = (false, "");
        nint properties = 0;
        _ = LibMosquitto.AddProperty(ref properties, MaximumPacketSize, (uint)_options.MaxInboundBytes);
        var error = LibMosquitto.Connect(_client, _options.Host, _options.Port, _options.KeepAliveS, 0, properties);
        var errno = Marshal.GetLastPInvokeError();
        LibMosquitto.FreeProperties(ref properties);
        return Describe(error, errno);
    }

    /// <summary>
    /// Waits for the network or the wake-up, then reads, writes and keeps the connection alive. Returns what ended the
    /// connection, or null.
    /// </summary>
    public string? Pump(WakeUp wakeUp, int milliseconds)
    {
        var socket = LibMosquitto.Socket(_client);
        if (socket < 0) return "the connection was closed";
        var happened = wakeUp.Wait(socket, IsCongested ? (short)(In | Out) : In, milliseconds);
        var error = 0;
        if ((happened & ~Out) != 0) error = LibMosquitto.LoopRead(_client, 1);
        if (error == 0 && IsCongested) error = LibMosquitto.LoopWrite(_client, 1);
        if (error == 0) error = LibMosquitto.LoopMisc(_client);
        return Describe(error, Marshal.GetLastPInvokeError());
    }

    public bool Subscribe(string topic) => LibMosquitto.Subscribe(_client, 0, topic, 1, 0, 0) == 0;

    /// <summary>
    /// Gives a message to the library. An event is in the library's hands even without a connection; it sends it again
    /// after a reconnection until it is acknowledged. Anything but 0 is the library's error, and the message was not
    /// taken. <paramref name="id"/> is written before any callback about it.
    /// </summary>
    public int Publish(ref int id, string topic, ReadOnlySpan<byte> payload, int quality, bool retain, TimeSpan? remaining)
    {
        nint properties = 0;
        if (remaining is { } time)
        {
            var seconds = (uint)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, uint.MaxValue);
            _ = LibMosquitto.AddProperty(ref properties, MessageExpiryInterval, seconds);
        }

        fixed (byte* bytes = payload)
        {
            var error = LibMosquitto.Publish(
                _client, ref id, topic, payload.Length, bytes, quality, retain ? (byte)1 : (byte)0, properties);
            if (properties != 0) LibMosquitto.FreeProperties(ref properties);
            var queuedAnyway = quality > 0 && error is LibMosquitto.NoConnection or LibMosquitto.ConnectionLost or LibMosquitto.Errno;
            return queuedAnyway ? 0 : error;
        }
    }

    public void Disconnect() => _ = LibMosquitto.Disconnect(_client, 0, 0);

    public void Dispose()
    {
        if (!_self.IsAllocated) return;
        if (_client != 0) LibMosquitto.Destroy(_client);
        _self.Free();
    }

    private void Configure(bool hasWill)
    {
        LibMosquitto.OnLog(_client, &Logged);
        Check(LibMosquitto.SetOption(_client, ProtocolVersion, Version5), "use MQTT version 5");
        Check(LibMosquitto.SetOption(_client, SendMaximum, _options.MaxInFlight), "bound what is in flight");
        Check(LibMosquitto.SetOption(_client, NoDelay, 1), "send at once");
        if (_options.Username.Length > 0) Check(LibMosquitto.SetCredentials(_client, _options.Username, ReadPassword()), "set the user");
        if (_options.Tls) ConfigureTls();
        if (hasWill) SetWill("offline"u8);

        LibMosquitto.OnConnect(_client, &Connected);
        LibMosquitto.OnDisconnect(_client, &Disconnected);
        LibMosquitto.OnPublish(_client, &Published);
        LibMosquitto.OnMessage(_client, &Arrived);
        LibMosquitto.OnSubscribe(_client, &Subscribed);
    }

    private void SetWill(ReadOnlySpan<byte> payload)
    {
        fixed (byte* bytes = payload)
        {
            var topic = _options.TopicRoot + Topics.Available;
            Check(LibMosquitto.SetWill(_client, topic, payload.Length, bytes, 1, 1, 0), "set the will");
        }
    }

    private void ConfigureTls()
    {
        static string? OrNull(string path) => path.Length == 0 ? null : path;
        var ca = OrNull(_options.TlsCaFile);
        var (certificate, key) = (OrNull(_options.TlsCertFile), OrNull(_options.TlsKeyFile));
        if (ca is null) Check(LibMosquitto.SetOption(_client, UseSystemCertificates, 1), "use the system's certificates");
        if (ca is null && certificate is null) return;
        Check(
            LibMosquitto.SetTls(_client, ca, ca is null ? "/etc/ssl/certs" : null, certificate, key, 0),
            $"read the certificates ({ca ?? "/etc/ssl/certs"}, {certificate ?? "none"}, {key ?? "none"})");
    }

    private string? ReadPassword()
    {
        if (_options.PasswordFile.Length == 0) return _options.Password.Length == 0 ? null : _options.Password;
        try
        {
            using var reader = new StreamReader(RegularFile.Open(_options.PasswordFile, OptionFaults.MaxFileBytes));
            return reader.ReadLine() ?? "";
        }
        catch (IOException exception)
        {
            throw new MessagingException($"mqtt.passwordFile names a file that cannot be read: {exception.Message}", exception);
        }
    }

    private static void Check(int error, string what)
    {
        if (error != 0) throw new MessagingException($"mqtt: cannot {what}: {MqttFault.Library(error)}");
    }

    private string? Describe(int error, int errno) => MqttFault.Describe(error, errno, _logged, _answered, _options);

    private static MqttClient Self(nint user) => (MqttClient)GCHandle.FromIntPtr(user).Target!;

    private static IMqttListener Listener(nint user) => Self(user)._listener;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Logged(nint client, nint user, int level, byte* text)
    {
        var self = Self(user);
        if (level != LibMosquitto.LogError || self._logged.Length > MaxLogged) return;
        self._logged += LibMosquitto.Text(text) + "\n";
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Connected(nint client, nint user, int reason, int flags, nint properties)
    {
        Self(user)._answered = true;
        Listener(user).OnConnected(reason);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Disconnected(nint client, nint user, int reason, nint properties)
    {
        // Below it stands the library's own error, which the caller of the loop gets as well.
        if (reason >= 0x80) Listener(user).OnDismissed(reason);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Published(nint client, nint user, int id, int reason, nint properties) =>
        Listener(user).OnPublished(id, reason);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Subscribed(nint client, nint user, int id, int count, int* granted, nint properties)
    {
        for (var i = 0; i < count; i++)
        {
            if (granted[i] >= 0x80) Listener(user).OnSubscriptionDenied();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Arrived(nint client, nint user, LibMosquitto.Message* message, nint properties) =>
        Listener(user).OnMessage(
            MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message->Topic),
            new ReadOnlySpan<byte>(message->Payload, message->PayloadLength),
            message->Retained != 0);
}
