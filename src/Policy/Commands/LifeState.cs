namespace EdgePerception.Policy.Commands;

/// <summary>Where in its life a command is; <see cref="LifeTransitions"/> has the ways between them.</summary>
public enum LifeState
{
    /// <summary>It came in and waits to be grounded.</summary>
    Received,

    /// <summary>It was read against the scene.</summary>
    Grounded,

    /// <summary>Its motion is allowed and goes to the controllers.</summary>
    Accepted,

    /// <summary>A controller has taken it on.</summary>
    Executing,

    /// <summary>End: it was asked back. What is said next is a command of its own.</summary>
    Clarifying,

    /// <summary>End: nothing was done, for the reason that is told; also where nothing in sight fits.</summary>
    Refused,

    /// <summary>End: all who took it on have done it, or it was answered at once.</summary>
    Done,

    /// <summary>End: it could not be done, or what it is about is not the same any more.</summary>
    Failed,

    /// <summary>End: no controller took it on in time.</summary>
    Expired,

    /// <summary>End: a halt, a permit that ended, or a controller broke it off.</summary>
    Cancelled,

    /// <summary>End: a newer motion took its place.</summary>
    PreEmpted,
}

/// <summary>By which way a step of a command's life was brought about.</summary>
public enum Door
{
    /// <summary>Whoever speaks to the robot over MQTT.</summary>
    Mqtt,

    /// <summary>A robot controller.</summary>
    Controller,

    /// <summary>The loop itself.</summary>
    Loop,

    /// <summary>The watch over motion.</summary>
    Safety,
}

/// <summary>Who brought a step of a command's life about.</summary>
/// <param name="Door">By which way.</param>
/// <param name="Who">As they call themselves: a sender or a controller; empty where that is not known.</param>
public readonly record struct Initiator(Door Door, string Who)
{
    /// <summary>The loop, of its own accord.</summary>
    public static Initiator Loop { get; } = new(Door.Loop, "");

    /// <summary>The watch over motion.</summary>
    public static Initiator Safety { get; } = new(Door.Safety, "");

    /// <summary>Whoever gave a command.</summary>
    public static Initiator Of(PendingCommand command) => new(Door.Mqtt, command.Sender);

    /// <summary>A robot controller, by its name.</summary>
    public static Initiator Controller(string name) => new(Door.Controller, name);
}

/// <summary>One step of a command's life, as it is told.</summary>
/// <param name="CommandId">The command's id.</param>
/// <param name="Number">Counts the steps of this life from 1.</param>
/// <param name="State">What it has come to.</param>
/// <param name="Reason">Why, in words; empty where there is nothing to say.</param>
/// <param name="By">Who brought it about.</param>
/// <param name="ActionId">The action that the command became; empty before.</param>
public sealed record LifeStep(
    string CommandId, int Number, LifeState State, string Reason, Initiator By, string ActionId);
