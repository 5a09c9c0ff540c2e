namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>What the broker says of the end of a connection.</summary>
internal enum MqttEnd
{
    /// <summary>Nothing.</summary>
    Unexplained,

    /// <summary>A reason of its own, such as that it shuts down.</summary>
    Explained,

    /// <summary>That another client took the session over.</summary>
    TakenOver,
}

/// <summary>
/// Judges the row of connections and losses: how long to wait, what is worth a line, and whether another client of the
/// same id takes the connection away. A connection is sound once it has held; one that is lost before has mended
/// nothing, so the waits go on growing. Not every broker says that it gave the session to another, hence two
/// connections in a row that were short, with no failed attempt between them, are taken for it. The transport's thread
/// only.
/// </summary>
internal sealed class ConnectionRecord(MqttSettings options)
{
    private const int ShortOnesThatTell = 2;

    // Longer than another one that backs off as we do leaves us alone, which is once and a quarter the longest wait.
    private readonly TimeSpan _soundAfter = TimeSpan.FromMilliseconds(3.0 * options.ReconnectMaxMs);
    private readonly ReconnectDelay _delay = new(options);
    private TimeSpan? _since;
    private bool _saidDown;
    private int _short;

    /// <summary>What is wrong; none while the connection stands and nobody takes it away.</summary>
    public TransportTrouble? Trouble { get; private set; }

    private bool IsContested => Trouble is { NeedsAttention: true };

    /// <summary>Takes note of a connection; true when it is worth a line.</summary>
    public bool Connected(TimeSpan now)
    {
        _since = now;
        if (IsContested) return false;
        (_saidDown, Trouble) = (false, null);
        return true;
    }

    /// <summary>True once, when a connection that was contested has held after all.</summary>
    public bool HasSettled(TimeSpan now)
    {
        if (!IsContested || !IsSound(now)) return false;
        (_saidDown, Trouble, _short) = (false, null, 0);
        return true;
    }

    /// <summary>Takes note of a loss or of an attempt that failed.</summary>
    /// <param name="now">The monotonic instant.</param>
    /// <param name="reason">What ended it.</param>
    /// <param name="end">What the broker says of it.</param>
    /// <returns>How long to wait, and whether the reason in <see cref="Trouble"/> is worth a line.</returns>
    public (TimeSpan Wait, bool IsNews) Lost(TimeSpan now, string reason, MqttEnd end)
    {
        var (wasConnected, wasSound, wasContested) = (_since is not null, IsSound(now), IsContested);
        _since = null;
        if (wasSound) _delay.Reset();
        var takenOver = end == MqttEnd.TakenOver;
        _short = wasConnected && !wasSound && end != MqttEnd.Explained ? _short + 1 : 0;
        var contested = takenOver || (_short > 0 && (wasContested || _short >= ShortOnesThatTell));
        Trouble = new TransportTrouble(contested ? Contested(reason, takenOver) : reason, contested);

        // A single short connection may be the first of a contest; it is told with the next thing that goes wrong.
        var isNews = contested ? !wasContested : !_saidDown && _short == 0;
        _saidDown |= isNews;
        return (_delay.Next(), isNews);
    }

    private bool IsSound(TimeSpan now) => _since is { } since && now - since >= _soundAfter;

    private string Contested(string reason, bool takenOver) =>
        (takenOver ? $"{reason}; "
            : $"the connection ends again and again soon after it is made ({reason}); most likely ")
        + $"another client uses the client id '{options.EffectiveClientId}', such as a second instance with the same"
        + " mqtt.device: end it, or give each a name of its own";
}
