using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Tests.Support;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>What passes by ZMTP's framing and what does not: each limit at its boundary, however it is cut.</summary>
public sealed class ZmtpInspectorTests
{
    private static readonly GateLimits Limits = new()
    {
        FrameBytes = 300,
        CommandBytes = 280,
        MessageParts = 3,
        MessageBytes = 700,
        Subscriptions = 2,
        SubscriptionBytes = 5,
    };

    public static TheoryData<string> Wholesome => new(Good.Keys);

    public static TheoryData<string> Excessive => new(Bad.Keys);

    private static Dictionary<string, (GateLimits Limits, ZmtpStream Stream)> Good => new()
    {
        ["a handshake"] = (Limits, ZmtpStream.Established()),
        ["a peer of version 3.1"] = (Limits, new ZmtpStream().Greeting(minor: 1).Command("READY")),
        ["a peer of a version to come"] = (Limits, new ZmtpStream().Greeting(major: 4).Command("READY")),
        ["a peer whose type goes with the socket"] = (
            Limits with { PeerTypes = ["DEALER"] }, ZmtpStream.Established(kind: "DEALER")),
        ["a subscriber without identity"] = (
            Limits with { PeerTypes = ["SUB"] },
            new ZmtpStream().Greeting().Command("READY", [11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "SUB"u8])),
        ["the longest frame"] = (Limits, ZmtpStream.Established().Part(300, more: false)),
        ["as many parts as may be"] = (Limits, Many(20, stream => stream.Part(1, true).Part(0, true).Part(1, false))),
        ["the longest message"] = (Limits, Many(20, stream => stream.Part(300, true).Part(300, true).Part(100, false))),
        ["an empty message"] = (Limits, ZmtpStream.Established().Part(0, more: false).Part(0, more: false)),
        ["a short frame with a long length"] = (Limits, ZmtpStream.Established().LongHead(0, 1).Raw(5)),
        ["the longest command"] = (Limits, ZmtpStream.Established().Command("PING", new byte[275])),
        ["commands within a message"] = (
            Limits,
            ZmtpStream.Established().Part(9, true).Command("PING", 0, 0).Part(9, true).Command("PONG").Part(9, false)),
        ["as many subscriptions as may be"] = (Limits, Many(1, stream => stream.Subscribe("a").Subscribe("b"))),
        ["the same one again"] = (Limits, Many(9, stream => stream.Subscribe("a").Subscribe("b"))),
        ["others when some have ended"] = (
            Limits,
            Many(9, stream => stream.Subscribe("a").Subscribe("b").Cancel("a").Subscribe("c").Cancel("c").Cancel("b"))),
        ["those of version 3.0"] = (
            Limits,
            Many(9, stream => stream.Subscribe("a", false).Cancel("a", false).Subscribe("b", false)
                .Subscribe("c", false).Cancel("b", false).Cancel("c", false))),
        ["the longest topic"] = (Limits, ZmtpStream.Established().Subscribe("abcde").Subscribe("abcdf", false)),
        ["no topic"] = (Limits, Many(5, stream => stream.Subscribe("").Subscribe("", false))),
        ["subscriptions where none are counted"] = (
            Limits with { Subscriptions = null },
            Many(9, stream => stream.Subscribe("abcdefgh").Subscribe($"{stream.Length}", false).Message(1, 2))),
        ["encrypted frames"] = (
            Limits with { Mechanism = ZmtpMechanism.Curve },
            ZmtpStream.Established("CURVE").Command("MESSAGE", new byte[335]).Message([7, .. new byte[342]])),
    };

