using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EdgePerception.Policy.Commands;

/// <summary>
/// The commands on their way to the loop, in order. Bounded: whoever brings one to a full inbox is told, and answers
/// for it. Safe from any thread.
/// </summary>
public sealed class CommandInbox(int capacity)
{
    private readonly ConcurrentQueue<PendingCommand> _queue = new();

    /// <summary>Takes a command, or answers false when full.</summary>
    public bool TryAdd(PendingCommand command)
    {
        if (_queue.Count >= capacity) return false;
        _queue.Enqueue(command);
        return true;
    }

    /// <summary>The next command, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out PendingCommand? command) => _queue.TryDequeue(out command);
}
