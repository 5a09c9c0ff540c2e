using System.Buffers.Binary;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// Reads along what one peer sends by ZMTP 3 (https://rfc.zeromq.org/spec/23/ and /37/) and says how much of it may be
/// passed on, and why no more. It keeps nothing of what passes but the head of a frame. The verdict depends on the
/// bytes alone, not on how they are cut. The byte by which a peer goes beyond a limit does not pass, so that the
/// library never sees that frame whole. Not thread-safe; allocates nothing but for a new subscription.
/// </summary>
internal sealed class ZmtpInspector
{
    private const int GreetingBytes = 64;
    private const int SignatureEnd = 9;
    private const int MajorVersion = 10;
    private const int MechanismAt = 12;
    private const int MechanismBytes = 20;
    private const byte More = 1;
    private const byte Long = 2;
    private const byte Command = 4;

    /// <summary>The longest name of a command that is looked for, SUBSCRIBE, with its length in front.</summary>
    private const int NameBytes = 10;

    private const int MaxIdentityBytes = 255;

    /// <summary>What encryption adds: MESSAGE, a nonce, the box's tag, flags; a topic has its command within.</summary>
    private const int CurveOverhead = 33 + NameBytes;

    private readonly GateLimits _limits;
    private readonly StandingSubscriptions? _subscriptions;
    private readonly TakenIdentities? _identities;
    private readonly byte[] _mechanism = new byte[MechanismBytes];
    private readonly byte[] _head;
    private readonly int _frameBytes;
    private readonly int _messageBytesAtMost;

    private Expected _expected;
    private GateReason? _refusal;
    private int _greeted;
    private bool _saidHello;
    private byte _flags;
    private int _lengthLeft;
    private ulong _length;
    private int _bodyLeft;
    private int _parts;
    private long _messageBytes;
    private string? _identity;

    /// <summary>Of a connection that has just been made.</summary>
    /// <param name="limits">What the peer may do.</param>
    /// <param name="identities">The routing ids of all peers; null if it does not matter who has which.</param>
    public ZmtpInspector(GateLimits limits, TakenIdentities? identities = null)
    {
        (_limits, _identities) = (limits, identities);
        var curve = limits.Mechanism == ZmtpMechanism.Curve;
        if (limits.Subscriptions is { } most && !curve) _subscriptions = new StandingSubscriptions(most);
        var headBytes = _subscriptions is null ? 0 : NameBytes + limits.SubscriptionBytes;
        _head = new byte[Math.Max(limits.CommandBytes, headBytes)];
        _frameBytes = limits.FrameBytes + (curve ? CurveOverhead : 0);
        _messageBytesAtMost = limits.MessageBytes + (curve ? CurveOverhead * limits.MessageParts : 0);
        System.Text.Encoding.ASCII.GetBytes(limits.Mechanism.ToString().ToUpperInvariant(), _mechanism);
    }

    private enum Expected
    {
        Greeting,
        Flags,
        Length,
        Body,
    }

    /// <summary>Whether the peer has ended its part of the handshake.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Since when the peer owes the rest of a message or command; null when it owes none.</summary>
    public TimeSpan? Unfinished { get; private set; }

    /// <summary>Whether the next byte is content that no verdict depends on.</summary>
    private bool IsBeyondHead => (ulong)_bodyLeft + (ulong)_head.Length <= _length;

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What came next.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="refusal">Why the rest must not pass and the peer is to be cut off; null when all may.</param>
    /// <returns>How many of the bytes may be passed on.</returns>
    public int Inspect(ReadOnlySpan<byte> bytes, TimeSpan now, out GateReason? refusal)
    {
        var passed = 0;
        while (passed < bytes.Length && _refusal is null)
        {
            // The last byte of a frame goes by itself: it only passes if the frame may.
            if (_expected == Expected.Body && _bodyLeft > 1)
            {
                var skipped = Math.Min(_bodyLeft - 1, bytes.Length - passed);
                Keep(bytes.Slice(passed, skipped));
                passed += skipped;
                continue;
            }

            _refusal = Take(bytes.Slice(passed, 1), now);
            if (_refusal is null) passed++;
        }

        refusal = _refusal;
        return passed;
    }

