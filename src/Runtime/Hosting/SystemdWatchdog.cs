using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Tells systemd that the service is alive, and how it is doing; that it is up and that it ends, its host tells. Does
/// nothing where systemd does not listen. Thread-safe.
/// </summary>
/// <param name="notifier">The socket that the unit was given; none outside of one.</param>
public sealed class SystemdWatchdog(ISystemdNotifier? notifier = null)
{
    /// <summary>Resets the unit's watchdog. The words are what <c>systemctl status</c> shows.</summary>
    public void Alive(string status)
    {
        try
        {
            notifier?.Notify(new ServiceState($"WATCHDOG=1\nSTATUS={status.ReplaceLineEndings(" ")}"));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // systemd restarts a service that it no longer hears; there is nobody else to tell.
        }
    }
}
