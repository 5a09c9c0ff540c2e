using EdgePerception.Policy.Actions;
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
/// from any thread, because stops come from the supervisor's. Between a halt and the next level no motion passes, even
/// one that was decided just before: it would reach the controllers after the stop.
/// </summary>
public sealed class ActionDispatcher(
    MessagePublisher publisher, ActionRouter? controllers, ActionFactory factory, ControllerInbox inbox,
    MotionEnds ends, SensorClock clock, ILogger<ActionDispatcher> logger)
{
    private static readonly TotalCounter Sent = new(
        "edge_perception.actions.sent", "{action}", "Actions sent", "action");
    private static readonly TotalCounter Withheld = new(
        "edge_perception.actions.withheld", "{action}", "Actions that a halt held back");

    private readonly Lock _gate = new();
    private bool _halted;

    /// <summary>Sends an action with its deadline.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="captured">When the scene was captured that it was decided in.</param>
    public void Dispatch(RobotAction action, SensorTime captured)
    {
        var message = ToMessage.Action(action, captured, clock.At(action.ExpiresAt));
        lock (_gate)
        {
            if (_halted && action.Moves)
            {
                Withheld.Add(1);
                return;
            }

            if (action.Moves) controllers?.Permit(action.Id);
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
    public void Release() => controllers?.Permit("");

    /// <summary>Follows the supervisor: tells the new state, and on a halt sends a stop as well.</summary>
    public void SafetyChanged(SafetyState state)
    {
        ends.Note(state);
        // The level first: from a halt on the controllers' queue holds back every other action.
        var message = ToMessage.Safety(state);
        lock (_gate)
        {
            _halted = state.Level == SafetyLevel.Halt;
            controllers?.DeliverSafety(message);
        }

        if (state.Level == SafetyLevel.Halt) Dispatch(factory.Stop(state.CommandId, clock.Monotonic), state.Since);
        publisher.Publish(Topics.Safety, message);
        PipelineLog.SafetyChanged(logger, state.Level.ToString(), state.Cause);
    }

    /// <summary>Takes what a controller does; the loop comes for it.</summary>
    public void ControllerSpoke(ControllerEvent spoken) => inbox.Add(spoken);

    /// <summary>
    /// Says the state in force again, for those who came later and those who ask whether anybody still watches.
    /// </summary>
    public void SafetyConfirmed(SafetyState state) => publisher.Publish(Topics.Safety, ToMessage.Safety(state));
}
