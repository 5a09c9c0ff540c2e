using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.Gateway;

/// <summary>What came of reading the command topic: a command, or all that is wrong with it.</summary>
/// <param name="Command">The command when there are no faults; a field that was not given is unset.</param>
/// <param name="Id">The command's id, whenever a usable one could be read; otherwise empty.</param>
/// <param name="Text">What was said, whenever it could be read; otherwise empty.</param>
/// <param name="Faults">One line a fault, each beginning with the field; empty when there is a command.</param>
/// <param name="UnknownFields">
/// How many fields were not known and therefore passed over, for newer clients' sake.
/// </param>
public sealed record CommandReading(
    Command? Command, string Id, string Text, IReadOnlyList<string> Faults, int UnknownFields)
{
    /// <summary>
    /// Whether <see cref="Text"/> is all that was said: the payload is JSON and has one text, whatever else is
    /// wrong. If not, a stop may stand anywhere in it (<see cref="StopScan"/>).
    /// </summary>
    public bool SaysText { get; init; }

    /// <summary>The faults as the answer to publish; its reason holds them all.</summary>
    public GroundingAnswer ToRefusal() => new()
    {
        Id = Id,
        Outcome = GroundingAnswer.Types.Outcome.Refuse,
        Reason = $"the command cannot be read: {string.Join("; ", Faults)}",
    };
}
