using EdgePerception.Policy.Grounding;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>People change their mind in mid-sentence; the robot must not act on what they took back.</summary>
public class CorrectionTests
{
    private const string Scene = """
        c1 cup 80 300 40 50 red=0.8
        c2 cup 480 300 40 50 blue=0.8
        b1 bottle 280 240 40 120 green=0.7
        n1 banana 380 320 60 30 yellow=0.8
        t1 dining_table 40 350 590 120 brown=0.8
        s1 sink 200 430 90 40 grey=0.8
        """;

    [Theory]
    [InlineData("bring me the banana, no, the bottle", "act:b1")]
    [InlineData("bring me the banana no the bottle", "act:b1")]
    [InlineData("bring me the banana, I mean the bottle", "act:b1")]
    [InlineData("bring me the banana, sorry, the bottle", "act:b1")]
    [InlineData("bring me the banana, no, not the banana, the bottle", "act:b1")]
    [InlineData("pick up the banana, or rather the bottle", "act:b1")]
    [InlineData("pick up the red cup, no, the blue one", "act:c2")]
    [InlineData("pick up the red cup, i mean blue", "act:c2")]
    [InlineData("pick up the cup on the left, sorry, on the right", "act:c2")]
    [InlineData("put the banana on the table, no, in the sink", "act:n1>s1")]
    [InlineData("the banana i mean the bottle, bring it", "act:b1")]
    public void What_is_said_last_is_meant(string command, string expected) =>
        Assert.Equal(expected, TestScene.Of(Scene).Ground(command).Brief());

    [Theory]
    [InlineData("pick up the banana, no, bring me the bottle", "act:b1", 1)]
    [InlineData("bring me the banana. actually, go to the table", "act:t1", 1)]
    [InlineData("go to the table and pick up the banana, no, pick up the bottle", "act:t1", 2)]
    [InlineData("no, bring me the bottle", "act:b1", 1)]
    public void A_new_clause_takes_the_place_of_the_one_before(string command, string expected, int steps)
    {
        var answer = TestScene.Of(Scene).Ground(command);
        Assert.Equal(expected, answer.Brief());
        Assert.Equal(steps, answer.Steps.Count);
    }

    [Theory]
    [InlineData("go to the table and pick up the banana. no. actually bring me the bottle")]
    [InlineData("where is the table. pick up the banana. never mind. actually bring me the bottle")]
    [InlineData("pick up the banana. never mind. no. forget it. sorry, bring me the bottle")]
    public void What_was_taken_back_more_than_once_is_gone(string command)
    {
        var answer = TestScene.Of(Scene).Ground(command);
        Assert.DoesNotContain(answer.Steps, step => step.Target == "n1");
        if (answer.Outcome == GroundingOutcome.Act) Assert.Equal("b1", answer.Steps[^1].Target);
    }

    [Theory]
    [InlineData("bring me the banana. never mind")]
    [InlineData("go to the table and pick up the banana, forget it")]
    [InlineData("bring me the banana, no, don't")]
    public void A_command_that_is_taken_back_is_refused(string command) =>
        Assert.Contains("takes back", TestScene.Of(Scene).Ground(command).Reason ?? "", StringComparison.Ordinal);

    [Theory]
    [InlineData("bring me the banana, no problem", "act:n1")]
    [InlineData("bring me the banana; sorry for the trouble", "act:n1")]
    [InlineData("sorry, could you bring me the banana", "act:n1")]
    [InlineData("pick up the cup but not the red one", "act:c2")]
    [InlineData("pick up the banana rather than the bottle", "act:n1")]
    public void Other_uses_of_such_words_correct_nothing(string command, string expected) =>
        Assert.Equal(expected, TestScene.Of(Scene).Ground(command).Brief());
}
