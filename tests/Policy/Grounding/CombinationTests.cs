using EdgePerception.Fusion.Attention;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>What rules and network say of one of two cups, weighed alike unless a test says otherwise.</summary>
public sealed class CombinationTests
{
    private static readonly NounPhrase Cup = new() { Text = "the cup", Noun = ["cup"], IsNamed = true };
    private static readonly SceneView Cups =
        new(TestScene.Of("a cup 50 200 40 40; b cup 500 200 40 40"), GroundingThresholds.Default);
    private static readonly GroundingCalibration Even = new()
    {
        Combined = Weights(1, 0.60),
        Partly = Weights(1, 0.65),
        Unread = Weights(1, 0.70),
        Network = Weights(0, 0.75),
        Risks = [0.05],
    };

    public static TheoryData<NounPhrase> NotForTheNetwork =>
    [
        Cup with { Quantity = Quantity.All }, Cup with { IsSpeaker = true }, Cup with { KnownId = "a" },
        Cup with { Called = "a" }, Cup with { Alternatives = [Cup] },
        Cup with { Modifiers = [new MotionModifier("", Motion.Approaching, false)] },
        Cup with { Modifiers = [new SelectionModifier("", Scale.Fast, 0, false, false)] },
        Cup with { Modifiers = [new SelectionModifier("", Scale.Left, 0, true, false)] },
        Cup with { Modifiers = [new ColorModifier("", [Lexicon.Default.Color("red")], false, true, false)] },
        Cup with { Modifiers = [new ColorModifier("", [Lexicon.Default.Color("light blue")], false, false, false)] },
        Cup with { Modifiers = [new RelationModifier("", SpatialRelation.In, [Cup], false)] },
        Cup with { Modifiers = [new ExclusionModifier("", Cup)] },
    ];

