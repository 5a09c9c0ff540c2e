using System.Collections.Concurrent;
using EdgePerception.Policy.Commands;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>A command that was accepted and waits for the next scene.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What was said or written.</param>
/// <param name="Parsed">What was understood of it.</param>
/// <param name="ReplyTo">A further topic for the answer, or empty.</param>
/// <param name="ReceivedAt">When it came, on the monotonic clock.</param>
/// <param name="ExpiresAt">When it is too old to be acted on, on the monotonic clock.</param>
public sealed record PendingCommand(
    string Id, string Text, ParsedCommand Parsed, string ReplyTo, TimeSpan ReceivedAt, TimeSpan ExpiresAt);

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
    public bool TryTake(out PendingCommand? command) => _queue.TryDequeue(out command);
}
