using System.Net.Sockets;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>A peer by a plain socket, which says what it likes and reads only when it is told to.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;

    public RawPeer(string endpoint)
    {
        var address = GateListener.Address(endpoint);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveBufferSize = 4096,
            SendTimeout = 20_000,
        };
        _socket.Connect(address);
    }

    /// <summary>Whether the other side has closed the connection.</summary>
    public bool IsCutOff
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead) && _socket.Receive(new byte[1], SocketFlags.Peek) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    /// <summary>How many bytes wait to be read.</summary>
    public int Available => _socket.Available;

    /// <summary>Says something; false when the connection has ended meanwhile.</summary>
    public bool Say(byte[] bytes)
    {
        try
        {
            return _socket.Send(bytes) == bytes.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The handshake with a real library, which ends a peer that does not wait for its READY.</summary>
    public async Task ShakeHandsAsync(string kind)
    {
        const int Greeting = 64;
        Assert.True(Say(ZmtpStream.Established(kind: kind).Bytes));
        await Eventually.Until(() => Available > Greeting, "the library's READY");
    }

    /// <summary>Says as much as is taken at once; the number of bytes.</summary>
    public int Offer(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        return Math.Max(0, _socket.Send(bytes, SocketFlags.None, out _));
    }

    /// <summary>Reads what waits.</summary>
    public void Drain()
    {
        var buffer = new byte[64 * 1024];
        while (_socket.Available > 0 && _socket.Receive(buffer) > 0)
        {
        }
    }

    public void Dispose() => _socket.Dispose();
}
