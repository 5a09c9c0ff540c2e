using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Safety;

/// <summary>The rungs of the ladder, each worse than the one before.</summary>
public enum SafetyLevel
{
    /// <summary>Commands are grounded and acted upon; motion is permitted.</summary>
    Act,

    /// <summary>What is seen is not sure enough: it is asked back, and nothing is permitted to move.</summary>
    Clarify,

    /// <summary>No permit: no new motion, and running ones end with theirs.</summary>
    Degrade,

    /// <summary>No motion at all: what moves is sent a stop.</summary>
    Halt,
}

/// <summary>Where on the ladder the robot stands, and why.</summary>
/// <param name="Level">The rung.</param>
/// <param name="Input">Which input of the gate holds it there; <see cref="SafetyInput.None"/> at act.</param>
/// <param name="Cause">One sentence.</param>
/// <param name="WayBack">What leads back, one sentence; empty at act.</param>
/// <param name="Since">When it was entered.</param>
/// <param name="IsArmed">Whether somebody has armed this start of the service.</param>
/// <param name="HaltId">Id of the newest halt that stands; empty when none does. A resume names it.</param>
/// <param name="CommandId">The command that halted; empty when none did.</param>
public readonly record struct SafetyState(
    SafetyLevel Level, SafetyInput Input, string Cause, string WayBack, SensorTime Since, bool IsArmed, string HaltId,
    string CommandId)
{
    /// <summary>Whether somebody halted: only a resume leads back.</summary>
    public bool NeedsResume => HaltId.Length > 0;
}

/// <summary>A halt by a person, a command, a controller or the service itself, which lasts until a resume.</summary>
/// <param name="Number">Counts the halts of this start of the service, from 1.</param>
/// <param name="Id">Its id, unique over starts.</param>
/// <param name="Cause">One sentence.</param>
/// <param name="CommandId">The command that asks for it; empty when none does.</param>
/// <param name="At">When it came into force.</param>
public sealed record HaltNote(long Number, string Id, string Cause, string CommandId, SensorTime At);
