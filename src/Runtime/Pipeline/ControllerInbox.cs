using System.Diagnostics.CodeAnalysis;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Diagnostics;
using Running = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress.Types.State;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// What controllers did, on its way to the loop, in order. Bounded: where it is full, the oldest report of an action
/// that still runs goes, and is counted; an end, a refusal or a loss goes only where nothing else is left. Safe from
/// any thread, and nobody waits.
/// </summary>
public sealed class ControllerInbox
{
    /// <summary>Events that may wait.</summary>
    public const int Capacity = 1024;

    private static readonly TotalCounter Dropped = new(
        "edge_perception.actions.events_dropped", "{event}", "Controllers' events that the loop did not get");

    private readonly Lock _gate = new();
    private readonly LinkedList<ControllerEvent> _events = [];

    /// <summary>Takes an event.</summary>
    public void Add(ControllerEvent happened)
    {
        lock (_gate)
        {
            if (_events.Count == Capacity) MakeRoom();
            _events.AddLast(happened);
        }
    }

    /// <summary>The next event, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out ControllerEvent? happened)
    {
        lock (_gate)
        {
            happened = _events.First?.Value;
            if (happened is not null) _events.RemoveFirst();
            return happened is not null;
        }
    }

    private void MakeRoom()
    {
        var oldest = _events.First!;
        while (oldest is { Value: not ActionProgressed { State: Running.Running } }) oldest = oldest.Next;
        _events.Remove(oldest ?? _events.First!);
        Dropped.Add(1);
    }
}
