using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.CommandLine;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class StartNoteTests
{
    [Fact]
    public void A_start_that_holds_the_robot_says_how_it_is_freed()
    {
        Assert.Equal(
            ["halted: too hot; to lift it: edge-perception send --config r.yaml --resume h1",
                "not armed: nothing moves before edge-perception send --config r.yaml --arm (or safety.armAtStart: "
                + "true)"],
            StartNote.Lines(State("h1", isArmed: false), "r.yaml", hasMqtt: true));
        Assert.Equal(
            ["halted: too hot; to lift it: a controller's resume of h1"],
            StartNote.Lines(State("h1", isArmed: true), "r.yaml", hasMqtt: false));
        Assert.Empty(StartNote.Lines(State("", isArmed: true), "r.yaml", hasMqtt: true));
    }

    private static SafetyState State(string haltId, bool isArmed) => new(
        SafetyLevel.Halt, SafetyInput.Halt, "too hot", "a resume", SensorClock.System.Now, isArmed, haltId, "");
}
