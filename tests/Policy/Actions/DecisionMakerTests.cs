using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Policy.Tests.Actions;

public sealed class DecisionMakerTests : IDisposable
{
    private readonly FaultyTime _time = new();
    private readonly SensorClock _clock;
    private readonly SafetySettings _settings = new() { ArmAtStart = true, RecoverAfterMs = 0 };
    private readonly SafetySupervisor _safety;
    private readonly MotionEnds _ends = new(new SafetySettings());
    private readonly DecisionMaker _decisions;
    private bool _canMove = true;

    public DecisionMakerTests()
    {
        var actions = new ActionFactory("s", TimeSpan.FromSeconds(1));
        _clock = new SensorClock(_time);
        _safety = new SafetySupervisor(_settings, _clock);
        _safety.Changed += _ends.Note;
        _decisions = Decisions(_settings, actions);
    }

    [Fact]
    public void A_command_on_which_deciding_throws_is_refused_and_the_others_are_decided()
    {
        _time.Throws = true;
        var decisions = _decisions.Decide(
            [Grounded("r", RobotActionKind.Resume), Grounded("t", RobotActionKind.Report)], new Scene());
        Assert.Equal(["r", "t"], decisions.Select(decision => decision.Command.Id));
        var refused = decisions[0].Answer;
        Assert.Equal((GroundingOutcome.Refuse, CommandGrounder.InternalError), (refused.Outcome, refused.Reason));
        Assert.Null(decisions[0].Action);
        Assert.IsType<InvalidOperationException>(decisions[0].Fault);
        Assert.Equal((GroundingOutcome.Act, null), (decisions[1].Answer.Outcome, decisions[1].Fault));

        _time.Throws = false;
        var decision = Assert.Single(_decisions.Decide([Grounded("r", RobotActionKind.Resume)], new Scene()));
        Assert.Equal((RobotActionKind.Resume, null), (decision.Action?.Kind, decision.Fault));
    }

    [Fact]
    public void A_motion_needs_a_controller_and_nothing_else_does()
    {
        MayAct();
        _canMove = false;
        var decision = Decide("m", RobotActionKind.GoTo);
        Assert.Null(decision.Action);
        Assert.False(decision.IsWithheld);
        const string Reason =
            "no controller is connected that could carry it out; one must register, and with permits";
        Assert.Equal((GroundingOutcome.Refuse, Reason),
            (decision.Answer.Outcome, decision.Answer.Reason));
        Assert.Equal(GroundingOutcome.Act, Decide("t", RobotActionKind.Report).Answer.Outcome);
        Assert.Equal(RobotActionKind.Resume, Decide("r", RobotActionKind.Resume).Action?.Kind);
        Assert.Equal(GroundingOutcome.Act, Decide("s", RobotActionKind.Stop).Answer.Outcome);
        Assert.NotNull(_safety.Standing);
    }

    [Fact]
    public void A_motion_that_waited_through_a_halt_is_not_taken_up_after_it()
    {
        MayAct();
        Assert.NotNull(Decide("before", RobotActionKind.GoTo).Action);
        _safety.Halt("a person");
        _safety.Round();
        _safety.Resume();
        MayAct();
        var waited = Decide("waited", RobotActionKind.GoTo);
        Assert.Null(waited.Action);
        Assert.True(waited.IsWithheld);
        Assert.Equal("a halt came after the command: a person; give it again", waited.Answer.Reason);
        var since = Grounded("since", RobotActionKind.GoTo);
        since = since with { Command = since.Command with { ReceivedAt = new SensorClock(_time).Monotonic } };
        Assert.NotNull(Assert.Single(_decisions.Decide([since], new Scene())).Action);
    }

    [Fact]
    public void A_resume_in_words_that_is_older_than_the_newest_halt_lifts_nothing_and_says_what_to_do()
    {
        var before = _clock.Monotonic;
        _safety.Halt("somebody else");
        var refused = Decide(_decisions, before);
        Assert.Equal(GroundingOutcome.Refuse, refused.Answer.Outcome);
        Assert.Contains("given before the newest halt", refused.Answer.Reason, StringComparison.Ordinal);
        Assert.Null(refused.Action);
        Assert.NotNull(_safety.Standing);

        Assert.Equal(RobotActionKind.Resume, Decide(_decisions, _clock.Monotonic).Action?.Kind);
        Assert.Null(_safety.Standing);
    }

    [Fact]
    public void Where_a_resume_has_to_name_its_halt_words_lift_none()
    {
        _safety.Halt("a test");
        var decisions = Decisions(
            new SafetySettings { RequireNamedResume = true }, new ActionFactory("s", TimeSpan.FromSeconds(1)));
        var refused = Decide(decisions, _clock.Monotonic);
        Assert.Equal(ResumeRefusals.NotNamed, refused.Answer.Reason);
        Assert.Equal(GroundingOutcome.Refuse, refused.Answer.Outcome);
        Assert.NotNull(_safety.Standing);
    }

    [Fact]
    public void What_is_not_sure_enough_is_asked_and_moves_nothing()
    {
        MayAct();
        var (command, answer) = Grounded("unsure", RobotActionKind.GoTo);
        var unsure = new GroundedCommand(command, answer with { Confidence = 0.29 });
        var decision = Assert.Single(_decisions.Decide([unsure], new Scene()));
        Assert.Null(decision.Action);
        Assert.Equal(GroundingOutcome.Clarify, decision.Answer.Outcome);
        Assert.Contains("29% sure", decision.Answer.Question, StringComparison.Ordinal);
        Assert.Null(decision.Answer.Target);
        var sure = new GroundedCommand(command, answer with { Confidence = 0.3 });
        Assert.NotNull(Assert.Single(_decisions.Decide([sure], new Scene())).Action);
    }

    public void Dispose() => _safety.Dispose();

    private DecisionMaker Decisions(SafetySettings settings, ActionFactory actions) =>
        new(_safety, settings, _ends, actions, () => _canMove, _clock);

    private Decision Decide(string id, RobotActionKind kind) =>
        Assert.Single(_decisions.Decide([Grounded(id, kind)], new Scene()));

    private void MayAct()
    {
        _safety.Decided(new SensorClock(_time).Monotonic);
        _safety.Round();
        Assert.True(_safety.MayAct);
    }

    private static Decision Decide(DecisionMaker decisions, TimeSpan issuedAt)
    {
        var (command, answer) = Grounded("r", RobotActionKind.Resume);
        return Assert.Single(
            decisions.Decide([new GroundedCommand(command with { IssuedAt = issuedAt }, answer)], new Scene()));
    }

    private static GroundedCommand Grounded(string id, RobotActionKind action) => new(
        new PendingCommand(id, id, "", TimeSpan.Zero, TimeSpan.MaxValue),
        new GroundingAnswer
        {
            Id = id,
            Outcome = GroundingOutcome.Act,
            Action = action,
            Steps = [new ActionStep(action, null, null)],
            Confidence = 1,
        });
}
