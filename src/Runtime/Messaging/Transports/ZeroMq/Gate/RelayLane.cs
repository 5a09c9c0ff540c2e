using System.Net.Sockets;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// One direction of a connection that is passed on: what was read and the other side does not take yet waits here, and
/// while anything waits, nothing more is read. The gate's thread only. Both sockets are non-blocking and the owner's.
/// </summary>
internal sealed class RelayLane(Socket from, Socket to)
{
    /// <summary>The most that waits, and the most to read at once.</summary>
    public const int ChunkBytes = 64 * 1024;

    // Made when it is first needed, which for most connections is never.
    private byte[]? _waiting;
    private int _first;
    private int _end;

    /// <summary>Whether something waits until the other side takes it.</summary>
    public bool IsBlocked => _first < _end;

    /// <summary>Whether the side that is read has ended, and all of it was passed on.</summary>
    public bool IsDone => HasEnded && !IsBlocked;

    /// <summary>Whether the side that is read sends nothing any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the side that is written to takes nothing any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether there is any point in reading now.</summary>
    public bool IsReading => !IsBlocked && !HasEnded && !IsBroken;

    /// <summary>Reads what is there; the number of bytes, 0 when there is nothing now or at all.</summary>
    public int Read(Span<byte> into)
    {
        var read = from.Receive(into, SocketFlags.None, out var error);
        if (read > 0) return read;
        HasEnded = error is not (SocketError.WouldBlock or SocketError.Interrupted);
        return 0;
    }

    /// <summary>Passes on; what is not taken at once is kept, so nothing may wait already.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[Send(bytes)..];
        if (rest.IsEmpty || IsBroken) return;
        _waiting ??= new byte[ChunkBytes];
        rest.CopyTo(_waiting);
        (_first, _end) = (0, rest.Length);
    }

    /// <summary>Passes on what waits, as far as it is taken.</summary>
    public void Flush()
    {
        _first += Send(_waiting.AsSpan(_first.._end));
        if (IsBroken) _first = _end;
    }

    private int Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return 0;
        var sent = to.Send(bytes, SocketFlags.None, out var error);
        IsBroken = error is not (SocketError.Success or SocketError.WouldBlock or SocketError.Interrupted);
        return Math.Max(sent, 0);
    }
}
