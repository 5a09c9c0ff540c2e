using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using NetMQ;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>The contract by libzmq, and what it alone can do.</summary>
public sealed class LibZmqContractTests : ZeroMqContract
{
    protected override ZeroMqLibrary Library => ZeroMqLibrary.Libzmq;

    [Fact]
    public async Task A_subscriber_that_falls_behind_is_counted()
    {
        await ConnectAsync();
        Assert.True(await OverwhelmAsync() > 0);
        Assert.True(Transport.Counters.DroppedFor(DropReason.PeerBehind) > 0);
    }

    [Fact]
    public async Task Ipc_works_too()
    {
        using var folder = new TemporaryFolder();
        await using var publisher = Create(Options with { Publish = $"ipc://{folder.Path}/publish" });
        publisher.Start();
        await using var subscriber = await ZeroMqSubscriber.StartAsync(publisher, "");
        publisher.Publish("scene", "hello"u8, Event);
        await Eventually.Until(() => subscriber.On("scene").Count == 1, "the message");
    }

    [Fact]
    public async Task Of_keys_that_know_the_servers_only_those_in_the_list_are_let_in()
    {
        using var folder = new TemporaryFolder();
        var (known, unknown) = (new NetMQCertificate(), new NetMQCertificate());
        var allowed = folder.Write("allowed.keys", $"# the arm\n\n  {known.PublicKeyZ85}\r\n");
        var options = Encrypted(folder);
        await using var publisher = Create(options with { Curve = options.Curve! with { AllowedKeysFile = allowed } });
        publisher.Start();
        var settings = new ClientSettings { Prefix = "", ServerKey = Server.PublicKey };
        foreach (var client in Enum.GetValues<ZeroMqLibrary>())
        {
            var before = publisher.Subscriptions;
            await using var stranger = ZeroMqSubscriber.Start(publisher, client, settings with { Own = unknown });
            await using var subscriber =
                await ZeroMqSubscriber.StartAsync(publisher, client, settings with { Own = known });
            publisher.Publish("scene", "secret"u8, Event);
            await Eventually.Until(() => subscriber.On("scene").Count == 1, "the message");
            Assert.Empty(stranger.On("scene"));
            Assert.Equal(before + 1, publisher.Subscriptions);
        }
    }

    [Theory]
    [InlineData("# nobody\n", "holds no key")]
    [InlineData("# one\nshort", "line 2 has 5 characters")]
    public void A_list_of_keys_that_is_none_is_one_line(string text, string why)
    {
        using var folder = new TemporaryFolder();
        var allowed = folder.Write("allowed.keys", text);
        var options = Encrypted(folder);
        var fault = ZeroMqSockets.FaultOf(options with { Curve = options.Curve! with { AllowedKeysFile = allowed } });
        Assert.StartsWith($"zeromq.curve.allowedKeysFile: {allowed}: {why}", fault, StringComparison.Ordinal);
    }
}
