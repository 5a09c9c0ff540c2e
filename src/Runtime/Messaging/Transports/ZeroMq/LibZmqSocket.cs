namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// A socket of libzmq, with a context of its own, so that it ends without waiting for anybody else's sockets. It has
/// what NetMQ lacks: an allow-list of keys, a publisher that tells when a subscriber falls behind, and an inner
/// endpoint that no other process can reach.
/// </summary>
internal sealed unsafe class LibZmqSocket : IZeroMqSocket
{
    private readonly LibZmqHandle _handle;
    private readonly bool _publishes;
    private readonly AccessList? _access;
    private bool _dropping;

    /// <summary>An unbound socket.</summary>
    /// <exception cref="MessagingException">libzmq is not installed, or refuses a setting.</exception>
    public LibZmqSocket(ZeroMqSocketSettings settings)
    {
        LibZmq.Load();
        _publishes = settings.Kind == ZeroMqSocketKind.Publisher;
        _handle = new LibZmqHandle(_publishes ? LibZmqKind.ExtendedPublisher : LibZmqKind.Router);
        try
        {
            Set(settings);
            if (settings.Curve is { AllowsEverybody: false } keys) _access = new AccessList(_handle, keys);
        }
        catch (MessagingException)
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Endpoint => _handle.LastEndpoint;

    /// <inheritdoc/>
    public void Bind(string endpoint)
    {
        if (_handle.TryBind(endpoint) is { } fault) throw new MessagingException($"cannot bind {endpoint}: {fault}");
    }

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<byte> frame, bool more = false)
    {
        var outcome = _handle.Send(frame, more);
        if (!_publishes) return outcome;

        // A full subscriber makes the first frame fail for all; sent again with dropping allowed, only he misses it.
        if (outcome == SendOutcome.WouldBlock)
        {
            AllowDropping(true);
            _handle.Send(frame, more);
        }

        if (!more && _dropping) AllowDropping(false);
        return outcome;
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> frame, out bool more) => _handle.Receive(frame, out more);

    /// <inheritdoc/>
    public void Wait(WakeUp wakeUp, int milliseconds)
    {
        var items = stackalloc LibZmq.PollItem[3];
        items[0] = new LibZmq.PollItem { Socket = _handle.Socket, Events = LibZmq.PollIn };
        items[1] = new LibZmq.PollItem { Descriptor = wakeUp.Descriptor, Events = LibZmq.PollIn };
        if (_access is not null) items[2] = new LibZmq.PollItem { Socket = _access.Socket, Events = LibZmq.PollIn };
        if (LibZmq.Poll(items, _access is null ? 2 : 3, milliseconds) <= 0) return;
        if (items[1].Returned != 0) wakeUp.Reset();
        if (items[2].Returned != 0) _access!.Answer();
    }

    /// <summary>Closes the socket and its context.</summary>
    public void Dispose()
    {
        _access?.Dispose();
        _handle.Dispose();
    }

    private void AllowDropping(bool allowed)
    {
        _dropping = allowed;
        _handle.Set(ZeroMqOption.PublisherNoDrop, allowed ? 0 : 1);
    }

    private void Set(ZeroMqSocketSettings settings)
    {
        // Behind the gate, which is of this process, and nobody else's to reach.
        _handle.Set(ZeroMqOption.IpcFilterProcess, Environment.ProcessId);
        _handle.Set(ZeroMqOption.SendHighWaterMark, settings.PeerQueue);
        _handle.Set(ZeroMqOption.MaxMessageSize, (long)settings.MaxFrameBytes);
        _handle.Set(_publishes ? ZeroMqOption.VerboseSubscriptions : ZeroMqOption.RouterMandatory, 1);
        if (_publishes) AllowDropping(false);
        if (settings.SilenceMs > 0)
        {
            _handle.Set(ZeroMqOption.HeartbeatInterval, settings.SilenceMs / 4);
            _handle.Set(ZeroMqOption.HeartbeatTimeout, settings.SilenceMs * 3 / 4);
        }

        if (settings.Curve is not { } keys) return;
        _handle.Set(ZeroMqOption.CurveServer, 1);
        _handle.Set(ZeroMqOption.CurveSecretKey, keys.Secret);
    }
}
