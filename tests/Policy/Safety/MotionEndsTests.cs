using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Tests.Safety;

public sealed class MotionEndsTests
{
    private readonly MotionEnds _ends = new(new SafetySettings { PermitMs = 300 });

    [Fact]
    public void A_halt_is_kept_for_the_loop_though_it_was_lifted_since()
    {
        Tell(SafetyLevel.Act, 0);
        Tell(SafetyLevel.Halt, 100, "a person", haltId: "h1");
        Tell(SafetyLevel.Act, 150);
        Assert.Equal(new MotionEnd("a person", Ms(100), IsHalt: true), _ends.Take(Ms(200)));
        Assert.Null(_ends.Take(Ms(200)));
        Assert.Equal(Ms(100), _ends.NewestHalt?.At);
    }

    [Fact]
    public void A_halt_counts_for_more_than_the_permits_that_ended_with_it_and_for_less_than_those_that_ended_later()
    {
        Tell(SafetyLevel.Halt, 100, "a person", haltId: "h1");
        Tell(SafetyLevel.Act, 900);
        Assert.Equal(new MotionEnd("a person", Ms(100), IsHalt: true), _ends.Take(Ms(900)));
        Tell(SafetyLevel.Halt, 1000, "a person", haltId: "h2");
        Tell(SafetyLevel.Act, 1100);
        Tell(SafetyLevel.Degrade, 1200, "dark");
        Tell(SafetyLevel.Act, 1600);
        Assert.Equal(new MotionEnd("dark", Ms(1200), IsHalt: false), _ends.Take(Ms(1600)));
    }

    [Fact]
    public void A_halt_of_the_ladder_is_none_that_commands_have_waited_through()
    {
        Tell(SafetyLevel.Halt, 100, "no decision");
        Assert.True(_ends.Take(Ms(100))?.IsHalt);
        Assert.Null(_ends.NewestHalt);
    }

    [Theory]
    [InlineData(SafetyLevel.Degrade)]
    [InlineData(SafetyLevel.Clarify)]
    public void Permits_end_motion_once_they_are_withheld_for_longer_than_one_lives(SafetyLevel level)
    {
        Tell(level, 100, "a camera is dark");
        Assert.Null(_ends.Take(Ms(400)));
        Assert.Equal(new MotionEnd("a camera is dark", Ms(100), IsHalt: false), _ends.Take(Ms(401)));
    }

    [Fact]
    public void A_short_time_without_permits_ends_nothing_and_a_long_one_does_though_it_is_over()
    {
        Tell(SafetyLevel.Degrade, 100);
        Tell(SafetyLevel.Act, 350);
        Assert.Null(_ends.Take(Ms(1000)));
        Tell(SafetyLevel.Degrade, 2000, "slow");
        Tell(SafetyLevel.Clarify, 2200, "dark");
        Tell(SafetyLevel.Act, 2400);
        Assert.Equal(new MotionEnd("slow", Ms(2000), IsHalt: false), _ends.Take(Ms(2400)));
        Assert.Null(_ends.Take(Ms(9000)));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Tell(SafetyLevel level, int at, string cause = "", string haltId = "") => _ends.Note(new SafetyState(
        level, SafetyInput.None, cause, "", new SensorTime(Ms(at), default), IsArmed: true, haltId, ""));
}