    [Property(MaxTest = 300, Replay = "17,31")]
    public Property Whatever_the_network_answers_the_outcomes_are_probabilities_that_add_up_to_one() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements(0, 0.2f, 0.7f, 1, 7, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity), 5)
            .ToArbitrary(), given =>
            {
                var role = new RoleReading([given[0], given[1]], given[2], given[3], given[4]);
                var combination = Of(role);
                return new[] { combination.Weigh(role), combination.Weigh(Cup, Rules(Cup))! }.All(posterior =>
                    Math.Abs(posterior.None + posterior.Several + posterior.Single.Sum() - 1) < 1e-9
                    && posterior.Single.Append(posterior.None).Append(posterior.Several).All(p => p is > 0 and < 1));
            });

    [Property(Replay = "17,31")]
    public Property The_surer_the_network_is_of_an_object_the_likelier_it_is() => Prop.ForAll(
        Gen.Choose(0, 99).ToArbitrary(), percent =>
        {
            var (less, more) = (Network(percent / 100f), Network((percent + 1) / 100f));
            return Of(less).Weigh(Cup, Rules(Cup))!.Single[0] < Of(more).Weigh(Cup, Rules(Cup))!.Single[0]
                && Of(less).Weigh(less).Single[0] < Of(more).Weigh(more).Single[0];
        });

    [Fact]
    public void Neither_opinion_is_a_veto_and_the_heavier_one_decides()
    {
        var left = Cup with { Modifiers = [new SelectionModifier("leftmost", Scale.Left, 0, false, false)] };
        var other = Network(0);
        Assert.InRange(Of(other, Even, left).Weigh(left, Rules(left))!.Single[0], 0.35, 0.6);
        Assert.InRange(Of(other, Even, left).Weigh(left, Rules(left))!.Single[1], 0.35, 0.6);
        var trusting = Even with { Combined = Weights(0.2, 0.6) };
        Assert.Equal(1, Of(other, trusting, left).Weigh(left, Rules(left))!.Top);
        Assert.Equal(0, Of(other, Even with { Combined = Weights(3, 0.6) }, left).Weigh(left, Rules(left))!.Top);
    }

    [Fact]
    public void That_nothing_was_asked_is_no_answer_to_what_was()
    {
        var unsure = new RoleReading([0.1f, 0], 0, 0, 0.9f);
        Assert.Equal(Of(Network(1)).Weigh(Network(1)).Single[0], Of(unsure).Weigh(unsure).Single[0], 1e-6);
    }

    [Fact]
    public void A_bias_moves_what_nothing_and_several_weigh()
    {
        var even = Of(Network(0.5f)).Weigh(Network(0.5f));
        var biased = Even with { Network = Weights(0, 0.75) with { Absent = 5, Several = 3 } };
        var moved = Of(Network(0.5f), biased).Weigh(Network(0.5f));
        Assert.Equal(even.None / even.Single[0] * Math.Exp(5), moved.None / moved.Single[0], 1e-6);
        Assert.Equal(even.Several / even.Single[0] * Math.Exp(3), moved.Several / moved.Single[0], 1e-6);
    }

    [Fact]
    public void An_object_that_the_network_was_not_shown_is_unlikely_but_possible()
    {
        var combination = Of(new RoleReading([1], 0, 0, 0), objects: ["b"]);
        Assert.Equal([-1, 0], combination.Shown);
        var posterior = combination.Weigh(combination.Reading.Target);
        Assert.Equal(1, posterior.Top);
        Assert.InRange(posterior.Single[0], 1e-6, 0.01);
    }

    [Fact]
    public void How_much_the_rules_understand_decides_which_figures_hold()
    {
        var zorby = Cup with { Noun = ["zorby", "cup"] };
        var zorb = Cup with { Noun = ["zorb"] };
        var byZorb = Cup with { Modifiers = [new RelationModifier("", SpatialRelation.NextTo, [zorb], false)] };
        Assert.Equal([(RuleReading.Whole, 0.60), (RuleReading.Partly, 0.65), (RuleReading.Unknown, 0.70),
            (RuleReading.Unknown, 0.70)],
            new[] { Cup, zorby, zorb, byZorb }.Select(phrase =>
            {
                var combination = Of(Network(1), Even, phrase);
                return (combination.ReadingOf(phrase, Rules(phrase))!.Value,
                    combination.Weigh(phrase, Rules(phrase))!.MinAct);
            }));
        Assert.Equal(0.75, Of(Network(1)).Weigh(Network(1)).MinAct);
    }

    [Theory]
    [MemberData(nameof(NotForTheNetwork))]
    public void What_the_network_was_not_trained_for_is_left_to_the_rules(NounPhrase phrase) =>
        Assert.Null(Of(Network(1), Even, phrase).Weigh(phrase, Rules(phrase)));

    [Fact]
    public void A_description_of_another_command_or_of_several_steps_is_left_to_the_rules()
    {
        Assert.Null(Of(Network(1)).Weigh(Cup with { }, Rules(Cup)));
        var step = new CommandStep(RobotActionKind.Stop, Cup, null);
        foreach (var steps in new CommandStep[][]
            { [], [step, step], [step with { Counts = true }], [step with { IsOpenQuestion = true }] })
            Assert.Null(Of(Network(1), Even, steps).Weigh(Cup, Rules(Cup)));
    }

    private static RoleReading Network(float first) => new([first, 1 - first], 0, 0, 0);

    private static OpinionWeights Weights(double rules, double act) =>
        new() { Rules = rules, Act = act, Thresholds = [0.5] };

    private static Referents Rules(NounPhrase phrase) => new DescriptionResolver(Cups).Resolve(phrase);

    private static Combination Of(
        RoleReading role, GroundingCalibration? calibration = null, NounPhrase? phrase = null,
        string[]? objects = null) =>
        Of(role, calibration ?? Even, [new CommandStep(RobotActionKind.Stop, phrase ?? Cup, null)], objects);

    private static Combination Of(
        RoleReading role, GroundingCalibration calibration, CommandStep[] steps, string[]? objects = null)
    {
        var reading = new AttentionReading
        {
            Words = ["cup"],
            Objects = objects ?? ["a", "b"],
            Sounds = [],
            Target = role,
            Destination = role,
            Avoid = role,
            IntentNames = ["none"],
            Intents = [1],
            Gates = new ModalityGates(1, 1, 0),
            Attention = new float[2, 1],
        };
        return new Combination(
            reading, new ParsedCommand("", steps, [], null), Cups, calibration, new GrounderSettings());
    }
}
