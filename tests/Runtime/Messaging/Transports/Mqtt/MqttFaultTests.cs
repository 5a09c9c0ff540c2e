using System.Net.Sockets;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>What is said of ends that no real broker here brings about at will.</summary>
public sealed class MqttFaultTests
{
    private static readonly MqttSettings Plain = new() { Host = "broker.local", Port = 1883 };

    public static TheoryData<Exception, string> Ends => new()
    {
        { new SocketException((int)SocketError.ConnectionReset), "Connection reset by peer" },
        { new IOException("x", new SocketException((int)SocketError.TimedOut)), "Connection timed out" },
        { new EndOfStreamException("the connection was closed"), "the connection was closed" },
        { new TimeoutException("the broker has taken nothing for 7 s"), "the broker has taken nothing for 7 s" },
        { new MqttProtocolViolationException("Packet type invalid."), "what came is not MQTT (Packet type invalid)" },
        { new InvalidCastException(), "what came is not MQTT (InvalidCastException)" },
        {
            new IOException(
                "x", new InvalidDataException("error:0A00045C:SSL routines::tlsv13 alert certificate required")),
            "the connection was lost: tlsv13 alert certificate required"
        },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_connection_ends_for_a_reason(Exception exception, string reason)
    {
        Assert.Equal(reason, MqttFault.Describe(exception));
        var early = MqttFault.DescribeStart(exception, isGreeted: true, Plain);
        Assert.StartsWith(reason, early, StringComparison.Ordinal);
        if (exception is not TimeoutException)
        {
            Assert.EndsWith(
                ", before the broker answered; check that this port is an MQTT broker's, without TLS", early,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_reason_of_the_broker_is_worded_and_what_it_adds_is_cleaned_and_cut()
    {
        Assert.Equal("Bad user name or password", Word(MqttConnectReasonCode.BadUserNameOrPassword, null));
        Assert.Equal("Not authorized (ask ops)", Word(MqttConnectReasonCode.NotAuthorized, "ask \u001bops\n"));
        Assert.Equal("reason 200", Word((MqttConnectReasonCode)200, " "));
        Assert.True(Word(MqttConnectReasonCode.Banned, new string('x', 100_000)).Length < 250);
    }

    private static string Word(MqttConnectReasonCode code, string? broker) => MqttFault.Reason(code, (int)code, broker);
}
