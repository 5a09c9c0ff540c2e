using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Commands;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.Logging;
using GroundingAnswer = EdgePerception.Policy.Grounding.GroundingAnswer;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// The door through which people and fleets talk to the robot. Runs on the transport's thread and waits for nothing:
/// stops and halts go straight to the safety supervisor, everything else is read, checked and queued for the loop.
/// Whatever is not obeyed is answered with the reason.
/// </summary>
public sealed class CommandGateway(
    CommandReader reader, CommandReaderOptions options, CommandInbox inbox, SafetySupervisor safety,
    MessagePublisher publisher, SensorClock clock, ILogger<CommandGateway> logger)
{
    private static readonly TotalCounter Received = new("edge_perception.commands.received", "{command}", "Commands that arrived");
    private static readonly TotalCounter Refused = new(
        "edge_perception.commands.refused", "{command}", "Commands that were not taken up", "reason");

    /// <summary>Takes a message of one of the inbound topics.</summary>
    public void Receive(string topic, ReadOnlySpan<byte> payload, bool retained)
    {
        if (topic == Topics.Command.Name) ReceiveCommand(payload);
        else if (topic == Topics.Halt.Name) safety.Halt(retained ? "a halt that the broker kept" : "a message on the halt topic");
        else if (topic == Topics.Resume.Name) safety.Resume();
        else PipelineLog.TopicWithoutUse(logger, topic);
    }

    private void ReceiveCommand(ReadOnlySpan<byte> payload)
    {
        Received.Add(1);
        var reading = reader.Read(payload);
        // A stop is obeyed even when the rest of the message is not as it should be, or is too old.
        if (StopPhrases.IsStop(reading.Text))
        {
            Stop(reading.Id, reading.Command?.ReplyTo ?? "");
            return;
        }

        if (reading.Command is not { } command)
        {
            Refuse("unreadable", reading.ToRefusal(), "");
            return;
        }

        var received = clock.Now;
        var freshness = CommandFreshness.Check(command, received, options);
        if (freshness.Refusal is { } reason)
        {
            Refuse("not_fresh", Answer(command.Id, reason), command.ReplyTo);
            return;
        }

        var pending = new PendingCommand(
            command.Id, command.Text, CommandParser.Parse(command.Text), command.ReplyTo, received.Monotonic, freshness.Deadline);
        if (!inbox.TryAdd(pending)) Refuse("busy", Answer(command.Id, "too many commands wait already"), command.ReplyTo);
    }

    private void Stop(string id, string replyTo)
    {
        safety.Halt("a stop command", id);
        var answer = new GroundingAnswer
        {
            Id = id,
            Outcome = GroundingOutcome.Act,
            Action = RobotActionKind.Stop,
            Steps = [new ActionStep(RobotActionKind.Stop, null, null)],
            Confidence = 1,
        };
        publisher.PublishResult(ToMessage.GroundingAnswer(answer), replyTo);
    }

    private void Refuse(string reason, Messaging.Messages.GroundingAnswer answer, string replyTo)
    {
        Refused.Add(1, reason);
        publisher.PublishResult(answer, replyTo);
    }

    private static Messaging.Messages.GroundingAnswer Answer(string id, string reason) => new()
    {
        Id = id,
        Outcome = Messaging.Messages.GroundingAnswer.Types.Outcome.Refuse,
        Confidence = 1,
        Reason = reason,
    };
}
