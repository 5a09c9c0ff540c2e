using EdgePerception.Runtime.Messaging.Messages;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>What a robot controller did; already checked and bounded.</summary>
/// <param name="Controller">The controller's name.</param>
public abstract record ControllerEvent(string Controller);

/// <summary>It registered, and gets every action from now on.</summary>
/// <param name="Controller">The controller's name.</param>
/// <param name="Window">Silence after which it is lost; null where it knows no permits.</param>
/// <param name="IsMover">Whether it is given motion.</param>
public sealed record ControllerRegistered(string Controller, TimeSpan? Window = null, bool IsMover = true)
    : ControllerEvent(Controller);

/// <summary>It is forgotten: it fell silent, its connection is gone, or it registered under another name.</summary>
/// <param name="Controller">The controller's name.</param>
/// <param name="Reason">Why.</param>
public sealed record ControllerLost(string Controller, string Reason) : ControllerEvent(Controller);

/// <summary>It takes on an action, or will not.</summary>
/// <param name="Controller">The controller's name.</param>
/// <param name="ActionId">An action that was sent to it.</param>
/// <param name="Accepted">Whether it takes it on.</param>
/// <param name="Reason">Why not; at most 500 characters.</param>
public sealed record ActionAcknowledged(string Controller, string ActionId, bool Accepted, string Reason)
    : ControllerEvent(Controller);

/// <summary>How far an action is.</summary>
/// <param name="Controller">The controller's name.</param>
/// <param name="ActionId">An action that was sent to it.</param>
/// <param name="State">Running, or how it ended.</param>
/// <param name="Fraction">The share that is done, 0 to 1.</param>
/// <param name="Detail">In words; at most 500 characters.</param>
public sealed record ActionProgressed(
    string Controller, string ActionId, ControllerMessage.Types.Progress.Types.State State, double Fraction,
    string Detail)
    : ControllerEvent(Controller);

/// <summary>It halts the robot: somebody pressed its button. Whoever says so is obeyed, registered or not.</summary>
/// <param name="Controller">The controller's name; empty for one that is not registered.</param>
/// <param name="Reason">Why; at most 500 characters.</param>
public sealed record ControllerHalted(string Controller, string Reason) : ControllerEvent(Controller);

/// <summary>It lifts a halt. What comes of it, topic <c>safety</c> tells.</summary>
/// <param name="Controller">The controller's name.</param>
/// <param name="HaltId">The halt's id; empty for whichever is the newest.</param>
/// <param name="IssuedAt">When it was given, as it came; null where nothing was said.</param>
public sealed record ControllerResumed(string Controller, string HaltId, Timestamp? IssuedAt)
    : ControllerEvent(Controller);

/// <summary>It arms the robot. What comes of it, topic <c>safety</c> tells.</summary>
/// <param name="Controller">The controller's name.</param>
/// <param name="Id">The id, as it came.</param>
/// <param name="IssuedAt">When it was given, as it came; null where nothing was said.</param>
public sealed record ControllerArmed(string Controller, string Id, Timestamp? IssuedAt) : ControllerEvent(Controller);
