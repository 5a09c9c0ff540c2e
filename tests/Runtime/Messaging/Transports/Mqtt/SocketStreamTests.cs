using System.Net;
using System.Net.Sockets;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>How a host with several addresses is connected to.</summary>
public sealed class SocketStreamTests
{
    [Fact]
    public async Task An_address_that_swallows_packets_leaves_time_for_the_next_one()
    {
        using var answers = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        answers.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        answers.Listen(1);
        var port = ((IPEndPoint)answers.LocalEndPoint!).Port;

        // The same port of an address that nothing else here uses; its queue is full with the first.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
        silent.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(silent.LocalEndPoint!);

        using var stream = Connect([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback], port);
        using var accepted = await answers.AcceptAsync();
        stream.Write("x"u8);
        Assert.Equal(1, await accepted.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public void The_last_address_says_why_there_is_no_connection()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var thrown = Assert.Throws<SocketException>(() => Connect([IPAddress.Loopback], port).Dispose());
        Assert.Equal(SocketError.ConnectionRefused, thrown.SocketErrorCode);
    }

    private static SocketStream Connect(IPAddress[] addresses, int port)
    {
        var within = TimeSpan.FromSeconds(4);
        var clock = SensorClock.System;
        return SocketStream.Connect(
            addresses, port, within, clock.Monotonic + within, TimeSpan.Zero, clock, CancellationToken.None);
    }
}
