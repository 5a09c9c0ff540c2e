using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static EdgePerception.Policy.Safety.SafetyLevel;

namespace EdgePerception.Policy.Tests.Safety;

/// <summary>The ladder in virtual time: degrade after 1 s, halt after 3 s, back after 0.5 s in time.</summary>
public sealed class SafetyLadderTests : IDisposable
{
    private readonly SetWallClock _time = new();
    private readonly SensorClock _clock;
    private readonly SafetySupervisor _safety;

    public SafetyLadderTests()
    {
        _clock = new SensorClock(_time);
        _safety = new SafetySupervisor(new SafetySettings { ArmAtStart = true }, _clock);
    }

    public void Dispose() => _safety.Dispose();

    [Fact]
    public void It_stands_at_degrade_until_decisions_have_come_in_time_for_long_enough()
    {
        AssertAt(Degrade, "no decision yet");
        AssertAt(Degrade, "no decision yet");
        PassDeciding(480);
        AssertAt(Degrade, "well again; not yet for long enough");
        PassDeciding(40);
        AssertAt(Act, "decisions come in time");
        Assert.True(_safety.MayAct);
    }

    [Fact]
    public void One_decision_is_not_decisions_in_time()
    {
        Decide();
        Pass(900);
        AssertAt(Degrade, "well again; not yet for long enough");
        Climb();
        Pass(5_000);
        Decide();
        Pass(900);
        AssertAt(Degrade, "well again; not yet for long enough");
    }

    [Fact]
    public void No_first_decision_at_all_degrades_no_further_than_a_halt()
    {
        Pass(2_900);
        AssertAt(Degrade, "no decision yet");
        Pass(200);
        AssertAt(Halt, "no decision for more than 3000 ms");
    }

    [Fact]
    public void Silence_goes_down_the_ladder_rung_by_rung_and_each_rung_says_why()
    {
        Climb();
        Pass(1_000);
        AssertAt(Act, "decisions come in time");
        Pass(20);
        AssertAt(Degrade, "no decision for more than 1000 ms");
        Assert.False(_safety.MayAct);
        Assert.Equal(_clock.Monotonic, _safety.State.Since.Monotonic);
        Pass(1_980);
        AssertAt(Degrade, "no decision for more than 1000 ms");
        Pass(20);
        AssertAt(Halt, "no decision for more than 3000 ms");
        Assert.False(_safety.State.NeedsResume);
    }

    [Theory]
    [InlineData(1_500, Degrade)]
    [InlineData(5_000, Halt)]
    public void The_way_back_takes_decisions_in_time_for_long_enough(int silenceMs, SafetyLevel fallen)
    {
        Climb();
        Pass(silenceMs);
        Assert.Equal(fallen, _safety.State.Level);
        PassDeciding(480);
        AssertAt(Degrade, "well again; not yet for long enough");
        PassDeciding(60);
        AssertAt(Act, "decisions come in time");
    }

    [Fact]
    public void A_silence_on_the_way_back_starts_the_way_anew()
    {
        Climb();
        Pass(5_000);
        PassDeciding(400);
        Pass(1_100);
        PassDeciding(400);
        Assert.Equal(Degrade, _safety.State.Level);
        PassDeciding(140);
        Assert.Equal(Act, _safety.State.Level);
    }

    [Fact]
    public void Decisions_on_an_old_world_are_no_decisions_in_time()
    {
        Climb();
        for (var i = 0; i < 100; i++)
        {
            _safety.Decided(_clock.Monotonic - TimeSpan.FromMilliseconds(1_200));
            Pass(20);
        }

        AssertAt(Degrade, "no decision for more than 1000 ms");
    }

    [Fact]
    public void A_decision_on_an_older_world_does_not_take_back_the_newest()
    {
        Climb();
        Decide();
        _safety.Decided(_clock.Monotonic - TimeSpan.FromSeconds(10));
        Pass(900);
        AssertAt(Act, "decisions come in time");
    }

    [Fact]
    public void A_decision_from_the_future_hides_no_silence()
    {
        Climb();
        _safety.Decided(_clock.Monotonic + TimeSpan.FromHours(1));
        Pass(1_020);
        Assert.Equal(Degrade, _safety.State.Level);
        PassDeciding(600);
        Assert.Equal(Act, _safety.State.Level);
        _safety.Decided(TimeSpan.MaxValue);
        Pass(4_000);
        Assert.Equal(Halt, _safety.State.Level);
    }

    [Fact]
    public void A_jump_of_the_wall_clock_makes_it_pause_and_go_on_by_itself()
    {
        Climb();
        _time.JumpUtc(TimeSpan.FromDays(-400));
        _safety.Round();
        AssertAt(Degrade, "the wall clock jumped by more than 1000 ms");
        PassDeciding(480);
        AssertAt(Degrade, "well again; not yet for long enough");
        PassDeciding(60);
        AssertAt(Act, "decisions come in time");
    }

    [Fact]
    public void Without_a_time_to_recover_the_first_decision_is_enough()
    {
        using var safety = new SafetySupervisor(new SafetySettings { RecoverAfterMs = 0, ArmAtStart = true }, _clock);
        safety.Decided(_clock.Monotonic);
        safety.Round();
        Assert.Equal(Act, safety.State.Level);
    }

