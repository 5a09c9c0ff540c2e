namespace EdgePerception.Policy.Commands;

/// <summary>The life of one command: where it is, and what it became. Owned by the loop.</summary>
/// <param name="command">The command, which was received.</param>
public sealed class CommandLife(PendingCommand command)
{
    /// <summary>The command.</summary>
    public PendingCommand Command { get; } = command;

    /// <summary>Where it is.</summary>
    public LifeState State { get; private set; }

    /// <summary>How many steps it has made; receipt is the first.</summary>
    public int Steps { get; private set; } = 1;

    /// <summary>The action that it became; empty before.</summary>
    public string ActionId { get; private set; } = "";

    /// <summary>When it was decided that it may move, on the monotonic clock.</summary>
    public TimeSpan AcceptedAt { get; private set; }

    /// <summary>Until when a controller must have taken it on, on the monotonic clock.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>Whether a controller may still move for it, though it has ended.</summary>
    public bool IsAtWork => Parts.IsAtWork;

    /// <summary>What controllers have to do with it.</summary>
    internal ActionParts Parts { get; } = new();

    /// <summary>Becomes an action, before it is accepted.</summary>
    internal void Become(string actionId, TimeSpan at, TimeSpan deadline) =>
        (ActionId, AcceptedAt, Deadline) = (actionId, at, deadline);

    /// <summary>Makes a step; false, and nothing changes, where there is no such way.</summary>
    internal bool TryEnter(LifeState next)
    {
        if (!LifeTransitions.Allows(State, next)) return false;
        State = next;
        Steps++;
        return true;
    }
}
