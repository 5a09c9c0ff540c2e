namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>What a controller registered with.</summary>
/// <param name="Window">Silence after which it is lost; null where it knows no permits and is not listened for.</param>
/// <param name="RelaysStops">Whether people can stop the robot through it.</param>
/// <param name="Token">What gives the name back to it over another connection.</param>
/// <param name="Registrations">How often its connection has registered under one name or another.</param>
internal sealed record ControllerTerms(TimeSpan? Window, bool RelaysStops, string Token, int Registrations);

/// <summary>A registered controller, when it was heard, and the newest actions that it was sent.</summary>
/// <param name="name">Its name.</param>
/// <param name="identity">The router's identity of its connection.</param>
/// <param name="terms">What it registered with.</param>
/// <param name="now">When it did.</param>
internal sealed class Controller(string name, byte[] identity, ControllerTerms terms, TimeSpan now)
{
    private const int Remembered = 64;
    private const string UnknownAction = "this action was not sent to you, or too long ago";

    private readonly Queue<string> _order = new(Remembered);
    private readonly Dictionary<string, Report> _reports = [];

    private enum Report
    {
        Sent,
        Accepted,
        Ended,
    }

    public string Name => name;

    public byte[] Identity => identity;

    public ControllerTerms Terms => terms;

    /// <summary>Whether it moves on permits alone.</summary>
    public bool KnowsPermits => terms.Window is not null;

    /// <summary>When it was last heard.</summary>
    public TimeSpan HeardAt { get; set; } = now;

    /// <summary>The newest figure that it gave a heartbeat.</summary>
    public uint Beat { get; set; }

    /// <summary>From when on the next permit is due.</summary>
    public TimeSpan NextPermit { get; set; }

    /// <summary>
    /// What is said when its heartbeat is lost; made beforehand, for a thread that allocates nothing.
    /// </summary>
    public string LossCause { get; } =
        $"the heartbeat of controller {name} is lost: silent for more than {terms.Window?.TotalMilliseconds:0} ms";

    /// <summary>What it may say a second before it is taken for a flood.</summary>
    public MessageRate Rate { get; } = new(now);

    /// <summary>When it may be greeted again to see whether it lives.</summary>
    public TimeSpan NextGreeting { get; set; } = TimeSpan.MinValue;

    /// <summary>Whether its queue was full at the last attempt.</summary>
    public bool IsBehind { get; set; }

    /// <summary>Whether the newest safety level did not fit into its queue yet.</summary>
    public bool IsOwedSafety { get; set; }

    /// <summary>Whether the newest stop did not fit into its queue yet.</summary>
    public bool IsOwedStop { get; set; }

    /// <summary>Whether it has not acknowledged the newest stop that it was sent.</summary>
    public bool OwesStopAcknowledgement { get; set; }

    public void Remember(string actionId)
    {
        if (!_reports.TryAdd(actionId, Report.Sent)) return;
        if (_order.Count == Remembered) _reports.Remove(_order.Dequeue());
        _order.Enqueue(actionId);
    }

    /// <summary>Why an acknowledgement is not to be believed; null where it is.</summary>
    public string? Acknowledge(string actionId, bool accepted)
    {
        if (!_reports.TryGetValue(actionId, out var report)) return UnknownAction;
        if (report != Report.Sent) return "this action was acknowledged before";
        _reports[actionId] = accepted ? Report.Accepted : Report.Ended;
        return null;
    }

    /// <summary>Why a report of progress is not to be believed; null where it is.</summary>
    public string? Progress(string actionId, bool isEnd)
    {
        if (!_reports.TryGetValue(actionId, out var report)) return UnknownAction;
        if (report == Report.Sent) return "acknowledge the action before you report on it";
        if (report == Report.Ended) return "you said already that this action has ended";
        if (isEnd) _reports[actionId] = Report.Ended;
        return null;
    }
}
