using System.Net.Sockets;
using System.Text;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>
/// Tells systemd how the service is doing, by sd_notify's protocol: a datagram of <c>KEY=VALUE</c> lines to the socket in
/// <c>NOTIFY_SOCKET</c>. Does nothing where there is none. Thread-safe.
/// </summary>
public sealed class SystemdNotifier : IDisposable
{
    private readonly Socket? _socket;

    /// <summary>Connects to the socket that systemd names in the environment, if any.</summary>
    public SystemdNotifier() : this(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"))
    {
    }

    internal SystemdNotifier(string? address)
    {
        if (string.IsNullOrEmpty(address)) return;
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // An abstract address is written with '@' and begins with a zero byte.
            socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
            _socket = socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // A variable that was inherited from elsewhere must not keep the service from starting.
            socket.Dispose();
        }
    }

    /// <summary>The service is up.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>The service is alive; resets the unit's watchdog. The words are what systemctl status shows.</summary>
    public void Alive(string status) => Send($"WATCHDOG=1\nSTATUS={status.ReplaceLineEndings(" ")}");

    /// <summary>The service is ending.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Send(string state)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // systemd restarts a service that it no longer hears; there is nobody else to tell.
        }
    }
}
