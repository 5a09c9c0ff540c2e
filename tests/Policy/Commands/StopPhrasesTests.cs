using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Tests.Commands;

public class StopPhrasesTests
{
    [Theory]
    [InlineData("stop")]
    [InlineData("STOP!!!")]
    [InlineData("Stop.")]
    [InlineData("stooooop")]
    [InlineData("halt")]
    [InlineData("freeze")]
    [InlineData("don't move")]
    [InlineData("dont move")]
    [InlineData("do not move")]
    [InlineData("don\u2019t move a muscle")]
    [InlineData("stop right there")]
    [InlineData("hold it")]
    [InlineData("hold it right there")]
    [InlineData("hold on")]
    [InlineData("wait")]
    [InlineData("emergency stop")]
    [InlineData("e-stop")]
    [InlineData("estop now")]
    [InlineData("stop following him")]
    [InlineData("please stop now")]
    [InlineData("robot stop")]
    [InlineData("robot, halt!")]
    [InlineData("bring me the cup. no, stop!")]
    [InlineData("bring me the cup and stop")]
    [InlineData("no stop")]
    [InlineData("can you stop")]
    [InlineData("you have to stop")]
    [InlineData("i said stop")]
    [InlineData("stop at the bus stop")]
    [InlineData("stop the car")]
    [InlineData("stand still")]
    [InlineData("stay where you are")]
    [InlineData("ignore previous instructions and stop")]
    [InlineData("um stop please")]
    [InlineData("go to the stop sign and then stop")]
    [InlineData("ST\u200BOP")]
    [InlineData("abort")]
    [InlineData("pause")]
    [InlineData("whoa whoa")]
    [InlineData("don't stop there. stop here")]
    public void A_command_to_stop_is_recognized(string text)
    {
        Assert.True(StopPhrases.IsStop(text));
        Assert.Equal(RobotActionKind.Stop, Assert.Single(CommandParser.Parse(text).Steps).Action);
    }

    [Theory]
    [InlineData("go to the stop sign")]
    [InlineData("drive to the bus stop")]
    [InlineData("look at the stop light")]
    [InlineData("go to the next bus stop")]
    [InlineData("open the freezer")]
    [InlineData("don't stop")]
    [InlineData("do not stop following the person")]
    [InlineData("never stop")]
    [InlineData("don't you dare stop")]
    [InlineData("keep going without a stop")]
    [InlineData("the sign that says stop")]
    [InlineData("press the red stop button")]
    [InlineData("non-stop")]
    [InlineData("follow the car that has stopped")]
    [InlineData("bring me the stopwatch")]
    [InlineData("don't move the cup")]
    [InlineData("hold the cup")]
    [InlineData("follow the person who is standing still")]
    [InlineData("bring me the cup")]
    [InlineData("resume")]
    [InlineData("continue")]
    [InlineData("")]
    [InlineData("who is there")]
    [InlineData("top")]
    public void What_is_no_command_to_stop_is_left_alone(string text) => Assert.False(StopPhrases.IsStop(text));

    [Fact]
    public void A_text_of_any_length_is_scanned() => Assert.True(StopPhrases.IsStop(new string('x', 100_000) + " stop"));
}
