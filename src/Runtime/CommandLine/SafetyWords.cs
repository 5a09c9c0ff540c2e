using EdgePerception.Runtime.Messaging;
using Google.Protobuf;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;
using Messages = EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// What <c>send</c> says to the safety of a robot: halt, resume, arm; and what it makes of the answers.
/// </summary>
internal static class SafetyWords
{
    private static readonly InboundTopic Safety = new(Topics.Safety.Name, AcceptsRetained: true);

    /// <summary>Halts, and waits until the robot says that it is halted.</summary>
    public static async Task<IMessage> HaltAsync(ServiceDialogue dialogue, string id) =>
        await dialogue.AskAsync<Messages.Safety>(
            Topics.Halt.Name, new Messages.Command { Id = id, IssuedAt = ServiceDialogue.Now }, [Safety],
            static (_, text, isRetained) => !isRetained && Read<Messages.Safety>(text) is
            {
                Level: Messages.Safety.Types.Level.Halt, HaltId.Length: > 0,
            } safety ? safety : null);

    /// <summary>
    /// Lifts a halt, or the one that stands, and waits until the robot says that it is lifted, or why not.
    /// </summary>
    public static async Task<IMessage> ResumeAsync(ServiceDialogue dialogue, string? haltId)
    {
        if (string.IsNullOrEmpty(haltId))
        {
            // By its name, so that it is this one which is lifted and none that comes meanwhile.
            var standing = await dialogue.AskAsync<Messages.Safety>(
                "", new Messages.Resume(), [Safety], static (_, text, _) => Read<Messages.Safety>(text));
            if (standing.HaltId.Length == 0) return standing;
            haltId = standing.HaltId;
        }

        return await dialogue.AskAsync<IMessage>(
            Topics.Resume.Name, new Messages.Resume { Id = haltId, IssuedAt = ServiceDialogue.Now },
            [Safety, Result(haltId)],
            (topic, text, isRetained) =>
            {
                if (topic != Safety.Name)
                    return Read<Messages.GroundingAnswer>(text) is { Outcome: Outcome.Refuse } refusal
                        ? refusal : null;
                return !isRetained && Read<Messages.Safety>(text) is { } safety && safety.HaltId != haltId ? safety
                    : null;
            });
    }

    /// <summary>Arms this start of the service, and waits for the answer.</summary>
    public static async Task<IMessage> ArmAsync(ServiceDialogue dialogue, string id) =>
        await dialogue.AskAsync<Messages.GroundingAnswer>(
            "arm", new Messages.Arm { Id = id, IssuedAt = ServiceDialogue.Now }, [Result(id)],
            static (_, text, _) => Read<Messages.GroundingAnswer>(text));

    /// <summary>Where the answer to a command comes.</summary>
    public static InboundTopic Result(string id) => new(Topics.CommandResult.For(id), AcceptsRetained: false);

    /// <summary>Reads a message that a service sent; fields that are not known here are passed over.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none.</exception>
    public static T Read<T>(string text)
        where T : IMessage<T>, new() => Parser.Parse<T>(text);

    /// <summary>Level, halt and cause, then what leads back, for people.</summary>
    public static IEnumerable<string> Lines(Messages.Safety safety)
    {
        var halt = safety.HaltId.Length > 0 ? $" {safety.HaltId}" : "";
        yield return $"{safety.Level.ToString().ToLowerInvariant()}{halt}: {safety.Cause}";
        if (safety.WayBack.Length > 0) yield return $"way back: {safety.WayBack}";
    }

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
}
