using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Policy.Commands;

/// <summary>What the door did with a command.</summary>
/// <param name="Command">The command.</param>
/// <param name="End">How it ended there already; none where the loop has it now.</param>
/// <param name="Reason">Why it ended, in words.</param>
public sealed record DoorNote(PendingCommand Command, LifeState? End = null, string Reason = "");

/// <summary>
/// What the door tells the loop of commands, in order, so that one thread alone knows their lives. Bounded: a note that
/// finds no room is dropped and counted, and only what is told of a command suffers from it. Safe from any thread.
/// </summary>
public sealed class DoorNotes
{
    /// <summary>Notes that may wait.</summary>
    public const int Capacity = 1024;

    private static readonly TotalCounter Dropped = new(
        "edge_perception.commands.notes_dropped", "{note}", "Notes of the door that the loop did not get");

    private readonly ConcurrentQueue<DoorNote> _queue = new();

    /// <summary>Takes a note; one without a command's id is nobody's life.</summary>
    public void Add(DoorNote note)
    {
        if (note.Command.Id.Length == 0) return;
        if (_queue.Count >= Capacity) Dropped.Add(1);
        else _queue.Enqueue(note);
    }

    /// <summary>The next note, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out DoorNote? note) => _queue.TryDequeue(out note);
}
