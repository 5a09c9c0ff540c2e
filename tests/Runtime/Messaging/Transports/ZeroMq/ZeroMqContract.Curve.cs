using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;
using NetMQ;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>Encryption.</summary>
public abstract partial class ZeroMqContract
{
    /// <summary>The server's keys.</summary>
    protected NetMQCertificate Server { get; } = new();

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task With_keys_either_librarys_clients_are_served_if_they_know_the_servers(ZeroMqLibrary client)
    {
        using var folder = new TemporaryFolder();
        var options = Encrypted(folder);
        await using var publisher = Create(options);
        publisher.Start();
        var right = new ClientSettings { Prefix = "", ServerKey = Server.PublicKey };
        var other = new NetMQCertificate().PublicKey;
        await using var wrong = ZeroMqSubscriber.Start(publisher, client, right with { ServerKey = other });
        await using var open = ZeroMqSubscriber.Start(publisher, client, right with { ServerKey = null });
        await using var subscriber = await ZeroMqSubscriber.StartAsync(publisher, client, right);
        publisher.Publish("scene", "secret"u8, Event);
        await Eventually.Until(() => subscriber.On("scene").Count == 1, "the message");
        Assert.Equal("secret", subscriber.On("scene")[0].Text);

        _started = Router(options);
        _started.Start();
        var stranger = Connect(client, new ClientSettings { ServerKey = other });
        stranger.Register("stranger");
        var arm = Connect(client, new ClientSettings { ServerKey = Server.PublicKey });
        arm.Register("arm");
        Assert.Equal("arm", (await arm.NextAsync()).Registered.Name);
        Actions.Deliver(Action("a1"), InTime);
        Assert.Equal("a1", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Empty(stranger.Received());
        Assert.Equal((1, 1), (publisher.Subscriptions, Actions.Controllers));
        var told = $"Clients need the server's public key: {Server.PublicKeyZ85}";
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Information
            && line.Text.EndsWith(told, StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains(Server.SecretKeyZ85!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "line 1 has 0 characters, and a key has 40")]
    [InlineData("too-short", "line 1 has 9 characters, and a key has 40")]
    [InlineData("~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~", "line 1 is no key")]
    [InlineData("########################################", "line 1 is no key")]
    public async Task A_key_that_is_none_is_one_line_that_says_where_and_never_the_key(string text, string why)
    {
        using var folder = new TemporaryFolder();
        var options = Encrypted(folder);
        var file = folder.Write("secret.key", text);
        await using var publisher = Create(options);
        var fault = Assert.Throws<MessagingException>(publisher.Start).Message;
        Assert.StartsWith($"zeromq.curve.secretKeyFile: {file}: {why}", fault, StringComparison.Ordinal);
        if (text.Length > 0) Assert.DoesNotContain(text, fault, StringComparison.Ordinal);
        Assert.Equal(fault, ZeroMqSockets.FaultOf(options));
        File.Delete(file);
        Assert.Equal($"zeromq.curve.secretKeyFile: {file}: no such file", ZeroMqSockets.FaultOf(options));
        Directory.CreateDirectory(file);
        Assert.Equal($"zeromq.curve.secretKeyFile: {file}: is a folder, not a file", ZeroMqSockets.FaultOf(options));
    }

    /// <summary>Options with the server's secret key in a file of the folder.</summary>
    protected ZeroMqSettings Encrypted(TemporaryFolder folder)
    {
        var file = folder.Write("secret.key", $"{Server.SecretKeyZ85}\n");
        return Options with { Curve = new ZeroMqCurveSettings { SecretKeyFile = file } };
    }
}
