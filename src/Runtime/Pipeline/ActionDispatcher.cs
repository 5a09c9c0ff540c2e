using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// Sends actions to the robot's controllers and tells everybody else; sends the safety level the same two ways. Safe
/// from any thread, because stops come from the supervisor's. No motion passes that the gate does not permit: it is
/// asked here, and once more at the socket.
/// </summary>
public sealed class ActionDispatcher(
    MessagePublisher publisher, ActionRouter? controllers, SafetySupervisor safety, SensorClock clock,
    ILogger<ActionDispatcher> logger)
{
    private static readonly TotalCounter Sent = new(
        "edge_perception.actions.sent", "{action}", "Actions sent", "action");
    private static readonly TotalCounter Withheld = new(
        "edge_perception.actions.withheld", "{action}", "Actions that a halt held back");

    // So that everybody else is told of no motion behind the stop that ended it; the controllers' socket needs no lock.
    private readonly Lock _telling = new();

    /// <summary>Sends an action with its deadline.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="captured">When the scene was captured that it was decided in.</param>
    public void Dispatch(RobotAction action, SensorTime captured)
    {
        var message = ToMessage.Action(action, captured, clock.At(action.ExpiresAt));
        lock (_telling)
        {
            if (action.Kind is not (RobotActionKind.Stop or RobotActionKind.Resume) && !safety.MayAct)
            {
                Withheld.Add(1);
                return;
            }

            controllers?.Deliver(message, action.ExpiresAt);
            publisher.Publish(Topics.Action, message, deadline: action.ExpiresAt);
        }

        Sent.Add(1, TagNames.Of(action.Kind));
    }

    /// <summary>
    /// Follows the supervisor, on its thread: the controllers' socket, which costs neither a lock nor memory. On a halt
    /// the router sends a stop by itself.
    /// </summary>
    public void SafetyChanged(SafetyState state) => controllers?.DeliverSafety(state);

    /// <summary>Tells everybody else, on the journal's thread; a state in force is told again without a stop.</summary>
    public void TellSafety(SafetyState state, bool isNews)
    {
        if (isNews && state.Level == SafetyLevel.Halt)
        {
            lock (_telling) publisher.Publish(Topics.Action, ToMessage.Stop(state));
            Sent.Add(1, TagNames.Of(RobotActionKind.Stop));
        }

        publisher.Publish(Topics.Safety, ToMessage.Safety(state));
    }

    /// <summary>Takes what a controller says of an action; so far it is logged.</summary>
    public void ControllerSpoke(ControllerEvent spoken)
    {
        switch (spoken)
        {
            case ActionAcknowledged { Accepted: true } accepted:
                PipelineLog.ControllerAnswered(logger, accepted.Controller, accepted.ActionId, "accepted", "");
                break;
            case ActionAcknowledged refused:
                PipelineLog.ControllerAnswered(logger, refused.Controller, refused.ActionId, "refused", refused.Reason);
                break;
            case ControllerRegistered { Window: { } window }:
                safety.Pace(window);
                break;
            case ControllerHalted halted:
                safety.Halt(halted.Controller.Length == 0 ? "a program on the controllers' socket"
                    : $"controller {halted.Controller}: {halted.Reason}");
                break;
            case ActionProgressed progress:
                PipelineLog.ControllerAnswered(
                    logger, progress.Controller, progress.ActionId, progress.State.ToString(), progress.Detail);
                break;
        }
    }
}
