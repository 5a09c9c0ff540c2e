namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The registered controllers, by name and by the router's identity of their connection. One thread's.
/// </summary>
internal sealed class ControllerTable(int capacity)
{
    private readonly Dictionary<string, Controller> _byName = [];
    private readonly Dictionary<string, Controller> _byIdentity = [];
    private Controller[]? _all;

    public int Count => _byName.Count;

    public bool IsFull => Count >= capacity;

    /// <summary>A copy, so that the table may change while it is gone through.</summary>
    public Controller[] All() => _all ??= [.. _byName.Values];

    public Controller? ByName(string name) => _byName.GetValueOrDefault(name);

    public Controller? ByIdentity(ReadOnlySpan<byte> identity) => _byIdentity.GetValueOrDefault(Key(identity));

    public void Add(Controller controller)
    {
        _byName.Add(controller.Name, controller);
        _byIdentity.Add(Key(controller.Identity), controller);
        _all = null;
    }

    public void Remove(Controller controller)
    {
        _byName.Remove(controller.Name);
        _byIdentity.Remove(Key(controller.Identity));
        _all = null;
    }

    private static string Key(ReadOnlySpan<byte> identity) => System.Text.Encoding.Latin1.GetString(identity);
}
