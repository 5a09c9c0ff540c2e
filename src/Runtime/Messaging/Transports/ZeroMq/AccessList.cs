namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// Answers libzmq's question whether a client may connect (ZAP, RFC 27), by the list of public keys. It lives in the
/// context of the socket that it guards, and is asked by that socket's thread alone.
/// </summary>
internal sealed class AccessList : IDisposable
{
    private const int Frames = 7;
    private const int LongestFrame = 256;
    private const int RequestId = 1;
    private const int Mechanism = 5;
    private const int Credentials = 6;

    private readonly CurveKeys _keys;
    private readonly LibZmqHandle _replier;

    /// <summary>Guards a socket, which must not be bound yet.</summary>
    public AccessList(LibZmqHandle guarded, CurveKeys keys)
    {
        _keys = keys;
        guarded.Set(ZeroMqOption.AccessDomain, "edge-perception"u8);
        _replier = new LibZmqHandle(LibZmqKind.Replier, guarded);
        if (_replier.TryBind("inproc://zeromq.zap.01") is not { } fault) return;
        _replier.Dispose();
        throw new MessagingException($"zeromq.curve.allowedKeysFile: cannot be kept to: {fault}");
    }

    /// <summary>For polling: readable when somebody asks.</summary>
    public nint Socket => _replier.Socket;

    /// <summary>Answers whoever asks. A question that is none is answered by no.</summary>
    public void Answer()
    {
        Span<byte> all = stackalloc byte[Frames * LongestFrame];
        Span<int> lengths = stackalloc int[Frames];
        while (true)
        {
            var count = 0;
            bool more;
            do
            {
                var place = Math.Min(count, Frames - 1);
                var length = _replier.Receive(all.Slice(place * LongestFrame, LongestFrame), out more);
                if (length < 0) return;
                lengths[place] = Math.Min(length, LongestFrame);
                count++;
            }
            while (more);
            var credentials = all.Slice(Credentials * LongestFrame, lengths[Credentials]);
            var mechanism = all.Slice(Mechanism * LongestFrame, lengths[Mechanism]);
            var allowed = count == Frames && mechanism.SequenceEqual("CURVE"u8) && _keys.Allows(credentials);
            Reply(all.Slice(RequestId * LongestFrame, lengths[RequestId]), allowed);
        }
    }

    /// <summary>Ends, before the socket that it guards.</summary>
    public void Dispose() => _replier.Dispose();

    private void Reply(ReadOnlySpan<byte> request, bool allowed)
    {
        _replier.Send("1.0"u8, more: true);
        _replier.Send(request, more: true);
        _replier.Send(allowed ? "200"u8 : "400"u8, more: true);
        _replier.Send(allowed ? "OK"u8 : "the key is not in the list"u8, more: true);
        _replier.Send([], more: true);
        _replier.Send([]);
    }
}