    /// <summary>The connection has ended: another one may have its routing id.</summary>
    public void GiveBackIdentity()
    {
        if (_identity is not null) _identities?.GiveBack(_identity);
        _identity = null;
    }

    private GateReason? Take(ReadOnlySpan<byte> next, TimeSpan now)
    {
        switch (_expected)
        {
            case Expected.Greeting: return Greet(next[0]);
            case Expected.Flags: return Begin(next[0], now);
            case Expected.Length: return Measure(next[0]);
            default:
                Keep(next);
                return End();
        }
    }

    private GateReason? Greet(byte next)
    {
        var at = _greeted++;
        if (_greeted == GreetingBytes) _expected = Expected.Flags;
        return at switch
        {
            0 when next != 0xFF => GateReason.NotZmtp,
            SignatureEnd when (next & 1) == 0 => GateReason.NotZmtp,
            MajorVersion when next < 3 => GateReason.OldVersion,
            >= MechanismAt and < MechanismAt + MechanismBytes when next != _mechanism[at - MechanismAt] =>
                GateReason.OtherMechanism,
            _ => null,
        };
    }

    private GateReason? Begin(byte flags, TimeSpan now)
    {
        var command = (flags & Command) != 0;
        if (flags > (More | Long | Command)) return GateReason.Malformed;
        if (command ? (flags & More) != 0 : !IsEstablished) return GateReason.Malformed;
        if (!command && ++_parts > _limits.MessageParts) return GateReason.ManyParts;
        (_flags, _length, _expected) = (flags, 0, Expected.Length);
        _lengthLeft = (flags & Long) != 0 ? sizeof(ulong) : 1;
        Unfinished ??= now;
        return null;
    }

    private GateReason? Measure(byte next)
    {
        _length = (_length << 8) | next;
        if (--_lengthLeft > 0) return null;
        if ((_flags & Command) != 0)
        {
            var encrypted = IsEstablished && _limits.Mechanism == ZmtpMechanism.Curve;
            if (_length > (ulong)(encrypted ? _frameBytes : _limits.CommandBytes)) return GateReason.LongCommand;
        }
        else
        {
            if (_length > (ulong)_frameBytes) return GateReason.LongFrame;
            _messageBytes += (long)_length;
            if (_messageBytes > _messageBytesAtMost) return GateReason.LongMessage;
        }

        (_bodyLeft, _expected) = ((int)_length, Expected.Body);
        return _bodyLeft == 0 ? End() : null;
    }

    private void Keep(ReadOnlySpan<byte> body)
    {
        if (!IsBeyondHead)
        {
            var at = (int)_length - _bodyLeft;
            body[..Math.Min(body.Length, _head.Length - at)].CopyTo(_head.AsSpan(at));
        }

        _bodyLeft -= body.Length;
    }

    private GateReason? End()
    {
        _expected = Expected.Flags;
        var command = (_flags & Command) != 0;
        var refusal = command ? EndCommand() : EndPart();
        if (!command && (_flags & More) == 0) (_parts, _messageBytes) = (0, 0);
        if (_parts == 0) Unfinished = null;
        return refusal;
    }

    private GateReason? EndCommand()
    {
        if (_length == 0 || _head[0] == 0 || _head[0] >= _length) return GateReason.Malformed;
        var name = _head.AsSpan(1, Math.Min((int)_head[0], NameBytes - 1));
        if (_head[0] >= NameBytes) return null;
        if (!IsEstablished) return ShakeHands(name);

        if (name.SequenceEqual("SUBSCRIBE"u8)) return Subscribe(1 + name.Length);
        if (name.SequenceEqual("CANCEL"u8)) Cancel(1 + name.Length);
        return null;
    }

