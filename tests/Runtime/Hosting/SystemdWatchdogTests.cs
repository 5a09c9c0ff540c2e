using System.Net.Sockets;
using EdgePerception.Runtime.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgePerception.Runtime.Tests.Hosting;

/// <summary>What is told; that it reaches a socket, the tests with a whole service show.</summary>
public sealed class SystemdWatchdogTests
{
    [Fact]
    public void The_watchdog_and_the_status_are_one_message()
    {
        var systemd = new Recorded();
        new SystemdWatchdog(systemd).Alive("ok, 25.0 frames a second");
        Assert.Equal("WATCHDOG=1\nSTATUS=ok, 25.0 frames a second", Assert.Single(systemd.Heard));
    }

    [Fact]
    public void A_status_of_several_lines_stays_one_status()
    {
        var systemd = new Recorded();
        new SystemdWatchdog(systemd).Alive("first\nREADY=1");
        Assert.Equal("WATCHDOG=1\nSTATUS=first READY=1", Assert.Single(systemd.Heard));
    }

    [Fact]
    public void Without_systemd_it_does_nothing() => new SystemdWatchdog().Alive("ok");

    [Theory]
    [InlineData(typeof(SocketException))]
    [InlineData(typeof(ArgumentOutOfRangeException))]
    public void A_systemd_that_cannot_be_reached_does_not_disturb_the_service(Type fault) =>
        new SystemdWatchdog(new Recorded { Fault = (Exception)Activator.CreateInstance(fault)! }).Alive("ok");

    private sealed class Recorded : ISystemdNotifier
    {
        public List<string> Heard { get; } = [];

        public Exception? Fault { get; init; }

        public bool IsEnabled => true;

        public void Notify(ServiceState state)
        {
            if (Fault is not null) throw Fault;
            Heard.Add(state.ToString());
        }
    }
}
