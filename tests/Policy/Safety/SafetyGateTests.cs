using EdgePerception.Policy.Safety;
using EdgePerception.Tests.Support;
using static EdgePerception.Policy.Safety.SafetyLevel;

namespace EdgePerception.Policy.Tests.Safety;

/// <summary>The gate's table, rule by rule at its very limits, and all of them against each other.</summary>
public sealed class SafetyGateTests
{
    private static readonly SafetySettings Settings = new() { OnMicrophoneLost = SafetyReaction.Degrade };

    /// <summary>Inputs at which everything is just as well as it must be.</summary>
    private static readonly SafetyInputs Well = new()
    {
        IsArmed = true,
        HasDecided = true,
        SceneAge = Ms(1_000),
        SceneInTimeFor = Ms(500),
        CalmFor = Ms(500),
        CameraSilence = Ms(3_000),
        MicrophoneSilence = Ms(3_000),
        ControllerOverdue = TimeSpan.Zero,
        LinkLostFor = Ms(2_500),
        Lateness = Ms(300),
        ClockJump = Ms(1_000),
        TemperatureC = 105,
        Vision = 0.15,
        Confidence = 0.3,
    };

    /// <summary>What each input is when it is just not well any more, and where that leads.</summary>
    private static readonly (SafetyInput Input, SafetyLevel Level, Func<SafetyInputs, SafetyInputs> Spoil)[] Ills =
    [
        (SafetyInput.End, Halt, well => well with { IsEnded = true }),
        (SafetyInput.Halt, Halt, well => well with { IsHalted = true }),
        (SafetyInput.SceneLost, Halt, well => well with { SceneAge = Beyond(3_000) }),
        (SafetyInput.Controller, Halt, well => well with { ControllerOverdue = Beyond(0) }),
        (SafetyInput.Link, Degrade, well => well with { LinkLostFor = Beyond(2_500) }),
        (SafetyInput.Camera, Degrade, well => well with { CameraSilence = Beyond(3_000) }),
        (SafetyInput.Microphone, Degrade, well => well with { MicrophoneSilence = Beyond(3_000) }),
        (SafetyInput.Scene, Degrade, well => well with { HasDecided = false }),
        (SafetyInput.Load, Degrade, well => well with { Lateness = Beyond(300) }),
        (SafetyInput.Heat, Degrade, well => well with { TemperatureC = 105.01 }),
        (SafetyInput.Clock, Degrade, well => well with { ClockJump = Beyond(1_000) }),
        (SafetyInput.Arming, Degrade, well => well with { IsArmed = false }),
        (SafetyInput.Recovery, Degrade, well => well with { SceneInTimeFor = Ms(500) - TimeSpan.FromTicks(1) }),
        (SafetyInput.Vision, Clarify, well => well with { Vision = 0.1499 }),
        (SafetyInput.Confidence, Clarify, well => well with { Confidence = 0.2999 }),
    ];

    [Fact]
    public void At_the_very_limits_motion_is_permitted()
    {
        var verdict = SafetyGate.Judge(Well, Settings);
        Assert.Equal(new SafetyVerdict(Act, SafetyInput.None), verdict);
        Assert.True(verdict.Permits);
    }

    [Fact]
    public void What_nobody_has_said_yet_permits_nothing() =>
        Assert.False(SafetyGate.Judge(new SafetyInputs(), Settings).Permits);

    [Fact]
    public void Every_input_has_a_rule_and_one_ill_each()
    {
        var inputs = Enum.GetValues<SafetyInput>().Where(input => input != SafetyInput.None);
        Assert.Equal(inputs.Order(), SafetyGate.Rules.Select(rule => rule.Input).Order());
        Assert.Equal(SafetyGate.Rules.Select(rule => rule.Input), Ills.Select(ill => ill.Input));
    }

    /// <summary>The reduced state space: each input well or ill, all of them together.</summary>
    [Fact]
    public void Of_all_ills_at_once_the_worst_counts_and_of_equals_the_first()
    {
        for (var mask = 0; mask < 1 << Ills.Length; mask++)
        {
            var inputs = Well;
            var expected = new SafetyVerdict(Act, SafetyInput.None);
            for (var i = 0; i < Ills.Length; i++)
            {
                if ((mask >> i & 1) == 0) continue;
                var (input, level, spoil) = Ills[i];
                inputs = spoil(inputs);
                if (level > expected.Level) expected = new SafetyVerdict(level, input);
            }

            var verdict = SafetyGate.Judge(inputs, Settings);
            Assert.True(expected == verdict, $"{Convert.ToString(mask, 2)}: {verdict}, not {expected}");
            Assert.Equal(mask == 0, verdict.Permits);
        }
    }

