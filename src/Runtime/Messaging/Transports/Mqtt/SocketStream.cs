using System.Net;
using System.Net.Sockets;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// A TCP connection that is waited for by poll(2) on the thread that asks, with limits, and never by way of the thread
/// pool: where that is full of other work, a halt must still come through. One thread may read while another writes.
/// The asynchronous members of <see cref="Stream"/> are not meant to be used.
/// </summary>
internal sealed class SocketStream : Stream
{
    private const int TcpLevel = 6; // IPPROTO_TCP
    private const int QuickAcknowledgement = 12; // TCP_QUICKACK

    private static readonly byte[] One = BitConverter.GetBytes(1);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly TimeSpan _within;
    private readonly SensorClock _clock;
    private readonly CancellationToken _stop;
    private volatile bool _closed;
    private TimeSpan? _farewellUntil;

    private SocketStream(Socket socket, TimeSpan within, SensorClock clock, CancellationToken stop) =>
        (_socket, _within, _clock, _stop) = (socket, within, clock, stop);

    /// <summary>The monotonic instant until which a read waits; without end where there is none.</summary>
    public TimeSpan? ReadUntil { get; set; }

    /// <summary>How long a write waits for a peer that takes nothing at all.</summary>
    public TimeSpan WriteLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long all writes together may go on after the service was asked to end.</summary>
    public TimeSpan Farewell { get; init; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Connects to the first address of a host that answers.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="within">How long it may take, the look-up of the name included.</param>
    /// <param name="farewell">How long a write may go on once <paramref name="stop"/> is cancelled.</param>
    /// <param name="clock">The clock of the limits.</param>
    /// <param name="stop">Ends the attempt, and later all waits.</param>
    /// <exception cref="SocketException">Nobody answers there, or nobody knows the name.</exception>
    /// <exception cref="TimeoutException">It took too long; the message is for people.</exception>
    /// <exception cref="OperationCanceledException">The service ends.</exception>
    public static SocketStream Connect(
        string host, int port, TimeSpan within, TimeSpan farewell, SensorClock clock, CancellationToken stop)
    {
        var until = clock.Monotonic + within;
        var addresses = Resolve(host, until, $"no answer within {within.TotalMilliseconds:0} ms", clock, stop);
        return Connect(addresses, port, within, until, farewell, clock, stop);
    }

    /// <summary>
    /// Connects to the first address that answers; one that does not leaves the others their share of the time.
    /// </summary>
    internal static SocketStream Connect(
        IReadOnlyList<IPAddress> addresses, int port, TimeSpan within, TimeSpan until, TimeSpan farewell,
        SensorClock clock, CancellationToken stop)
    {
        Exception? fault = null;
        for (var i = 0; i < addresses.Count; i++)
        {
            var address = addresses[i];
            var share = clock.Monotonic + ((until - clock.Monotonic) / (addresses.Count - i));
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                (socket.Blocking, socket.NoDelay) = (false, true);
                Begin(socket, new IPEndPoint(address, port));
                Await(socket, share, $"no answer within {within.TotalMilliseconds:0} ms", clock, stop);
                var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
                if (error == SocketError.Success)
                    return new SocketStream(socket, within, clock, stop) { Farewell = farewell };
                fault = new SocketException((int)error);
            }
            catch (Exception exception) when (exception is SocketException or TimeoutException)
            {
                fault = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            socket.Dispose();
        }

        throw fault ?? new SocketException((int)SocketError.HostNotFound);
    }

    public override int Read(Span<byte> buffer)
    {
        while (!_closed)
        {
            var count = _socket.Receive(buffer, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                AcknowledgeAtOnce();
                return count;
            }

            if (error != SocketError.WouldBlock) return _closed ? 0 : throw new SocketException((int)error);
            if (ReadUntil is not { } until)
            {
                // Ended by Abort, whose shutdown is seen here even if it came before.
                _socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
                continue;
            }

            _stop.ThrowIfCancellationRequested();
            if (_clock.Monotonic >= until)
                throw new TimeoutException($"connected, but no answer within {_within.TotalMilliseconds:0} ms");
            _socket.Poll(Slice, SelectMode.SelectRead);
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var until = _clock.Monotonic + WriteLimit;
        var ending = false;
        while (buffer.Length > 0)
        {
            if (_closed) throw new SocketException((int)SocketError.ConnectionAborted);
            var count = _socket.Send(buffer, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                buffer = buffer[count..];
                if (!ending) until = _clock.Monotonic + WriteLimit;
                continue;
            }

            if (error != SocketError.WouldBlock) throw new SocketException((int)error);
            if (!ending && _stop.IsCancellationRequested)
            {
                ending = true;
                _farewellUntil ??= _clock.Monotonic + Farewell;
                until = Shorter(until, _farewellUntil.Value);
            }

            if (_clock.Monotonic >= until)
                throw new TimeoutException(
                    $"the broker has taken nothing for {WriteLimit.TotalSeconds:0} s; it or the network hangs");
            _socket.Poll(Slice, SelectMode.SelectWrite);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Says that nothing more will be written, while what comes can still be read.</summary>
    public void EndWriting() => Shutdown(SocketShutdown.Send);

    /// <summary>Ends the waits of both threads; any thread's.</summary>
    public void Abort()
    {
        _closed = true;
        Shutdown(SocketShutdown.Both);
    }

    /// <summary>Frees the socket; only when no thread is within it any more.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _socket.Dispose();
        base.Dispose(disposing);
    }

    // A broker that collects small packets (Nagle's algorithm, mosquitto's default) sends the next one, which may be a
    // stop, when we have acknowledged the last. The kernel puts that off by 40 ms, and forgets after a while that it is
    // not to: tcp(7), TCP_QUICKACK.
    private void AcknowledgeAtOnce()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _socket.SetRawSocketOption(TcpLevel, QuickAcknowledgement, One);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection has ended, which the next read finds.
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // getaddrinfo has no limit of its own and may take half a minute, so that it has a thread that may be left behind.
    private static IPAddress[] Resolve(
        string host, TimeSpan until, string tooLate, SensorClock clock, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        IPAddress[] found = [];
        SocketException? fault = null;
        var looksUp = new Thread(() =>
        {
            try
            {
                found = Dns.GetHostAddresses(host);
            }
            catch (SocketException exception)
            {
                fault = exception;
            }
            catch (ArgumentException)
            {
                // No name at all. On this thread it would end the process.
                fault = new SocketException((int)SocketError.HostNotFound);
            }
        })
        { IsBackground = true, Name = "messaging dns" };
        looksUp.Start();
        while (!looksUp.Join(Slice))
        {
            stop.ThrowIfCancellationRequested();
            if (clock.Monotonic >= until)
                throw new TimeoutException($"{tooLate}, for the name '{host}' was not found out");
        }

        return fault is null ? found : throw fault;
    }

    private static void Begin(Socket socket, IPEndPoint peer)
    {
        try
        {
            socket.Connect(peer);
        }
        catch (SocketException exception) when (
            exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
        }
    }

    private static void Await(
        Socket socket, TimeSpan until, string tooLate, SensorClock clock, CancellationToken stop)
    {
        while (!socket.Poll(Slice, SelectMode.SelectWrite))
        {
            stop.ThrowIfCancellationRequested();
            if (clock.Monotonic >= until) throw new TimeoutException(tooLate);
        }
    }

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (SocketException)
        {
            // The peer was faster.
        }
    }
}
