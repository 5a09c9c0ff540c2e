using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;
using GroundingAnswer = EdgePerception.Policy.Grounding.GroundingAnswer;

namespace EdgePerception.Runtime.Gateway;

/// <summary>
/// The door through which people and fleets talk to the robot. Runs on the transport's thread and waits for nothing:
/// stops and halts go straight to the safety supervisor, everything else is read, checked and queued for the loop. A
/// command that comes twice is done once and answered twice; a stop is obeyed each time. Whatever is not obeyed is
/// answered with the reason. What comes too fast is not read but only searched for a stop, and told by its number.
/// Halts may come on a thread of their own, all else on one.
/// </summary>
public sealed class CommandGateway(
    CommandReader reader, CommandSettings options, CommandMemory memory, CommandInbox inbox, DoorNotes notes,
    ArmDoor arm, ResumeDoor resume, SafetySupervisor safety, MessagePublisher publisher, SensorClock clock,
    ILogger<CommandGateway> logger)
{
    private const int OrdersPerSecond = 20;
    private const string Said = "a stop command";
    private const string Unreadable = "a stop in a command that cannot be read";
    private const string TooMany = "too many commands wait already";
    private const string IdTaken =
        "its id stands for another command, given shortly before; give each an id of its own";

    private static readonly TotalCounter Repeated = new(
        "edge_perception.commands.repeated", "{command}", "Commands that came again under their id");
    private static readonly TotalCounter Received = new(
        "edge_perception.commands.received", "{command}", "Commands that arrived");
    private static readonly TotalCounter Refused = new(
        "edge_perception.commands.refused", "{command}", "Commands that were not taken up", "reason");

    private readonly Dictionary<string, TopicLimit> _limits = new(StringComparer.Ordinal)
    {
        [Topics.Command.Name] = new TopicLimit(options.MaxPerSecond),
        [Topics.Resume.Name] = new TopicLimit(OrdersPerSecond),
        [Topics.Arm.Name] = new TopicLimit(OrdersPerSecond),
        [Topics.Listen.Name] = new TopicLimit(OrdersPerSecond),
    };

    // Stops among what is beyond the limit: all are obeyed, and so many are read, to be answered.
    private readonly TopicLimit _stops = new(options.MaxPerSecond);

    /// <summary>Takes a message of one of the inbound topics.</summary>
    public void Receive(string topic, ReadOnlySpan<byte> payload, bool retained)
    {
        if (topic == Topics.Halt.Name)
            safety.Halt(retained ? "a halt that the broker kept" : "a message on the halt topic");
        else if (_limits.TryGetValue(topic, out var limit) && IsTooMuch(limit)) PassOver(topic, payload, limit);
        else if (topic == Topics.Command.Name) ReceiveCommand(payload);
        else if (topic == Topics.Resume.Name) Answer(resume.Take(payload), "resume_refused");
        else if (topic == Topics.Arm.Name) Answer(arm.Take(payload), "arm_refused");
        else GatewayLog.TopicWithoutUse(logger, topic);
    }

    private bool IsTooMuch(TopicLimit limit)
    {
        try
        {
            return !limit.TryTake(clock.Monotonic);
        }
#pragma warning disable CA1031 // What limits must not keep a stop from being read.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private void PassOver(string topic, ReadOnlySpan<byte> payload, TopicLimit limit)
    {
        if (topic == Topics.Command.Name && StopScan.HoldsStop(payload))
        {
            safety.Halt(Said);
            if (IsTooMuch(_stops)) return;
            var reading = reader.Read(payload);
            AnswerStop(reading.Id, reading.Command?.ReplyTo ?? "");
            return;
        }

        Refused.Add(1, "too_many");
        if (limit.Refuse(clock.Monotonic) is not { } count) return;
        publisher.PublishResult(Refusal(
            "", $"{count} on the topic {topic} beyond the {limit.PerSecond} a second that are read were refused"
                + (topic == Topics.Command.Name ? ", though a stop among them is obeyed" : "") + "; send fewer"));
    }

    private void Answer(Messaging.Messages.GroundingAnswer answer, string reason)
    {
        if (answer.Outcome == Outcome.Refuse) Refused.Add(1, reason);
        publisher.PublishResult(answer);
    }

    private void ReceiveCommand(ReadOnlySpan<byte> payload)
    {
        Received.Add(1);
        CommandReading? reading = null;
        bool? isStop = null;
        try
        {
            reading = reader.Read(payload);
            isStop = reading.SaysText ? StopDetector.IsStop(reading.Text) : StopScan.HoldsStop(payload);
            if (isStop is false) Take(reading);
        }
#pragma warning disable CA1031 // The boundary of one command: whoever gave it is told, and the next one is read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // What cannot be read may have been a stop.
            if (isStop is null) safety.Halt("a command that an internal error kept from being read");
            Fail(reading, e);
        }

        // A stop is obeyed even when the rest of the message is not as it should be, or is too old.
        if (isStop is true) Stop(reading!, reading!.SaysText ? Said : Unreadable);
    }

    private void Take(CommandReading reading)
    {
        if (reading.Command is not { } command)
        {
            Refuse("unreadable", reading.ToRefusal(), Pending(reading));
            return;
        }

        var received = clock.Now;
        if (IsKnown(command, received.Monotonic)) return;
        var freshness = CommandFreshness.Check(command, received, options);
        if (freshness.Refusal is { } reason)
        {
            Refuse("not_fresh", Refusal(command.Id, reason), Pending(reading));
            return;
        }

        var pending = Pending(reading) with
        {
            ReceivedAt = received.Monotonic,
            ExpiresAt = freshness.Deadline,
            IssuedAt = freshness.IssuedAt,
        };
        memory.Keep(command, received.Monotonic);
        if (inbox.TryAdd(pending))
        {
            notes.Add(new DoorNote(pending));
            return;
        }

        memory.Forget(command.Id);
        Refuse("busy", Refusal(command.Id, TooMany), pending);
    }

    private bool IsKnown(Command command, TimeSpan now)
    {
        switch (memory.Recall(command, now, out var answer))
        {
            case CommandNovelty.New:
                return false;
            case CommandNovelty.Conflicting:
                Refuse("id_taken", Refusal(command.Id, IdTaken), command.ReplyTo);
                return true;
            case CommandNovelty.Crowded:
                Refuse("busy", Refusal(command.Id, TooMany), command.ReplyTo);
                return true;
            case CommandNovelty.Answered when answer is { Outcome: Outcome.Act, Action: ActionKind.Stop }:
                // One that the parser recognized as a stop, and not the door.
                Halt(command.Id, command.ReplyTo, Said);
                break;
            case CommandNovelty.Answered:
                publisher.PublishResult(answer!, command.ReplyTo);
                break;
        }

        Repeated.Add(1);
        return true;
    }

    private void Stop(CommandReading reading, string cause)
    {
        Halt(reading.Id, reading.Command?.ReplyTo ?? "", cause);
        notes.Add(new DoorNote(Pending(reading), LifeState.Done));
    }

    private void Halt(string id, string replyTo, string cause)
    {
        safety.Halt(cause, id);
        AnswerStop(id, replyTo);
    }

    private void AnswerStop(string id, string replyTo)
    {
        var answer = new GroundingAnswer
        {
            Id = id,
            Outcome = GroundingOutcome.Act,
            Action = RobotActionKind.Stop,
            Steps = [new ActionStep(RobotActionKind.Stop, null, null)],
        };
        publisher.PublishResult(ToMessage.GroundingAnswer(answer), replyTo);
    }

    private void Fail(CommandReading? reading, Exception fault)
    {
        var id = reading?.Id ?? "";
        var refusal = Refusal(id, CommandGrounder.InternalError);
        if (reading is not null) Refuse("internal_error", refusal, Pending(reading));
        else Refuse("internal_error", refusal, "");
        CaughtFaults.Command(logger, fault, id, "receive");
    }

    private void Refuse(string reason, Messaging.Messages.GroundingAnswer answer, string replyTo)
    {
        Refused.Add(1, reason);
        publisher.PublishResult(answer, replyTo);
    }

    private void Refuse(string reason, Messaging.Messages.GroundingAnswer answer, PendingCommand command)
    {
        Refuse(reason, answer, command.ReplyTo);
        notes.Add(new DoorNote(command, LifeState.Refused, answer.Reason));
    }

    /// <summary>A command as the loop has it, with whatever of it could be read.</summary>
    private static PendingCommand Pending(CommandReading reading) => new(
        reading.Id, reading.Text, reading.Command?.ReplyTo ?? "", TimeSpan.Zero, TimeSpan.Zero,
        reading.Command?.Sender ?? "");

    /// <summary>The answer to a command that is not obeyed.</summary>
    internal static Messaging.Messages.GroundingAnswer Refusal(string id, string reason) => new()
    {
        Id = id,
        Outcome = Outcome.Refuse,
        Reason = reason,
    };
}
