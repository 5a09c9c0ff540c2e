using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>What may stand as the broker's host, and what is said of the rest without quoting a secret.</summary>
public sealed class MqttSettingsTests
{
    [Theory]
    [InlineData("broker.local")]
    [InlineData("broker.local.")]
    [InlineData("mqtt_broker")]
    [InlineData("bröker.local")]
    [InlineData("192.168.1.5")]
    [InlineData("::1")]
    [InlineData("fe80::1%eth0")]
    public void A_name_or_an_address_alone_is_a_host(string host) =>
        Assert.Empty(new MqttSettings { Host = host }.Faults());

    [Theory]
    [InlineData("mqtt://broker.local", "the scheme is mqtt, or mqtts where tls is true, and the port goes to port")]
    [InlineData("mqtts://broker.local:8883", "the scheme is mqtt, or mqtts where tls is true")]
    [InlineData("ws://broker.local/mqtt", "the scheme is mqtt")]
    [InlineData("broker.local:1883", "a port behind ':' goes to port")]
    [InlineData("192.168.1.5:1883", "a port behind ':' goes to port")]
    [InlineData("[::1]", "an IPv6 address stands without brackets")]
    [InlineData("[::1]:1883", "the port goes to port")]
    [InlineData("robot:hunter2@broker.local", "a user before '@' goes to username and passwordFile")]
    [InlineData("mqtt://robot:hunter2@broker.local:1883/", "a user before '@' goes to username and passwordFile")]
    [InlineData("robot:hunter2", "takes the host alone")]
    [InlineData("broker.local/hunter2", "takes the host alone")]
    [InlineData("broker.local?token=hunter2", "takes the host alone")]
    [InlineData("", "'' is not a host name or address")]
    [InlineData("a b", "'a b' is not a host name or address")]
    [InlineData("a..b", "'a..b' is not a host name or address")]
    [InlineData("broker\n", "takes the host alone")]
    public void Anything_else_is_a_fault_that_says_where_it_goes(string host, string reason)
    {
        var fault = Assert.Single(new MqttSettings { Host = host }.Faults());
        Assert.Equal("host", fault.Key);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.Reason, StringComparison.Ordinal);
    }
}
