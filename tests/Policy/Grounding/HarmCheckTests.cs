using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>What the robot does to nobody: by what it would do, and to whom.</summary>
public sealed class HarmCheckTests
{
    private const string Room =
        "p person 60 200 80 200; d dog 200 300 90 60; c cup 300 300 40 50; t dining_table 320 380 400 160";

    [Theory]
    [InlineData("pick up the person")]
    [InlineData("bring me the person")]
    [InlineData("bring the person to the table")]
    public void Nobody_is_lifted(string command) => Refused(command, "lifts nobody");

    [Theory]
    [InlineData("put the cup on the dog", "nothing on a dog")]
    [InlineData("put the cup on the person", "nothing on a person")]
    [InlineData("put the dog on the table", "no dog anywhere")]
    public void Nothing_is_put_on_who_lives_nor_who_lives_anywhere(string command, string reason) =>
        Refused(command, reason);

    [Theory]
    [InlineData("follow the person")]
    [InlineData("go to the dog")]
    [InlineData("put the cup on the table")]
    [InlineData("bring the cup to the person")]
    [InlineData("put the cup next to the dog")]
    public void Who_is_only_followed_or_stood_beside_is_not_hurt(string command) =>
        Assert.Equal(GroundingOutcome.Act, TestScene.Of(Room).Ground(command).Outcome);

    [Theory]
    [InlineData(RobotActionKind.GoTo)]
    [InlineData(RobotActionKind.Follow)]
    [InlineData(RobotActionKind.LookAt)]
    [InlineData(RobotActionKind.Report)]
    public void A_step_that_lifts_nothing_is_refused_for_nobody(RobotActionKind action)
    {
        var view = new SceneView(TestScene.Of(Room), GroundingThresholds.Default);
        Assert.Null(HarmCheck.Refusal(new CommandStep(action, null, null), view.Objects, []));
    }

    [Fact]
    public void One_person_among_many_things_is_enough()
    {
        var view = new SceneView(TestScene.Of(Room), GroundingThresholds.Default);
        var pick = new CommandStep(RobotActionKind.Pick, null, null);
        Assert.NotNull(HarmCheck.Refusal(pick, view.Objects, []));
        Assert.Null(HarmCheck.Refusal(pick, view.Objects.Where(item => item.Label != "person"), []));
        Assert.Null(HarmCheck.Refusal(pick, [], view.Objects));
    }

    private static void Refused(string command, string reason)
    {
        var answer = TestScene.Of(Room).Ground(command);
        Assert.Equal(GroundingOutcome.Refuse, answer.Outcome);
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        Assert.Empty(answer.Steps);
    }
}