    private static Dictionary<string, (GateLimits Limits, ZmtpStream Good, byte[] Excess, GateReason Why)> Bad => new()
    {
        ["another protocol"] = (Limits, new ZmtpStream(), "G"u8.ToArray(), GateReason.NotZmtp),
        ["version 1"] = (Limits, new ZmtpStream(), [1], GateReason.NotZmtp),
        ["a half signature"] = (Limits, new ZmtpStream().Raw(0xFF, 0, 0, 0, 0, 0, 0, 0, 1), [0], GateReason.NotZmtp),
        ["version 2"] = (Limits, new ZmtpStream().Raw(0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F), [1], GateReason.OldVersion),
        ["another mechanism"] = (
            Limits,
            new ZmtpStream().Raw([0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0]),
            "C"u8.ToArray(),
            GateReason.OtherMechanism),
        ["a longer mechanism"] = (
            Limits,
            new ZmtpStream().Raw([0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0, .. "NULL"u8]),
            "L"u8.ToArray(),
            GateReason.OtherMechanism),
        ["a message before the handshake's end"] = (Limits, new ZmtpStream().Greeting(), [0], GateReason.Malformed),
        ["a message after another command than the last"] = (
            Limits with { Mechanism = ZmtpMechanism.Curve },
            new ZmtpStream().Greeting("CURVE").Command("HELLO", new byte[194]),
            [0],
            GateReason.Malformed),
        ["another command than the mechanism's"] = Last(Limits, "NULL", "ERROR", [0], GateReason.Malformed),
        ["a property without a name"] = Last(Limits, "NULL", "READY", [0, 0, 0, 0, 0], GateReason.Malformed),
        ["a property's name beyond the end"] = Last(Limits, "NULL", "READY", [9, 97], GateReason.Malformed),
        ["a property's length beyond the end"] = Last(Limits, "NULL", "READY", [1, 97, 0, 0], GateReason.Malformed),
        ["a property's value beyond the end"] = Last(
            Limits, "NULL", "READY", [1, 97, 0, 0, 0, 2, 98], GateReason.Malformed),
        ["a property of a negative length"] = Last(
            Limits, "NULL", "READY", [1, 97, 0xFF, 0xFF, 0xFF, 0xFE, 98, 98], GateReason.Malformed),
        ["a socket of another type"] = Last(
            Limits with { PeerTypes = ["SUB"] }, "NULL", "READY", ZmtpStream.Metadata("DEALER"), GateReason.OtherType),
        ["a socket of no type"] = Last(
            Limits with { PeerTypes = ["DEALER"] },
            "NULL",
            "READY",
            [8, .. "Identity"u8, 0, 0, 0, 0],
            GateReason.OtherType),
        ["a dealer without identity"] = Last(
            Limits with { PeerTypes = ["DEALER"] },
            "NULL",
            "READY",
            [11, .. "Socket-Type"u8, 0, 0, 0, 6, .. "DEALER"u8],
            GateReason.Malformed),
        ["an identity that begins with zero, as the library's own do"] = Last(
            Limits with { PeerTypes = ["DEALER"] },
            "NULL",
            "READY",
            [.. ZmtpStream.Metadata("DEALER")[..^1], 5, 0, 1, 2, 3, 4],
            GateReason.Malformed),
        ["a short HELLO"] = Last(
            Limits with { Mechanism = ZmtpMechanism.Curve }, "CURVE", "HELLO", new byte[193], GateReason.Malformed),
        ["an INITIATE without HELLO"] = Last(
            Limits with { Mechanism = ZmtpMechanism.Curve }, "CURVE", "INITIATE", new byte[248], GateReason.Malformed),
        ["unknown flags"] = (Limits, ZmtpStream.Established(), [8], GateReason.Malformed),
        ["a command with more"] = (Limits, ZmtpStream.Established(), [5], GateReason.Malformed),
        ["a command without a name"] = (Limits, ZmtpStream.Established().Raw(4), [0], GateReason.Malformed),
        ["a command with an empty name"] = (Limits, ZmtpStream.Established().Raw(4, 1), [0], GateReason.Malformed),
        ["a name longer than its command"] = (
            Limits, ZmtpStream.Established().Raw(4, 3, 3, 65), [66], GateReason.Malformed),
        ["a frame too long"] = (Limits, HeadOnly(0, 301), [45], GateReason.LongFrame),
        ["a frame without end"] = (Limits, HeadOnly(0, ulong.MaxValue), [255], GateReason.LongFrame),
        ["a command too long"] = (Limits, HeadOnly(4, 281), [25], GateReason.LongCommand),
        ["a command too long in the handshake"] = (
            Limits, new ZmtpStream().Greeting().Raw(6, 0, 0, 0, 0, 0, 0, 1), [25], GateReason.LongCommand),
        ["one part too many"] = (
            Limits,
            Many(3, stream => stream.Part(9, true).Part(9, true).Part(9, false))
                .Part(1, true).Part(1, true).Part(1, true),
            [0],
            GateReason.ManyParts),
        ["one part too many, by empty ones"] = (
            Limits, ZmtpStream.Established().Part(0, true).Part(0, true).Part(0, true), [1], GateReason.ManyParts),
        ["one part too many, with commands between"] = (
            Limits,
            ZmtpStream.Established().Part(0, true).Command("PING", 0, 0).Part(0, true).Subscribe("a").Part(0, true),
            [1],
            GateReason.ManyParts),
        ["a message too long"] = (
            Limits, ZmtpStream.Established().Part(300, true).Part(300, true).Raw(0), [101], GateReason.LongMessage),
        ["one subscription too many"] = (
            Limits,
            ZmtpStream.Established().Subscribe("a").Subscribe("b").Raw([4, 11, 9, .. "SUBSCRIBE"u8]),
            "c"u8.ToArray(),
            GateReason.ManySubscriptions),
        ["one too many in version 3.0"] = (
            Limits,
            ZmtpStream.Established().Subscribe("a", false).Subscribe("b", false).Raw(0, 1),
            [1],
            GateReason.ManySubscriptions),
        ["one too many in both forms"] = (
            Limits,
            ZmtpStream.Established().Subscribe("a").Subscribe("a", false).Raw(0, 2, 1),
            "b"u8.ToArray(),
            GateReason.ManySubscriptions),
        ["one too many, after ends of what never was"] = (
            Limits,
            ZmtpStream.Established().Subscribe("a").Subscribe("b")
                .Cancel("c").Cancel("d", false).Cancel("a", false).Raw(0, 2, 1),
            "e"u8.ToArray(),
            GateReason.ManySubscriptions),
        ["one too many, with an end that is a part only"] = (
            Limits,
            ZmtpStream.Established().Subscribe("a", false).Subscribe("b", false)
                .Frame(1, [0, 97]).Message(0, 98).Raw(0, 2, 1),
            "c"u8.ToArray(),
            GateReason.ManySubscriptions),
        ["a topic too long"] = (
            Limits,
            ZmtpStream.Established().Raw([4, 16, 9, .. "SUBSCRIBEabcde"u8]),
            "f"u8.ToArray(),
            GateReason.LongSubscription),
        ["a topic too long in version 3.0"] = (
            Limits,
            ZmtpStream.Established().Raw([0, 7, 1, .. "abcde"u8]),
            "f"u8.ToArray(),
            GateReason.LongSubscription),
        ["an encrypted frame too long"] = (
            Limits with { Mechanism = ZmtpMechanism.Curve },
            ZmtpStream.Established("CURVE").Raw(6, 0, 0, 0, 0, 0, 0, 1),
            [88],
            GateReason.LongCommand),
    };

