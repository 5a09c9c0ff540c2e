using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Tests.Hosting;

public sealed class SafetyHealthTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly SafetySupervisor _safety;
    private SafetyMarkKeeper _marks;

    public SafetyHealthTests()
    {
        _clock = new SensorClock(_time);
        _safety = new SafetySupervisor(new SafetySettings(), _clock);
        _marks = Marks(_ => { });
    }

    [Fact]
    public void It_says_what_holds_the_robot_and_what_leads_back()
    {
        Decide();
        Assert.Equal(
            new ComponentHealth(
                "safety", HealthStatus.Degraded, "degrade: not armed; way back: an arm, by topic or controller"),
            Look());
        _safety.Halt("too near");
        Assert.StartsWith("halt: too near; way back: a resume", Look().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_well_at_act_and_not_while_a_restart_would_not_know()
    {
        Decide();
        _safety.Arm();
        Assert.Equal(new ComponentHealth("safety", HealthStatus.Ok, "act"), Look());
        _marks = Marks(_ => throw new IOException("no space"));
        await _marks.BeginAsync();
        Assert.Equal(
            new ComponentHealth(
                "safety", HealthStatus.Degraded, "act; the mark of this run cannot be written: no space"),
            Look());
    }

    public void Dispose()
    {
        _marks.Dispose();
        _safety.Dispose();
    }

    private void Decide()
    {
        for (var i = 0; i < 12; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _safety.Decided(_clock.Monotonic);
        }
    }

    private ComponentHealth Look() => Assert.Single(new SafetyHealth(_safety, _marks).Look());

    private SafetyMarkKeeper Marks(Action<SafetyMark> write) =>
        new(() => null, write, _safety, _clock, isMarkNeeded: false);
}
