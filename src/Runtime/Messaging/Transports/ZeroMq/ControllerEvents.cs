using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>What a robot controller did; already checked and bounded.</summary>
/// <param name="Controller">The controller's name.</param>
public abstract record ControllerEvent(string Controller);

/// <summary>It registered, and gets every action from now on.</summary>
public sealed record ControllerRegistered(string Controller) : ControllerEvent(Controller);

/// <summary>It is forgotten: its connection is gone, or it registered under another name.</summary>
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
