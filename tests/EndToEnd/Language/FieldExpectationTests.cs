using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.EndToEnd.Tests.Language;

public class FieldExpectationTests
{
    [Theory]
    [InlineData("stop", GroundingOutcome.Act, RobotActionKind.Stop, "")]
    [InlineData("ask", GroundingOutcome.Clarify, RobotActionKind.Bring, "")]
    [InlineData("no motion: refused or asked", GroundingOutcome.Refuse, RobotActionKind.Follow, "")]
    [InlineData("no motion: refused or asked", GroundingOutcome.Act, RobotActionKind.Stop, "")]
    [InlineData("no motion: refused or asked", GroundingOutcome.Act, RobotActionKind.Report, "a")]
    [InlineData("absent: there are not so many", GroundingOutcome.Absent, RobotActionKind.Follow, "")]
    [InlineData("any of the three is followed", GroundingOutcome.Act, RobotActionKind.Follow, "a")]
    [InlineData("go to a, or a question", GroundingOutcome.Act, RobotActionKind.GoTo, "a")]
    [InlineData("go to a, or a question", GroundingOutcome.Clarify, RobotActionKind.GoTo, "")]
    [InlineData("keep away from z", GroundingOutcome.Act, RobotActionKind.Avoid, "")]
    [InlineData("go to a, keep away from z", GroundingOutcome.Act, RobotActionKind.GoTo, "a")]
    [InlineData("a,b", GroundingOutcome.Act, RobotActionKind.Bring, "b a")]
    public void A_right_answer_holds(string expect, GroundingOutcome outcome, RobotActionKind action, string targets) =>
        Assert.True(Holds(expect, null, outcome, action, targets));

    [Theory]
    [InlineData("stop", GroundingOutcome.Refuse, RobotActionKind.Stop, "")]
    [InlineData("ask", GroundingOutcome.Act, RobotActionKind.Bring, "a")]
    [InlineData("no motion: refused or asked", GroundingOutcome.Act, RobotActionKind.Avoid, "a")]
    [InlineData("absent: there are not so many", GroundingOutcome.Clarify, RobotActionKind.Follow, "")]
    [InlineData("any of the three is followed", GroundingOutcome.Act, RobotActionKind.Follow, "a b")]
    [InlineData("go to a, or a question", GroundingOutcome.Act, RobotActionKind.Follow, "a")]
    [InlineData("go to a, or a question", GroundingOutcome.Refuse, RobotActionKind.GoTo, "")]
    [InlineData("keep away from a", GroundingOutcome.Act, RobotActionKind.Follow, "a")]
    [InlineData("go to a, keep away from b", GroundingOutcome.Act, RobotActionKind.GoTo, "a")]
    [InlineData("a,b", GroundingOutcome.Act, RobotActionKind.Bring, "a")]
    [InlineData("a", GroundingOutcome.Clarify, RobotActionKind.Bring, "a")]
    public void A_wrong_answer_fails(string expect, GroundingOutcome outcome, RobotActionKind action, string targets) =>
        Assert.False(Holds(expect, null, outcome, action, targets));

    [Fact]
    public void The_action_counts_where_a_case_tells_it()
    {
        Assert.True(Holds("a", "go_to", GroundingOutcome.Act, RobotActionKind.GoTo, "a"));
        Assert.False(Holds("a", "go_to", GroundingOutcome.Act, RobotActionKind.Follow, "a"));
    }

    private static bool Holds(
        string expect, string? action, GroundingOutcome outcome, RobotActionKind kind, string targets) =>
        new FieldExpectation(expect, action).Holds(new GroundingAnswer
        {
            Id = "1",
            Outcome = outcome,
            Action = kind,
            Avoid = ["z"],
            Steps = [.. targets.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => new ActionStep(kind, id, null))],
        });
}
