namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>What became of an attempt to send.</summary>
public enum SendOutcome
{
    /// <summary>Taken.</summary>
    Sent,

    /// <summary>
    /// A peer's queue is full. A router's frame was not taken; a publisher's goes to all the others, and the rest of
    /// the message must follow.
    /// </summary>
    WouldBlock,

    /// <summary>There is no such peer.</summary>
    Unreachable,
}

/// <summary>The service's two kinds of sockets.</summary>
internal enum ZeroMqSocketKind
{
    /// <summary>
    /// ROUTER: talks to many dealers by their identities. Nobody can take a living connection's identity.
    /// </summary>
    Router,

    /// <summary>XPUB: publishes, and sees every subscription.</summary>
    Publisher,
}

/// <summary>What a socket is made with.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="PeerQueue">Messages that wait for one peer at most.</param>
/// <param name="MaxFrameBytes">Longest frame that a peer may send; who sends a longer one is cut off.</param>
/// <param name="SilenceMs">
/// A peer that is silent for so long is given up, milliseconds; 0 where that is not looked at.
/// </param>
/// <param name="Curve">The keys of an encrypted socket; none of an open one.</param>
internal sealed record ZeroMqSocketSettings(
    ZeroMqSocketKind Kind, int PeerQueue, int MaxFrameBytes, int SilenceMs = 0, CurveKeys? Curve = null);

/// <summary>
/// A ZeroMQ socket of the service, whichever library it comes from. Not thread-safe; it may change hands between
/// threads when one starts the other. It never lingers: what is unsent at its end is lost.
/// </summary>
internal interface IZeroMqSocket : IDisposable
{
    /// <summary>Where the gate connects, once bound; with the port that the system chose for port 0.</summary>
    string Endpoint { get; }

    /// <summary>Binds, at a place that is drawn for it (<see cref="ZeroMqSockets"/>).</summary>
    /// <exception cref="MessagingException">It cannot be had; one clear line.</exception>
    void Bind(string endpoint);

    /// <summary>Sends one frame without waiting.</summary>
    /// <param name="frame">Its bytes, copied.</param>
    /// <param name="more">Whether the message has another frame.</param>
    SendOutcome Send(ReadOnlySpan<byte> frame, bool more = false);

    /// <summary>
    /// Receives one frame without waiting. Returns the frame's own length, which is more than the buffer's when it was
    /// cut, or -1 when there is none.
    /// </summary>
    /// <param name="frame">Takes the bytes.</param>
    /// <param name="more">Whether the message has another frame.</param>
    int Receive(Span<byte> frame, out bool more);

    /// <summary>Waits until a frame can be received or the wake-up is set, which is taken back then.</summary>
    /// <param name="wakeUp">Always the same one.</param>
    /// <param name="milliseconds">The longest wait.</param>
    void Wait(WakeUp wakeUp, int milliseconds);
}
