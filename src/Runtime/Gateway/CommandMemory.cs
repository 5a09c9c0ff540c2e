using EdgePerception.Policy.Commands;
using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.Gateway;

/// <summary>What is known of a command that arrives.</summary>
public enum CommandNovelty
{
    /// <summary>Nothing: its id is new, or was last used too long ago.</summary>
    New,

    /// <summary>It has come before and waits for its answer, which goes to this one's <c>replyTo</c> as well.</summary>
    Waiting,

    /// <summary>The same, but as many reply topics wait with it as it is answered to.</summary>
    Crowded,

    /// <summary>It has come before and was answered.</summary>
    Answered,

    /// <summary>Its id stands for another command.</summary>
    Conflicting,
}

/// <summary>
/// Makes a command's id an idempotency key: MQTT delivers at least once and clients repeat what they hear no answer to,
/// and a robot that picks twice has done something else than it was told. The newest <see cref="Remembered"/> commands
/// are kept for their life and the tolerance of the clocks, which is as long as a delayed copy could still count as
/// fresh. Only what was taken on is kept: a command that was refused at the door, because it was too old or too many
/// waited, may be tried again under its id. Safe from any thread.
/// </summary>
/// <param name="options">How long commands live, and how far clocks may differ.</param>
/// <param name="waiting">How many may wait for the loop; as many may be at work in it.</param>
public sealed class CommandMemory(CommandSettings options, int waiting)
{
    /// <summary>Commands that are kept beside those that wait or are at work; the oldest goes first.</summary>
    public const int Remembered = 256;

    /// <summary>Different reply topics that one command is answered to at most.</summary>
    public const int MaxReplies = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly LinkedList<Entry> _order = [];

    /// <summary>Tells what is known of a command. The same id with the same text is the same command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="now">The monotonic instant of its receipt.</param>
    /// <param name="answer">The answer that was given, where there was one; not to be changed.</param>
    public CommandNovelty Recall(Command command, TimeSpan now, out GroundingAnswer? answer)
    {
        lock (_gate)
        {
            answer = null;
            if (!_entries.TryGetValue(command.Id, out var entry) || now >= entry.KeepUntil) return CommandNovelty.New;
            if (entry.Text != command.Text) return CommandNovelty.Conflicting;
            answer = entry.Answer;
            if (answer is not null) return CommandNovelty.Answered;
            var isCrowded = entry.ReplyTo.Count == MaxReplies && !entry.ReplyTo.Contains(command.ReplyTo);
            if (isCrowded) return CommandNovelty.Crowded;
            entry.ReplyTo.Add(command.ReplyTo);
            return CommandNovelty.Waiting;
        }
    }

    /// <summary>Keeps a command that is taken on; called before the loop can answer it.</summary>
    public void Keep(Command command, TimeSpan received)
    {
        var life = CommandFreshness.Life(command, options) + TimeSpan.FromMilliseconds(options.ClockSkewMs);
        var entry = new Entry(command.Id, command.Text, received, received + life) { ReplyTo = { command.ReplyTo } };
        lock (_gate)
        {
            Remove(command.Id);
            _entries[entry.Id] = entry;
            _order.AddLast(entry);
            if (_order.Count > Remembered + 2 * waiting) Remove(_order.First!.Value.Id);
        }
    }

    /// <summary>Forgets a command that was not taken on after all.</summary>
    public void Forget(string id)
    {
        lock (_gate) Remove(id);
    }

    /// <summary>Keeps the answer to a command; returns the topics beside its own that the answer goes to.</summary>
    /// <param name="command">The command.</param>
    /// <param name="answer">Its answer, which is not to be changed any more.</param>
    public IReadOnlyCollection<string> Answer(PendingCommand command, GroundingAnswer answer)
    {
        lock (_gate)
        {
            var isKept = _entries.TryGetValue(command.Id, out var entry) && entry.Received == command.ReceivedAt;
            if (!isKept) return [command.ReplyTo];
            entry!.Answer = answer;
            return entry.ReplyTo;
        }
    }

    private void Remove(string id)
    {
        if (_entries.Remove(id, out var entry)) _order.Remove(entry);
    }

    private sealed class Entry(string id, string text, TimeSpan received, TimeSpan keepUntil)
    {
        public string Id { get; } = id;

        public string Text { get; } = text;

        public TimeSpan Received { get; } = received;

        public TimeSpan KeepUntil { get; } = keepUntil;

        public HashSet<string> ReplyTo { get; } = [];

        public GroundingAnswer? Answer { get; set; }
    }
}