    [Theory]
    [MemberData(nameof(Wholesome))]
    public void It_passes(string what)
    {
        var (limits, stream) = Good[what];
        var inspector = new ZmtpInspector(limits);
        Assert.Equal(stream.Length, inspector.Inspect(stream.Bytes, default, out var refusal));
        Assert.Null(refusal);
        Assert.True(inspector.IsEstablished);
        Assert.Null(inspector.Unfinished);
    }

    [Theory]
    [MemberData(nameof(Excessive))]
    public void It_does_not_pass_from_the_very_byte_on_that_is_too_much(string what)
    {
        var (limits, good, excess, reason) = Bad[what];
        byte[] bytes = [.. good.Bytes, .. excess, 0, 0, 0];
        for (var cut = 0; cut <= good.Length; cut++)
            Assert.Equal((good.Length, reason), Verdict(limits, bytes, [cut, bytes.Length]));
        Assert.Equal((good.Length, null), Verdict(limits, bytes[..good.Length], [good.Length]));
    }

    [Fact]
    public void After_a_refusal_nothing_passes()
    {
        var inspector = new ZmtpInspector(Limits);
        inspector.Inspect("GET / HTTP/1.1"u8, default, out _);
        Assert.Equal(0, inspector.Inspect(ZmtpStream.Established().Bytes, default, out var refusal));
        Assert.Equal(GateReason.NotZmtp, refusal);
    }

    [Fact]
    public void What_a_peer_owes_is_reckoned_from_the_first_byte_of_a_message_to_its_last_part()
    {
        var inspector = new ZmtpInspector(Limits);
        Say(1, ZmtpStream.Established().Bytes);
        Assert.Null(inspector.Unfinished);
        Say(2, 1);
        Say(3, 2, 65);
        Assert.Equal(TimeSpan.FromSeconds(2), inspector.Unfinished);
        Say(4, 66);
        Say(5, new ZmtpStream().Command("PING", 0, 0).Bytes);
        Assert.Equal(TimeSpan.FromSeconds(2), inspector.Unfinished);
        Say(6, 0, 1, 65, 4);
        Assert.Equal(TimeSpan.FromSeconds(6), inspector.Unfinished);
        Say(7, [5, 4, .. "PONG"u8]);
        Assert.Null(inspector.Unfinished);

        void Say(int second, params byte[] bytes) =>
            Assert.Equal(bytes.Length, inspector.Inspect(bytes, TimeSpan.FromSeconds(second), out _));
    }

