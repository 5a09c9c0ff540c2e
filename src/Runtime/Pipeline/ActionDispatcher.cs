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
    MessagePublisher publisher, ActionRouter? controllers, ActionFactory factory, MotionEnds ends,
    SafetySupervisor safety, SensorClock clock, ILogger<ActionDispatcher> logger)
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
            if (action.Moves && !safety.MayAct)
            {
                Withheld.Add(1);
                return;
            }

            controllers?.Deliver(message, action.ExpiresAt);
            publisher.Publish(Topics.Action, message, deadline: action.ExpiresAt);
        }

        Sent.Add(1, TagNames.Of(action.Kind));
    }

    /// <summary>Takes a motion back: the permit names it no more, and controllers are sent a stop for it.</summary>
    /// <param name="actionId">The motion.</param>
    /// <param name="commandId">Its command, which the stop names.</param>
    public void Withdraw(string actionId, string commandId)
    {
        Release();
        var stop = factory.Stop(commandId, clock.Monotonic);
        Dispatch(stop, clock.Now);
        PipelineLog.MotionWithdrawn(logger, actionId, commandId, stop.Id);
    }

    /// <summary>The permit names no motion any more.</summary>
    public void Release() => controllers?.Withdraw();

    /// <summary>
    /// Follows the supervisor, on its thread: the controllers' socket first, which costs neither a lock nor memory, and
    /// then a note for the loop. On a halt the router sends a stop by itself.
    /// </summary>
    public void SafetyChanged(SafetyState state)
    {
        controllers?.DeliverSafety(state);
        ends.Note(state);
    }

    /// <summary>Tells everybody else, on the journal's thread; a state in force is told again without a stop.</summary>
    public void TellSafety(SafetyState state, bool isNews)
    {
        var isHalt = isNews && state.Level == SafetyLevel.Halt;
        if (isHalt)
        {
            lock (_telling) publisher.Publish(Topics.Action, ToMessage.Stop(state));
            Sent.Add(1, TagNames.Of(RobotActionKind.Stop));
        }

        publisher.Publish(Topics.Safety, ToMessage.Safety(state), outlasts: isHalt);
    }
}
