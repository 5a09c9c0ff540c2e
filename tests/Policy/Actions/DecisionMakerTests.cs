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
    private readonly SafetySettings _settings = new();
    private readonly SafetySupervisor _safety = new(new SafetySettings(), SensorClock.System);
    private readonly DecisionMaker _decisions;

    public DecisionMakerTests()
    {
        var actions = new ActionFactory("s", TimeSpan.FromSeconds(1));
        _decisions = new DecisionMaker(_safety, _settings, actions, new SensorClock(_time));
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
    public void A_resume_in_words_that_is_older_than_the_newest_halt_lifts_nothing_and_says_what_to_do()
    {
        var before = SensorClock.System.Monotonic;
        _safety.Halt("somebody else");
        var refused = Decide(_decisions, before);
        Assert.Equal(GroundingOutcome.Refuse, refused.Answer.Outcome);
        Assert.Contains("given before the newest halt", refused.Answer.Reason, StringComparison.Ordinal);
        Assert.Null(refused.Action);
        Assert.NotNull(_safety.Standing);

        Assert.Equal(RobotActionKind.Resume, Decide(_decisions, SensorClock.System.Monotonic).Action?.Kind);
        Assert.Null(_safety.Standing);
    }

    [Fact]
    public void Where_a_resume_has_to_name_its_halt_words_lift_none()
    {
        _safety.Halt("a test");
        var decisions = new DecisionMaker(
            _safety, new SafetySettings { RequireNamedResume = true }, new ActionFactory("s", TimeSpan.FromSeconds(1)),
            SensorClock.System);
        var refused = Decide(decisions, SensorClock.System.Monotonic);
        Assert.Equal(ResumeRefusals.NotNamed, refused.Answer.Reason);
        Assert.Equal(GroundingOutcome.Refuse, refused.Answer.Outcome);
        Assert.NotNull(_safety.Standing);
    }

    public void Dispose() => _safety.Dispose();

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
