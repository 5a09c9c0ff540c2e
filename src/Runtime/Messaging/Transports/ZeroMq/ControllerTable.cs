namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>A registered controller and the newest actions that it was sent.</summary>
/// <param name="name">Its name.</param>
/// <param name="identity">The router's identity of its connection.</param>
/// <param name="registrations">How often its connection has registered under one name or another.</param>
internal sealed class Controller(string name, byte[] identity, int registrations)
{
    private const int Remembered = 64;

    private readonly Queue<string> _actions = new(Remembered);

    public string Name => name;

    public byte[] Identity => identity;

    public int Registrations => registrations;

    /// <summary>When it may be greeted again to see whether it lives.</summary>
    public TimeSpan NextGreeting { get; set; } = TimeSpan.MinValue;

    /// <summary>Whether its queue was full at the last attempt.</summary>
    public bool IsBehind { get; set; }

    /// <summary>Whether the newest safety level did not fit into its queue yet.</summary>
    public bool IsOwedSafety { get; set; }

    public bool WasSent(string actionId) => _actions.Contains(actionId);

    public void Remember(string actionId)
    {
        if (_actions.Count == Remembered) _actions.Dequeue();
        _actions.Enqueue(actionId);
    }
}

/// <summary>
/// The registered controllers, by name and by the router's identity of their connection. One thread's.
/// </summary>
internal sealed class ControllerTable(int capacity)
{
    private readonly Dictionary<string, Controller> _byName = [];
    private readonly Dictionary<string, Controller> _byIdentity = [];

    public int Count => _byName.Count;

    public bool IsFull => Count >= capacity;

    /// <summary>A copy, so that the table may change while it is gone through.</summary>
    public Controller[] All() => [.. _byName.Values];

    public Controller? ByName(string name) => _byName.GetValueOrDefault(name);

    public Controller? ByIdentity(ReadOnlySpan<byte> identity) => _byIdentity.GetValueOrDefault(Key(identity));

    public Controller Add(string name, ReadOnlySpan<byte> identity, int registrations)
    {
        var controller = new Controller(name, identity.ToArray(), registrations);
        _byName.Add(name, controller);
        _byIdentity.Add(Key(identity), controller);
        return controller;
    }

    public void Remove(Controller controller)
    {
        _byName.Remove(controller.Name);
        _byIdentity.Remove(Key(controller.Identity));
    }

    private static string Key(ReadOnlySpan<byte> identity) => System.Text.Encoding.Latin1.GetString(identity);
}