    [Fact]
    public void A_halt_is_in_force_at_once_and_lasts_until_a_resume()
    {
        Climb();
        _safety.Halt("the person said stop", "c-1");
        Assert.Equal((Halt, "the person said stop", true, "c-1"),
            (_safety.State.Level, _safety.State.Cause, _safety.State.NeedsResume, _safety.State.CommandId));
        PassDeciding(60_000);
        AssertAt(Halt, "the person said stop");
        Assert.True(_safety.Resume());
        AssertAt(Act, "decisions come in time");
        Assert.Equal((false, ""), (_safety.State.NeedsResume, _safety.State.CommandId));
    }

    [Fact]
    public void A_second_halt_takes_the_firsts_place()
    {
        _safety.Halt("first", "c-1");
        _safety.Halt("the e-stop");
        Assert.Equal(("the e-stop", ""), (_safety.State.Cause, _safety.State.CommandId));
        Assert.True(_safety.Resume());
        Assert.False(_safety.Resume());
    }

    [Fact]
    public void A_resume_without_a_halt_says_so_and_lifts_nothing()
    {
        Assert.False(_safety.Resume());
        AssertAt(Degrade, "no decision yet");
        Climb();
        Pass(4_000);
        Assert.False(_safety.Resume());
        AssertAt(Halt, "no decision for more than 3000 ms");
    }

    [Fact]
    public void A_resume_during_silence_leaves_the_silence_in_force()
    {
        Climb();
        _safety.Halt("stop");
        Pass(4_000);
        AssertAt(Halt, "stop");
        Assert.True(_safety.Resume());
        AssertAt(Halt, "no decision for more than 3000 ms");
        Assert.False(_safety.State.NeedsResume);
    }

    [Fact]
    public void A_halt_during_silence_outlasts_the_silence()
    {
        Climb();
        Pass(4_000);
        _safety.Halt("stop");
        PassDeciding(2_000);
        AssertAt(Halt, "stop");
        _safety.Resume();
        Assert.Equal(Act, _safety.State.Level);
    }

    [Fact]
    public void A_resume_is_no_short_cut_past_the_recovery()
    {
        Climb();
        Pass(4_000);
        _safety.Halt("stop");
        PassDeciding(100);
        _safety.Resume();
        Assert.NotEqual(Act, _safety.State.Level);
        PassDeciding(440);
        Assert.Equal(Act, _safety.State.Level);
    }

    [Fact]
    public void A_halt_before_the_first_decision_is_resumed_to_waiting_for_it()
    {
        _safety.Halt("stop");
        _safety.Resume();
        Assert.Equal(Degrade, _safety.State.Level);
        Climb();
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public Property Whatever_happens_motion_needs_no_halt_and_a_fresh_decision()
    {
        var events = Gen.Frequency((6, Gen.Constant("decide")), (4, Gen.Constant("pass")), (2, Gen.Constant("silence")),
            (1, Gen.Constant("halt")), (1, Gen.Constant("resume")), (1, Gen.Constant("old")));
        return Prop.ForAll(events.ListOf(120).ToArbitrary(), happenings =>
        {
            var time = new FakeTimeProvider();
            var clock = new SensorClock(time);
            using var safety = new SafetySupervisor(new SafetySettings { ArmAtStart = true }, clock);
            var (halted, newest, decided) = (false, clock.Monotonic, false);
            foreach (var happening in happenings)
            {
                if (happening is "decide") (newest, decided) = (clock.Monotonic, true);
                if (happening is "decide") safety.Decided(newest);
                if (happening is "old") safety.Decided(newest - TimeSpan.FromSeconds(5));
                if (happening is "pass") time.Advance(TimeSpan.FromMilliseconds(120));
                if (happening is "silence") time.Advance(TimeSpan.FromMilliseconds(1_500));
                if (happening is "halt") safety.Halt("stop");
                if (happening is "halt") halted = true;
                if (happening is "resume") Assert.Equal(halted, safety.Resume());
                if (happening is "resume") halted = false;
                safety.Round();
                var age = clock.Monotonic - newest;
                var state = safety.State;
                Assert.Equal(halted, state.NeedsResume);
                if (halted || age > TimeSpan.FromSeconds(3)) Assert.Equal(Halt, state.Level);
                if (!decided && happening is not "old" || age > TimeSpan.FromSeconds(1)) Assert.False(safety.MayAct);
                decided |= happening is "old";
            }
        });
    }

    private void AssertAt(SafetyLevel level, string cause) =>
        Assert.Equal((level, cause), (_safety.State.Level, _safety.State.Cause));

    private void Decide() => _safety.Decided(_clock.Monotonic);

    private void Climb()
    {
        PassDeciding(540);
        Assert.Equal(Act, _safety.State.Level);
    }

    private void Pass(int ms)
    {
        for (var i = 0; i < ms; i += 20)
        {
            _time.Advance(TimeSpan.FromMilliseconds(Math.Min(20, ms - i)));
            _safety.Round();
        }
    }

    private void PassDeciding(int ms)
    {
        for (var i = 0; i < ms; i += 20)
        {
            Decide();
            Pass(20);
        }

        Decide();
    }
}
