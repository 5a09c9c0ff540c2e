using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using DomainScene = EdgePerception.Fusion.Scenes.Scene;
using GroundingAnswer = EdgePerception.Policy.Grounding.GroundingAnswer;
using State = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress.Types.State;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// Follows what was sent: leads every command from receipt to its end by what the door, the loop, safety and the
/// controllers do, and looks again at the objects of the motion under way. Each step is published once, in order. A
/// motion that ends while a controller may still be at it is withdrawn before any other is sent. Owned by the loop.
/// </summary>
public sealed class CommandFollower
{
    private readonly CommandLives _lives;
    private readonly DoorNotes _door;
    private readonly MotionEnds _ends;
    private readonly ControllerInbox _controllers;
    private readonly ActionDispatcher _actions;
    private readonly SafetySupervisor _safety;
    private readonly MessagePublisher _publisher;
    private readonly SensorClock _clock;
    private TargetWatch? _watch;
    private TimeSpan _decidedAfter;
    private bool _isStopped;

    /// <summary>Begins to follow.</summary>
    public CommandFollower(
        CommandLives lives, DoorNotes door, MotionEnds ends, ControllerInbox controllers, ActionDispatcher actions,
        SafetySupervisor safety, MessagePublisher publisher, SensorClock clock)
    {
        (_lives, _door, _ends, _controllers) = (lives, door, ends, controllers);
        (_actions, _safety, _publisher, _clock) = (actions, safety, publisher, clock);
        _lives.Stepped += Tell;
    }

    /// <summary>Takes in what has happened since the last call; once a tick, with a picture or without.</summary>
    public void CatchUp()
    {
        while (_door.TryTake(out var note)) _lives.Take(note);
        while (_controllers.TryTake(out var happened)) Take(happened);
        _decidedAfter = _clock.Monotonic;
        if (_ends.Take(_decidedAfter) is { } end && _lives.Moving is { } moving && moving.AcceptedAt <= end.At)
        {
            // A halt has stopped the controllers already.
            _isStopped = end.IsHalt;
            _lives.EndMotion(LifeState.Cancelled, end.Cause, Initiator.Safety);
            _isStopped = false;
        }

        _lives.Expire(_decidedAfter);
    }

    /// <summary>Looks again at what the motion under way is about; once a tick, before a command is grounded.</summary>
    /// <param name="scene">The scene of the tick.</param>
    /// <param name="isNew">Whether the tick has a picture; without, only what has left the scene is noticed.</param>
    public void Look(DomainScene scene, bool isNew)
    {
        var look = _watch?.Look(scene, isNew) ?? new TargetLook(1, null);
        if (look.Failure is { } failure) _lives.EndMotion(LifeState.Failed, failure, Initiator.Loop);
        _safety.Believe(_lives.Moving is null ? 1 : look.Confidence);
    }

    /// <summary>Takes in what is left, and ends the motion under way: from here on nobody follows it.</summary>
    public void End(string reason)
    {
        CatchUp();
        _lives.EndMotion(LifeState.Cancelled, reason, Initiator.Loop);
    }

    /// <summary>Takes what was grounded in this tick.</summary>
    public void Grounded(GroundedCommand grounded)
    {
        if (grounded.Answer.IsGrounded) _lives.Grounded(grounded.Command);
    }

    /// <summary>Takes a decision, before its action is sent.</summary>
    public void Decided(Decision decision, DomainScene scene)
    {
        var (command, answer, action) = decision;
        if (action is { Moves: true }) Begin(command, answer, action, scene);
        else
        {
            var end = EndOf(answer);
            var reason = end == LifeState.Clarifying ? answer.Question ?? answer.Reason : answer.Reason;
            var by = decision.IsWithheld ? Initiator.Safety : Initiator.Loop;
            _lives.End(command, end, reason ?? "", by);
        }
    }

    private static LifeState EndOf(GroundingAnswer answer) => answer.Outcome switch
    {
        GroundingOutcome.Act => LifeState.Done,
        GroundingOutcome.Clarify => LifeState.Clarifying,
        _ => LifeState.Refused,
    };

    private void Begin(PendingCommand command, GroundingAnswer answer, RobotAction action, DomainScene scene)
    {
        var watch = new TargetWatch(answer, scene);
        // Of a halt before its receipt, though it came within this tick, a command knows nothing.
        var at = command.ReceivedAt > _decidedAfter ? command.ReceivedAt : _decidedAfter;
        // The newer motion takes the place of the older one at the controllers, too.
        _isStopped = true;
        _lives.Accept(command, action.Id, at, action.ExpiresAt);
        _isStopped = false;
        _watch = watch;
    }

    private void Take(ControllerEvent happened)
    {
        switch (happened)
        {
            case ControllerRegistered { IsMover: true } registered:
                _lives.Registered(registered.Controller);
                break;
            case ControllerLost lost:
                _lives.Lost(lost.Controller, lost.Reason);
                break;
            case ActionAcknowledged spoke:
                _lives.Acknowledged(spoke.Controller, spoke.ActionId, spoke.Accepted, spoke.Reason);
                break;
            case ActionProgressed spoke:
                _lives.Progressed(spoke.Controller, spoke.ActionId, Progress(spoke.State), spoke.Detail);
                break;
        }
    }

    private static PartProgress Progress(State state) => state switch
    {
        State.Succeeded => PartProgress.Succeeded,
        State.Failed => PartProgress.Failed,
        State.Cancelled => PartProgress.Cancelled,
        _ => PartProgress.Running,
    };

    private void Tell(CommandLife life, LifeStep step)
    {
        if (LifeTransitions.IsEnd(step.State) && life.ActionId.Length > 0) Release(life);
        _publisher.PublishState(LifeMessages.Of(step, _clock.Now), (uint)step.Number);
    }

    private void Release(CommandLife life)
    {
        _watch = null;
        // Of one that is done, those who never answered have no part in it.
        var mayMove = life is { IsAtWork: true, State: not LifeState.Done };
        if (mayMove && !_isStopped) _actions.Withdraw(life.ActionId, life.Command.Id);
        else _actions.Release();
    }
}
