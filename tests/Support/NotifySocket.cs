using System.Net.Sockets;
using System.Text;

namespace EdgePerception.Tests.Support;

/// <summary>A datagram socket as systemd holds it, at a path or, written with '@', at an abstract address.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
    {
        ReceiveTimeout = 60_000,
    };

    public NotifySocket(string address)
    {
        Address = address;
        _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
    }

    /// <summary>As it stands in NOTIFY_SOCKET.</summary>
    public string Address { get; }

    /// <summary>An abstract address that nobody else has.</summary>
    public static NotifySocket Abstract() => new($"@edge-perception-{Guid.NewGuid():N}");

    /// <summary>The next datagram; fails after a minute without one.</summary>
    public string Next()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }

    public void Dispose() => _socket.Dispose();
}