    // Exactly what the mechanism asks for, since a library need not look at the rest as closely: RFC 23 §2.4 and
    // RFC 26 §3.
    private GateReason? ShakeHands(ReadOnlySpan<byte> name)
    {
        const int Hello = 200, ShortestInitiate = 257;
        if (_limits.Mechanism == ZmtpMechanism.Curve)
        {
            var isHello = !_saidHello && name.SequenceEqual("HELLO"u8) && _length == Hello;
            IsEstablished = _saidHello && name.SequenceEqual("INITIATE"u8) && _length >= ShortestInitiate;
            _saidHello = true;
            return isHello || IsEstablished ? null : GateReason.Malformed;
        }

        if (!name.SequenceEqual("READY"u8)) return GateReason.Malformed;
        IsEstablished = true;
        return CheckProperties(_head.AsSpan(1 + name.Length, (int)_length - 1 - name.Length));
    }

    // A library that routes by identity may count on one being named, as all libraries do. Those that begin with zero
    // it gives out itself: it ends the process if the next one is there already.
    private GateReason? CheckProperties(ReadOnlySpan<byte> properties)
    {
        var (type, hasIdentity) = ("", false);
        var identity = default(ReadOnlySpan<byte>);
        while (properties.Length > 0)
        {
            var nameLength = properties[0];
            if (nameLength == 0 || properties.Length < 1 + nameLength + sizeof(uint)) return GateReason.Malformed;
            var name = properties.Slice(1, nameLength);
            properties = properties[(1 + nameLength)..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(properties);
            if (length > properties.Length - sizeof(uint)) return GateReason.Malformed;
            var value = properties.Slice(sizeof(uint), (int)length);
            properties = properties[(sizeof(uint) + (int)length)..];
            if (name.SequenceEqual("Identity"u8))
            {
                hasIdentity = IsIdentity(value);
                identity = value;
            }

            if (name.SequenceEqual("Socket-Type"u8)) type = System.Text.Encoding.ASCII.GetString(value);
        }

        if (_limits.PeerTypes.Count == 0) return null;
        if (!_limits.PeerTypes.Contains(type)) return GateReason.OtherType;
        if (type is "SUB" or "XSUB") return null;
        if (!hasIdentity) return GateReason.Malformed;
        if (identity.IsEmpty || _identities is null) return null;
        _identity = _identities.TryTake(identity);
        return _identity is null ? GateReason.IdentityTaken : null;
    }

    private static bool IsIdentity(ReadOnlySpan<byte> value) =>
        value.Length <= MaxIdentityBytes && (value.IsEmpty || value[0] != 0);

    // ZMTP 3.0 subscribes by messages. To be on the safe side every part that could begin a subscription does, and only
    // a message of a single part ends one.
    private GateReason? EndPart()
    {
        if (_length == 0) return null;
        if (_head[0] == 1) return Subscribe(1);
        if (_head[0] == 0 && _parts == 1 && (_flags & More) == 0) Cancel(1);
        return null;
    }

    private GateReason? Subscribe(int topicAt)
    {
        if (_subscriptions is null) return null;
        if ((int)_length - topicAt > _limits.SubscriptionBytes) return GateReason.LongSubscription;
        return _subscriptions.TryBegin(Topic(topicAt)) ? null : GateReason.ManySubscriptions;
    }

    private void Cancel(int topicAt)
    {
        if ((int)_length - topicAt <= _limits.SubscriptionBytes) _subscriptions?.End(Topic(topicAt));
    }

    // Kept with a mark of its form in front: what began in one form is ended in that form only, whatever a library does
    // with the other.
    private ReadOnlySpan<byte> Topic(int at)
    {
        _head[at - 1] = (byte)(_flags & Command);
        return _head.AsSpan(at - 1, 1 + (int)_length - at);
    }
}
