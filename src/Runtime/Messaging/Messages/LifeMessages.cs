using EdgePerception.Policy.Commands;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using State = EdgePerception.Runtime.Messaging.Messages.CommandState.Types.State;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>The only way from the steps of commands' lives to what is told of them. Nothing is kept here.</summary>
public static class LifeMessages
{
    /// <summary>One step of a command's life.</summary>
    /// <param name="step">The step.</param>
    /// <param name="at">When it was made.</param>
    public static CommandState Of(LifeStep step, SensorTime at) => new()
    {
        Header = ToMessage.Header(at),
        Id = step.CommandId,
        State = Of(step.State),
        Reason = step.Reason,
        Door = TagNames.Of(step.By.Door),
        Who = step.By.Who,
        ActionId = step.ActionId,
    };

    private static State Of(LifeState state) => state switch
    {
        LifeState.Received => State.Received,
        LifeState.Grounded => State.Grounded,
        LifeState.Accepted => State.Accepted,
        LifeState.Executing => State.Executing,
        LifeState.Clarifying => State.Clarifying,
        LifeState.Refused => State.Refused,
        LifeState.Done => State.Done,
        LifeState.Failed => State.Failed,
        LifeState.Expired => State.Expired,
        LifeState.Cancelled => State.Cancelled,
        LifeState.PreEmpted => State.PreEmpted,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "has no name on the wire"),
    };
}
