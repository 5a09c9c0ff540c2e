using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>An action on its way to the controllers.</summary>
/// <param name="Action">The action.</param>
/// <param name="Deadline">Monotonic instant from which it must not be sent any more, unless it stops.</param>
internal readonly record struct PendingAction(Messages.Action Action, TimeSpan Deadline)
{
    /// <summary>Whether it is a stop, which is never too late.</summary>
    public bool IsStop => Action.Action_ == ActionKind.Stop;
}

/// <summary>
/// The actions that have not been sent yet, in order; bounded, and a stop gives way to a newer stop alone. Safe from
/// any thread; the safety thread never comes here.
/// </summary>
/// <param name="drop">Told of each that is dropped, with the reason.</param>
internal sealed class ActionQueue(Action<DropReason> drop)
{
    private const int Capacity = 256;

    private readonly Lock _lock = new();
    private readonly Queue<PendingAction> _actions = [];

    /// <summary>Adds one, in the place of the oldest where it is full.</summary>
    public void Put(in PendingAction pending)
    {
        lock (_lock)
        {
            if (_actions.Count == Capacity) MakeRoom();
            _actions.Enqueue(pending);
        }
    }

    /// <summary>Takes the oldest.</summary>
    public bool TryTake(out PendingAction pending)
    {
        lock (_lock) return _actions.TryDequeue(out pending);
    }

    /// <summary>Drops all but stops.</summary>
    public void DropMotion()
    {
        lock (_lock)
        {
            for (var left = _actions.Count; left > 0; left--)
            {
                var pending = _actions.Dequeue();
                if (pending.IsStop) _actions.Enqueue(pending);
                else drop(DropReason.Halted);
            }
        }
    }

    // The oldest goes, but a stop only for want of anything else: a newer stop then stands for it.
    private void MakeRoom()
    {
        var dropped = false;
        for (var left = _actions.Count; left > 0; left--)
        {
            var pending = _actions.Dequeue();
            if (dropped || pending.IsStop) _actions.Enqueue(pending);
            else dropped = true;
        }

        if (!dropped) _actions.Dequeue();
        drop(DropReason.QueueFull);
    }
}
