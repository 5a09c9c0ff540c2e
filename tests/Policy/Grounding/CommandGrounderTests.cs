using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Tests.Support;

namespace EdgePerception.Policy.Tests.Grounding;

public sealed class CommandGrounderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly CommandInbox _inbox = new(8);
    private readonly SensorClock _clock;
    private readonly CommandGrounder _grounder;

    public CommandGrounderTests()
    {
        _clock = new SensorClock(_time);
        _grounder = new CommandGrounder(_inbox, new Grounder(), new Conversation(TimeSpan.FromSeconds(60)), _clock);
    }

    [Fact]
    public void Commands_of_one_tick_are_one_conversation()
    {
        Send("pick up the cup");
        Send("the red one");
        Send("put it on the table");
        Assert.Equal(["clarify", "act:a", "act:a>t"], Answers(Kitchen()));
    }

    [Fact]
    public void A_follow_up_needs_sight_as_the_command_before_it_did()
    {
        Send("pick up the cup");
        Answers(Kitchen());
        Send("the red one");
        var answer = Assert.Single(_grounder.Ground(new Scene())).Answer;
        Assert.Equal((GroundingOutcome.Refuse, RobotActionKind.Pick, "no camera gives pictures at the moment"), (answer.Outcome, answer.Action, answer.Reason));
    }

    [Fact]
    public void A_command_that_expired_is_refused_and_not_remembered()
    {
        Send("pick up the red cup");
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["refuse"], Answers(Kitchen()));
        Send("no, the other one");
        Assert.Equal(["clarify"], Answers(Kitchen()));
    }

    private static Scene Kitchen() => TestScene.Of("a cup 100 300 40 50 red=0.8; b cup 400 300 40 50 blue=0.8; t dining_table 60 360 560 110");

    private void Send(string text) =>
        _inbox.TryAdd(new PendingCommand(text, text, CommandParser.Parse(text), "", _clock.Monotonic, _clock.Monotonic + TimeSpan.FromSeconds(10)));

    private List<string> Answers(Scene scene) => [.. _grounder.Ground(scene).Select(grounded => grounded.Answer.Brief())];
}
