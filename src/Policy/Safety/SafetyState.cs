using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Safety;

/// <summary>
/// The rungs of the ladder. <c>clarify</c> has its place in the order; it is an answer, not a state of the robot.
/// </summary>
public enum SafetyLevel
{
    /// <summary>Commands are grounded and acted upon.</summary>
    Act,

    /// <summary>
    /// Reserved for low confidence of the whole scene: answers are asked back, nothing is acted upon.
    /// </summary>
    Clarify,

    /// <summary>Perception is too old to start a motion; running ones go on until their deadline.</summary>
    Degrade,

    /// <summary>No motion at all.</summary>
    Halt,
}

/// <summary>Where on the ladder the robot stands, and why.</summary>
/// <param name="Level">The rung.</param>
/// <param name="Cause">One sentence.</param>
/// <param name="Since">When it was entered.</param>
/// <param name="NeedsResume">True when a person or the e-stop halted: only a resume leads back.</param>
/// <param name="CommandId">The command that halted; empty when none did.</param>
public sealed record SafetyState(SafetyLevel Level, string Cause, SensorTime Since, bool NeedsResume, string CommandId);
