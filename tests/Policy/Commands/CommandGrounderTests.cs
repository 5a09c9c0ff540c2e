using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Tests.Grounding;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Policy.Tests.Commands;

public sealed class CommandGrounderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CommandInbox _inbox = new(8);
    private readonly SensorClock _clock;
    private readonly CommandGrounder _grounder;

    public CommandGrounderTests()
    {
        _clock = new SensorClock(_time);
        _grounder = new CommandGrounder(_inbox, new Conversation(TimeSpan.FromSeconds(60)), _clock);
    }

    [Fact]
    public void Commands_that_come_before_there_is_a_grounder_are_answered_after_in_their_order()
    {
        Send("pick up the cup");
        Assert.Empty(_grounder.Ground(Kitchen()));
        _time.Advance(TimeSpan.FromSeconds(2));
        Send("the red one");
        Assert.Empty(_grounder.Ground(Kitchen()));
        Assert.False(_grounder.IsReady);
        _grounder.Use(new Grounder());
        Assert.True(_grounder.IsReady);
        Assert.Equal(["clarify"], Answers(Kitchen()));
        Assert.Equal(["act:a"], Answers(Kitchen()));
    }

    [Fact]
    public void The_time_that_a_command_waits_for_the_grounder_counts()
    {
        Send("pick up the red cup");
        _time.Advance(TimeSpan.FromSeconds(6));
        Send("pick up the blue cup");
        Assert.Empty(_grounder.Ground(Kitchen()));
        _time.Advance(TimeSpan.FromSeconds(5));
        _grounder.Use(new Grounder());
        var answers = _grounder.Ground(Kitchen()).Select(grounded => (grounded.Answer.Brief(), grounded.Answer.Reason));
        Assert.Equal(("refuse", "the command expired 1000 ms before it could be grounded"), answers.First());
        Assert.Equal(["refuse", "act:b"], answers.Select(answer => answer.Item1));
    }

    [Fact]
    public void What_still_waits_can_be_refused_before_there_is_a_grounder()
    {
        Send("pick up the cup");
        Send("bring me the red cup");
        Assert.Equal(
            [("pick up the cup", GroundingOutcome.Refuse, "the end"),
                ("bring me the red cup", GroundingOutcome.Refuse, "the end")],
            _grounder.RefuseAll("the end")
                .Select(grounded => (grounded.Answer.Id, grounded.Answer.Outcome, grounded.Answer.Reason)));
        _grounder.Answered();
        Assert.Empty(_grounder.RefuseAll("the end"));
    }

    [Fact]
    public void A_command_whose_grounding_throws_is_refused_and_the_next_one_is_grounded()
    {
        const string Text = "pick up the red cup";
        var time = new FaultyTime();
        var inbox = new CommandInbox(8);
        var conversation = new Conversation(TimeSpan.FromSeconds(60));
        using var grounder = new CommandGrounder(inbox, conversation, new SensorClock(time));
        grounder.Use(new Grounder());
        inbox.TryAdd(new PendingCommand("1", Text, "", TimeSpan.Zero, TimeSpan.MaxValue));
        time.Throws = true;
        var broken = Assert.Single(grounder.Ground(Kitchen()));
        Assert.Equal(("1", GroundingOutcome.Refuse), (broken.Answer.Id, broken.Answer.Outcome));
        Assert.Equal(CommandGrounder.InternalError, broken.Answer.Reason);
        Assert.IsType<InvalidOperationException>(broken.Fault);

        time.Throws = false;
        inbox.TryAdd(new PendingCommand("2", Text, "", TimeSpan.Zero, TimeSpan.MaxValue));
        var next = Assert.Single(grounder.Ground(Kitchen()));
        Assert.Equal(("act:a", null), (next.Answer.Brief(), next.Fault));
    }

    [Fact]
    public void What_was_given_out_is_refused_until_it_is_told_that_it_was_answered()
    {
        _grounder.Use(new Grounder());
        Send("pick up the red cup");
        Assert.Single(_grounder.Ground(Kitchen()));
        Assert.Equal(["pick up the red cup"], Texts(_grounder.RefuseUnanswered("the end")));
        Send("pick up the blue cup");
        Assert.Equal(["pick up the red cup", "pick up the blue cup"], Texts(_grounder.RefuseAll("the end")));
        _grounder.Answered();
        Assert.Empty(_grounder.RefuseAll("the end"));

        static IEnumerable<string> Texts(IEnumerable<GroundedCommand> refused) =>
            refused.Select(each => each.Command.Text);
    }

    [Fact]
    public void Of_commands_that_wait_one_is_grounded_a_tick_and_they_are_one_conversation()
    {
        _grounder.Use(new Grounder());
        Send("pick up the cup");
        Send("the red one");
        Send("put it on the table");
        Assert.Equal(["clarify"], Answers(Kitchen()));
        Assert.Equal(["act:a"], Answers(Kitchen()));
        Assert.Equal(["act:a>t"], Answers(Kitchen()));
        Assert.Empty(Answers(Kitchen()));
    }

    [Fact]
    public void Those_that_came_too_late_are_refused_beside_the_one_of_the_tick()
    {
        _grounder.Use(new Grounder());
        for (var i = 0; i < 3; i++) Send("pick up the red cup");
        _time.Advance(TimeSpan.FromSeconds(11));
        Send("pick up the blue cup");
        Send("pick up the red cup");
        Assert.Equal(["refuse", "refuse", "refuse", "act:b"], Answers(Kitchen()));
        Assert.Equal(["act:a"], Answers(Kitchen()));
    }

    [Fact]
    public void A_command_that_takes_too_long_is_refused_and_not_remembered()
    {
        // Each look at the clock takes as long as a twentieth of what a command may take.
        var (time, inbox) = (new SlowTime(CommandGrounder.Budget / 20), new CommandInbox(8));
        var conversation = new Conversation(TimeSpan.FromSeconds(60));
        using var grounder = new CommandGrounder(inbox, conversation, new SensorClock(time));
        grounder.Use(new Grounder());
        inbox.TryAdd(new PendingCommand("1", "pick up the red cup", "", TimeSpan.Zero, TimeSpan.MaxValue));
        var answer = Assert.Single(grounder.Ground(Kitchen())).Answer;
        Assert.Equal(("refuse", "it takes too long to understand; say it in fewer words"),
            (answer.Brief(), answer.Reason));
        Assert.False(answer.IsGrounded);
        time.Step = TimeSpan.Zero;
        inbox.TryAdd(new PendingCommand("2", "the red one", "", TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.Equal("clarify", Assert.Single(grounder.Ground(Kitchen())).Answer.Brief());
    }

    [Fact]
    public void A_follow_up_needs_sight_as_the_command_before_it_did()
    {
        _grounder.Use(new Grounder());
        Send("pick up the cup");
        Answers(Kitchen());
        Send("the red one");
        var answer = Assert.Single(_grounder.Ground(new Scene())).Answer;
        Assert.Equal((GroundingOutcome.Refuse, RobotActionKind.Pick, "no camera gives pictures at the moment"),
            (answer.Outcome, answer.Action, answer.Reason));
    }

    [Fact]
    public void A_command_that_expired_is_refused_and_not_remembered()
    {
        _grounder.Use(new Grounder());
        Send("pick up the red cup");
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["refuse"], Answers(Kitchen()));
        Send("no, the other one");
        Assert.Equal(["clarify"], Answers(Kitchen()));
    }

    public void Dispose() => _grounder.Dispose();

    private static Scene Kitchen() =>
        TestScene.Of("a cup 100 300 40 50 red=0.8; b cup 400 300 40 50 blue=0.8; t dining_table 60 360 560 110");

    private void Send(string text) =>
        _inbox.TryAdd(
            new PendingCommand(text, text, "", _clock.Monotonic, _clock.Monotonic + TimeSpan.FromSeconds(10)));

    private sealed class SlowTime(TimeSpan step) : TimeProvider
    {
        private long _now;

        public TimeSpan Step { get; set; } = step;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += Step.Ticks;
    }

    private List<string> Answers(Scene scene) =>
        [.. _grounder.Ground(scene).Select(grounded => grounded.Answer.Brief())];
}
