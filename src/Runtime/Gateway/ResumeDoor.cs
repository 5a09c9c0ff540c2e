using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;

namespace EdgePerception.Runtime.Gateway;

/// <summary>
/// The door for who lifts a halt, by whichever way they come. A resume may name its halt, and has to where
/// <see cref="SafetySettings.RequireNamedResume"/> says so; with a time it counts for as long as a command does, and
/// never lifts a halt that is newer. Without a time its receipt counts. Safe from any thread.
/// </summary>
public sealed class ResumeDoor(
    SafetySettings settings, CommandSettings options, SafetySupervisor safety, SensorClock clock)
{
    /// <summary>Lifts the newest halt; null, or why not, in one sentence that says what to do.</summary>
    /// <param name="haltId">The halt that it is about; empty for whichever is the newest.</param>
    /// <param name="issuedAt">When it was given, by the clock of whoever did; none where that is not known.</param>
    public string? Resume(string haltId, DateTimeOffset? issuedAt)
    {
        if (haltId.Length == 0 && settings.RequireNamedResume) return ResumeRefusals.NotNamed;
        var life = TimeSpan.FromMilliseconds(options.DefaultTtlMs);
        var freshness = CommandFreshness.Check("resume", issuedAt, life, clock.Now, options);
        return freshness.Refusal ?? safety.Resume(haltId, freshness.IssuedAt).Refusal();
    }

    /// <summary>
    /// Takes a message of the topic; returns its answer, whose id is that of the halt: the one named, else the one that
    /// stands.
    /// </summary>
    internal GroundingAnswer Take(ReadOnlySpan<byte> payload)
    {
        var reading = OrderReader.Read(payload);
        if (!reading.IsReadable)
        {
            return CommandGateway.Refusal(
                reading.Id, $"the resume cannot be read: {string.Join("; ", reading.Faults)}; an empty one, or "
                    + "{\"id\": \"…\"} with the haltId that topic safety gives, is what it takes");
        }

        var id = reading.Id.Length > 0 ? reading.Id : safety.Standing?.Id ?? "";
        return Resume(reading.Id, reading.IssuedAt) is { } refusal ? CommandGateway.Refusal(id, refusal)
            : new GroundingAnswer { Id = id, Outcome = Outcome.Act, Action = ActionKind.Resume };
    }
}