    [Fact]
    public void A_scene_beyond_its_age_degrades_before_it_is_lost()
    {
        Assert.Equal(
            new SafetyVerdict(Degrade, SafetyInput.Scene),
            SafetyGate.Judge(Well with { SceneAge = Beyond(1_000) }, Settings));
        Assert.Equal(Degrade, SafetyGate.Judge(Well with { SceneAge = Ms(3_000) }, Settings).Level);
    }

    [Fact]
    public void Calm_must_have_lasted_as_long_as_decisions_in_time() => Assert.Equal(
        new SafetyVerdict(Degrade, SafetyInput.Recovery),
        SafetyGate.Judge(Well with { CalmFor = Ms(500) - TimeSpan.FromTicks(1) }, Settings));

    [Theory]
    [InlineData(SafetyReaction.None, Act)]
    [InlineData(SafetyReaction.Degrade, Degrade)]
    [InlineData(SafetyReaction.Halt, Halt)]
    public void A_loss_leads_where_the_settings_say(SafetyReaction reaction, SafetyLevel level)
    {
        var settings = Settings with
        {
            OnLinkLost = reaction,
            OnCameraLost = reaction,
            OnMicrophoneLost = reaction,
        };
        foreach (var ill in Ills.Where(ill =>
                     ill.Input is SafetyInput.Link or SafetyInput.Camera or SafetyInput.Microphone))
            Assert.Equal(level, SafetyGate.Judge(ill.Spoil(Well), settings).Level);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_figure_that_is_none_permits_nothing_where_one_is_needed(double figure)
    {
        Assert.Equal(Clarify, SafetyGate.Judge(Well with { Vision = figure }, Settings).Level);
        Assert.Equal(Clarify, SafetyGate.Judge(Well with { Confidence = figure }, Settings).Level);
    }

    [Fact]
    public void Where_nothing_measures_heat_or_it_is_not_wanted_it_withholds_nothing()
    {
        Assert.True(SafetyGate.Judge(Well with { TemperatureC = double.NaN }, Settings).Permits);
        Assert.True(
            SafetyGate.Judge(Well with { TemperatureC = 900 }, Settings with { MaxTemperatureC = 0 }).Permits);
        Assert.False(
            SafetyGate.Judge(Well with { TemperatureC = 1.1 }, Settings with { MaxTemperatureC = 1 }).Permits);
    }

    [Fact]
    public void Judging_allocates_nothing()
    {
        var sum = 0;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++) sum += (int)SafetyGate.Judge(Well, Settings).Level;
        }));
        Assert.Equal(0, sum);
    }

    [Fact]
    public void What_must_stay_well_for_a_while_is_no_calm_and_nothing_else_is()
    {
        Assert.True(SafetyGate.IsCalm(Well, Settings));
        SafetyInput[] expected =
        [
            SafetyInput.Controller, SafetyInput.Link, SafetyInput.Camera, SafetyInput.Microphone, SafetyInput.Load,
            SafetyInput.Heat, SafetyInput.Clock,
        ];
        Assert.Equal(
            expected, Ills.Where(ill => !SafetyGate.IsCalm(ill.Spoil(Well), Settings)).Select(ill => ill.Input));
    }

    [Fact]
    public void Every_rule_says_what_it_watches_its_cause_and_the_way_back()
    {
        foreach (var rule in SafetyGate.Rules)
        {
            Assert.NotEmpty(rule.Watches);
            Assert.NotEmpty(rule.Deadline);
            Assert.NotEmpty(rule.WayBack);
            Assert.NotEmpty(rule.Cause(Settings));
        }

        string[] causes = [.. SafetyGate.Rules.Select(rule => rule.Cause(Settings))];
        Assert.Contains("no decision for more than 3000 ms", causes);
        Assert.Contains("a camera gives no pictures for more than 3000 ms", causes);
        Assert.Contains("a microphone gives no sound for more than 3000 ms", causes);
        Assert.Contains("the safety thread came more than 300 ms too late", causes);
        Assert.Contains("hotter than 105 °C", causes);
        Assert.Contains("the wall clock jumped by more than 1000 ms", causes);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static TimeSpan Beyond(int milliseconds) => Ms(milliseconds) + TimeSpan.FromTicks(1);
}
