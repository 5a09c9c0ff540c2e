namespace EdgePerception.Policy.Language;

/// <summary>What a command asks the robot to do. The names on the wire are these in snake case.</summary>
public enum RobotActionKind
{
    /// <summary>No action that the robot knows.</summary>
    None,

    /// <summary>Take the target into the gripper.</summary>
    Pick,

    /// <summary>Fetch the target for the speaker.</summary>
    Bring,

    /// <summary>Put the target down at the destination.</summary>
    Place,

    /// <summary>Drive to the target.</summary>
    GoTo,

    /// <summary>Keep up with the target.</summary>
    Follow,

    /// <summary>Turn the camera to the target and keep it there.</summary>
    LookAt,

    /// <summary>Stay away from what stands in the avoid list.</summary>
    Avoid,

    /// <summary>Tell where the target is, or how many there are.</summary>
    Report,

    /// <summary>Stop all motion at once.</summary>
    Stop,

    /// <summary>Take up motion again after a stop.</summary>
    Resume,
}