    [Fact]
    public void A_routing_id_belongs_to_one_connection_until_it_ends()
    {
        var (limits, identities) = (Limits with { PeerTypes = ["DEALER"] }, new TakenIdentities());
        byte[] metadata = [.. ZmtpStream.Metadata("DEALER")[..^1], 3, 0xFF, 0, 0x80];
        var bytes = new ZmtpStream().Greeting().Command("READY", metadata).Bytes;
        var first = new ZmtpInspector(limits, identities);
        Assert.Equal((bytes.Length, null), Read(first, bytes));
        for (var i = 0; i < 2; i++)
        {
            var second = new ZmtpInspector(limits, identities);
            Assert.Equal((bytes.Length - 1, GateReason.IdentityTaken), Read(second, bytes));
            second.GiveBackIdentity();
        }

        var nameless = ZmtpStream.Established().Bytes;
        Assert.Equal((nameless.Length, null), Read(new ZmtpInspector(limits, identities), nameless));
        Assert.Equal((nameless.Length, null), Read(new ZmtpInspector(limits, identities), nameless));
        first.GiveBackIdentity();
        Assert.Equal((bytes.Length, null), Read(new ZmtpInspector(limits, identities), bytes));

        static (int, GateReason?) Read(ZmtpInspector inspector, byte[] bytes) =>
            (inspector.Inspect(bytes, default, out var refusal), refusal);
    }

    [Property(MaxTest = 2000, Replay = "17,31")]
    public void However_the_bytes_are_cut_the_verdict_is_the_same(int seed)
    {
        var random = new Random(seed);
        var limits = random.Next(4) == 0 ? Limits with { Mechanism = ZmtpMechanism.Curve } : Limits;
        var bytes = RandomStream(random, limits.Mechanism);
        var whole = Verdict(limits, bytes, [bytes.Length]);
        Assert.Equal(whole, Verdict(limits, bytes, [.. Enumerable.Range(1, bytes.Length)]));
        var cuts = Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(bytes.Length + 1)).Order();
        Assert.Equal(whole, Verdict(limits, bytes, [.. cuts, bytes.Length]));
    }

    [Property(MaxTest = 2000, Replay = "17,31")]
    public void No_bytes_make_it_throw(byte[] noise, int seed)
    {
        Verdict(Limits, noise, [noise.Length]);
        byte[] bytes = [.. ZmtpStream.Established().Bytes, .. noise];
        Verdict(Limits, bytes, [bytes.Length]);
        var random = new Random(seed);
        bytes = RandomStream(random, ZmtpMechanism.Null);
        for (var i = random.Next(4); i >= 0; i--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        Verdict(Limits, bytes, [bytes.Length]);
    }

    [Fact]
    public void Messages_are_read_along_without_garbage()
    {
        var inspector = new ZmtpInspector(Limits);
        inspector.Inspect(ZmtpStream.Established().Bytes, default, out _);
        var bytes = new ZmtpStream().Part(300, true).Part(20, false).Command("PING", 0, 0).Subscribe("a").Bytes;
        inspector.Inspect(bytes, default, out _);
        Assert.Equal(0, Allocations.Least(() => inspector.Inspect(bytes, default, out _)));
    }

    private static ZmtpStream Many(int times, Func<ZmtpStream, ZmtpStream> add)
    {
        var stream = ZmtpStream.Established();
        for (var i = 0; i < times; i++) add(stream);
        return stream;
    }

    /// <summary>All of a long head but its last byte.</summary>
    /// <summary>A first command of which only the last byte is too much.</summary>
    private static (GateLimits Limits, ZmtpStream Good, byte[] Excess, GateReason Why) Last(
        GateLimits limits, string mechanism, string command, byte[] data, GateReason why)
    {
        var whole = new ZmtpStream().Greeting(mechanism).Command(command, data).Bytes;
        return (limits, new ZmtpStream().Raw(whole[..^1]), whole[^1..], why);
    }

    private static ZmtpStream HeadOnly(byte flags, ulong length) =>
        ZmtpStream.Established().Raw(new ZmtpStream().LongHead(flags, length).Bytes[..^1]);

    private static (int Passed, GateReason? Refusal) Verdict(GateLimits limits, byte[] bytes, int[] cuts)
    {
        var inspector = new ZmtpInspector(limits);
        var (passed, at) = (0, 0);
        GateReason? refusal = null;
        foreach (var cut in cuts)
        {
            passed += inspector.Inspect(bytes.AsSpan(at..cut), default, out refusal);
            at = cut;
        }

        return (passed, refusal);
    }

    private static byte[] RandomStream(Random random, ZmtpMechanism mechanism)
    {
        var stream = ZmtpStream.Established(mechanism.ToString().ToUpperInvariant());
        for (var i = random.Next(40); i > 0; i--)
        {
            var topic = new string((char)('a' + random.Next(3)), random.Next(random.Next(20) == 0 ? 8 : 6));
            _ = random.Next(8) switch
            {
                0 => stream.Subscribe(topic, random.Next(2) == 0),
                1 or 2 => stream.Cancel(topic, random.Next(2) == 0),
                3 => stream.Command("PING", new byte[random.Next(9)]),
                4 => stream.Part(random.Next(302), more: random.Next(2) == 0),
                5 => stream.LongHead(0, (ulong)random.Next(3)).Raw(new byte[2]),
                _ => stream.Part(random.Next(9), more: random.Next(3) == 0),
            };
        }

        return stream.Bytes;
    }
}
