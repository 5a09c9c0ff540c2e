using System.Net.Sockets;
using System.Text;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Diagnostics;

/// <summary>Against a real datagram socket, as systemd holds it.</summary>
public sealed class SystemdNotifierTests
{
    [Fact]
    public void Each_call_is_one_datagram_in_the_protocols_words()
    {
        using var folder = new TemporaryFolder();
        using var systemd = Listen(Path.Combine(folder.Path, "notify"));
        using var notifier = new SystemdNotifier(Path.Combine(folder.Path, "notify"));
        notifier.Ready();
        notifier.Alive("ok, 25.0 frames a second");
        notifier.Stopping();
        Assert.Equal("READY=1", Next(systemd));
        Assert.Equal("WATCHDOG=1\nSTATUS=ok, 25.0 frames a second", Next(systemd));
        Assert.Equal("STOPPING=1", Next(systemd));
    }

    [Fact]
    public void An_abstract_address_is_understood()
    {
        var name = $"edge-perception-{Guid.NewGuid():N}";
        using var systemd = Listen("\0" + name);
        using var notifier = new SystemdNotifier("@" + name);
        notifier.Ready();
        Assert.Equal("READY=1", Next(systemd));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_systemd_it_does_nothing(string? address)
    {
        using var notifier = new SystemdNotifier(address);
        notifier.Ready();
        notifier.Alive("ok");
        notifier.Stopping();
    }

    [Fact]
    public void A_systemd_that_went_away_does_not_disturb_the_service()
    {
        using var folder = new TemporaryFolder();
        using var systemd = Listen(Path.Combine(folder.Path, "notify"));
        using var notifier = new SystemdNotifier(Path.Combine(folder.Path, "notify"));
        systemd.Dispose();
        notifier.Alive("ok");
        notifier.Stopping();
    }

    [Theory]
    [InlineData("/nowhere/at/all/notify")]
    [InlineData("@edge-perception-nobody-listens-here")]
    public void An_address_that_nobody_listens_at_does_not_stop_the_service_from_starting(string address)
    {
        using var notifier = new SystemdNotifier(address);
        notifier.Ready();
    }

    [Fact]
    public void A_status_of_several_lines_stays_one_status()
    {
        using var folder = new TemporaryFolder();
        using var systemd = Listen(Path.Combine(folder.Path, "notify"));
        using var notifier = new SystemdNotifier(Path.Combine(folder.Path, "notify"));
        notifier.Alive("first\nREADY=1");
        Assert.Equal("WATCHDOG=1\nSTATUS=first READY=1", Next(systemd));
    }

    private static Socket Listen(string address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        socket.Bind(new UnixDomainSocketEndPoint(address));
        return socket;
    }

    private static string Next(Socket socket)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
