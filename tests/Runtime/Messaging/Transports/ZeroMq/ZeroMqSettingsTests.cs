using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>What a section may say, and what is said of one that may not.</summary>
public sealed class ZeroMqSettingsTests
{
    [Theory]
    [InlineData("tcp://0.0.0.0:5556", "network")]
    [InlineData("tcp://192.168.1.5:5556", "network")]
    [InlineData("tcp://[::]:5556", "network")]
    [InlineData("tcp://*:5556", "not an endpoint")]
    [InlineData("tcp://eth0:5556", "not an endpoint")]
    [InlineData("tcp://localhost:5556", "not an endpoint")]
    [InlineData("tcp://127.0.0.1", "not an endpoint")]
    [InlineData("tcp://127.0.0.1:70000", "not an endpoint")]
    [InlineData("pgm://127.0.0.1:5556", "not an endpoint")]
    [InlineData("inproc://x", "not an endpoint")]
    [InlineData("ipc://relative", "absolute path")]
    [InlineData("", "not an endpoint")]
    [InlineData("tcp://0177.0.0.1:5556", "odd spelling of tcp://127.0.0.1:5556")]
    [InlineData("tcp://2130706433:5556", "odd spelling of tcp://127.0.0.1:5556")]
    [InlineData("tcp://0x7f.1:5556", "odd spelling of tcp://127.0.0.1:5556")]
    [InlineData("tcp://[0:0::1]:5556", "odd spelling of tcp://[::1]:5556")]
    [InlineData("tcp://[::ffff:127.0.0.1]:5556", "odd spelling")]
    public void Only_endpoints_of_this_machine_are_accepted(string endpoint, string why)
    {
        Assert.Contains(why, ZeroMqSettings.EndpointFault(endpoint), StringComparison.Ordinal);
        Assert.Contains(new ZeroMqSettings { Publish = endpoint }.Faults(), fault => fault.Key == "publish");
    }

    [Fact]
    public void A_queue_that_netmq_does_not_keep_is_refused_with_what_has_it()
    {
        var options = new ZeroMqSettings { SubscriberQueue = 2049 };
        var fault = Assert.Single(options.Faults());
        Assert.Equal("subscriberQueue", fault.Key);
        Assert.Equal("2049 needs zeromq.library: libzmq; netmq has 2048", fault.Reason);
        Assert.Empty((options with { SubscriberQueue = 2048 }).Faults());
        Assert.Empty((options with { Library = ZeroMqLibrary.Libzmq }).Faults());
        Assert.Single((options with { SubscriberQueue = 100_001 }).Faults());
    }

    [Fact]
    public void A_paths_length_counts_in_bytes_as_the_system_does()
    {
        Assert.Null(ZeroMqSettings.EndpointFault("ipc:///" + new string('x', 99)));
        foreach (var path in new[] { new string('x', 100), new string('é', 50) })
            Assert.EndsWith("100 bytes", ZeroMqSettings.EndpointFault("ipc:///" + path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:5556")]
    [InlineData("tcp://127.1.2.3:0")]
    [InlineData("tcp://[::1]:5556")]
    [InlineData("ipc:///run/edge.sock")]
    [InlineData("ipc://@abstract")]
    public void Endpoints_of_this_machine_are_accepted(string endpoint) =>
        Assert.Null(ZeroMqSettings.EndpointFault(endpoint));

    [Theory]
    [InlineData("tcp://127.0.0.1:5556", "tcp://127.0.0.1:5556")]
    [InlineData("tcp://127.0.0.1:5556", "tcp://127.0.0.2:5556")]
    [InlineData("tcp://127.0.0.1:5556", "tcp://[::1]:5556")]
    [InlineData("ipc:///run/a", "ipc:///run/a")]
    public void Both_kinds_for_one_port_are_refused(string publish, string actions)
    {
        var fault = Single(new ZeroMqSettings { Library = ZeroMqLibrary.Libzmq, Publish = publish, Actions = actions });
        Assert.Equal("actions", fault.Key);
        Assert.EndsWith("each socket needs its own", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_of_the_systems_choice_are_two() =>
        Assert.Empty(new ZeroMqSettings { Publish = "tcp://127.0.0.1:0", Actions = "tcp://127.0.0.1:0" }.Faults());

    [Fact]
    public void What_netmq_lacks_is_refused_with_what_has_it()
    {
        var endpoint = Single(new ZeroMqSettings { Publish = "ipc:///run/a" });
        Assert.Equal(new SettingsFault("publish",
            "'ipc:///run/a' needs zeromq.library: libzmq; netmq has tcp://127.0.0.1:PORT"), endpoint);
        var curve = new ZeroMqCurveSettings { SecretKeyFile = "secret", AllowedKeysFile = "allowed" };
        Assert.Equal(
            new SettingsFault("library", "netmq keeps no list of allowed keys: curve.allowedKeysFile needs libzmq"),
            Single(new ZeroMqSettings { Curve = curve }));
        var libzmq = new ZeroMqSettings { Library = ZeroMqLibrary.Libzmq, Publish = "ipc:///run/a", Curve = curve };
        Assert.Empty(libzmq.Faults());
    }

    private static SettingsFault Single(ZeroMqSettings options) => Assert.Single(options.Faults());
}
