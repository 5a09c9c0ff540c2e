using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>Descriptions are edited wherever they stand in a command.</summary>
public sealed class PhraseEditorTests
{
    private readonly List<string> _seen = [];

    [Fact]
    public void Targets_destinations_and_what_to_avoid_are_edited()
    {
        var edited = Edit(Command([new CommandStep(RobotActionKind.Stop, Of("a"), Of("b"))], Of("c")));
        Assert.Equal(["a", "b", "c"], _seen);
        Assert.Equal(("A", "B", "C"),
            (edited.Steps[0].Target!.Text, edited.Steps[0].Destination!.Text, edited.Avoid[0].What.Text));
    }

    [Fact]
    public void What_a_description_relates_to_is_edited_before_it_however_deep()
    {
        var inner = Of("b", new RelationModifier("on", SpatialRelation.On, [Of("a")], false));
        var outer = Of("e", new RelationModifier("between", SpatialRelation.Between, [inner, Of("c")], true),
            new ExclusionModifier("not", Of("d"))) with
        { Alternatives = [Of("f")] };
        var edited = Edit(Command([new CommandStep(RobotActionKind.Stop, outer, null)])).Steps[0].Target!;
        Assert.Equal(["a", "b", "c", "d", "f", "e"], _seen);
        var relation = Assert.IsType<RelationModifier>(edited.Modifiers[0]);
        Assert.Equal(["B", "C"], relation.Anchors.Select(anchor => anchor.Text));
        Assert.Equal(("between", SpatialRelation.Between, true), (relation.Text, relation.Relation, relation.Negated));
        var on = Assert.IsType<RelationModifier>(Assert.Single(relation.Anchors[0].Modifiers));
        Assert.Equal("A", Assert.Single(on.Anchors).Text);
        Assert.Equal("D", Assert.IsType<ExclusionModifier>(edited.Modifiers[1]).Excluded.Text);
        Assert.Equal("F", Assert.Single(edited.Alternatives).Text);
    }

    [Fact]
    public void A_supposed_relation_is_followed_only_where_it_has_an_anchor()
    {
        var phrase = Of("b", new SupposedModifier("flanks", Of("a")), new SupposedModifier("zorby", null));
        var edited = Edit(Command([new CommandStep(RobotActionKind.Stop, phrase, null)])).Steps[0].Target!;
        Assert.Equal(["a", "b"], _seen);
        Assert.Equal(["A", null],
            edited.Modifiers.Cast<SupposedModifier>().Select(supposed => supposed.Anchor?.Text));
    }

    [Fact]
    public void Other_properties_stay_as_they_are()
    {
        Modifier[] properties = [new UnmeasuredModifier("old"), new MotionModifier("moving", Motion.Moving, false)];
        var edited = Edit(Command([new CommandStep(RobotActionKind.Stop, Of("a", properties), null)]));
        Assert.Equal(properties, edited.Steps[0].Target!.Modifiers);
        Assert.All(edited.Steps[0].Target!.Modifiers.Zip(properties), pair => Assert.Same(pair.First, pair.Second));
    }

    [Fact]
    public void One_description_of_two_steps_stays_one_and_two_that_are_alike_stay_two()
    {
        var (shared, alike) = (Of("a"), Of("a"));
        var edited = Edit(Command([
            new CommandStep(RobotActionKind.Stop, shared, alike),
            new CommandStep(RobotActionKind.Stop, shared, null)]));
        Assert.Equal(["a", "a"], _seen);
        Assert.Same(edited.Steps[0].Target, edited.Steps[1].Target);
        Assert.NotSame(edited.Steps[0].Target, edited.Steps[0].Destination);
    }

    [Fact]
    public void A_command_without_descriptions_has_nothing_to_edit()
    {
        var edited = Edit(Command([new CommandStep(RobotActionKind.Stop, null, null)]));
        Assert.Empty(_seen);
        Assert.Equal((RobotActionKind.Stop, null, null),
            (edited.Steps[0].Action, edited.Steps[0].Target, edited.Steps[0].Destination));
    }

    private ParsedCommand Edit(ParsedCommand command) => new PhraseEditor(phrase =>
    {
        _seen.Add(phrase.Text);
        return phrase with { Text = phrase.Text.ToUpperInvariant() };
    }).In(command);

    private static NounPhrase Of(string text, params Modifier[] modifiers) =>
        new() { Text = text, Modifiers = modifiers };

    private static ParsedCommand Command(CommandStep[] steps, params NounPhrase[] avoid) =>
        new("", steps, [.. avoid.Select(what => new Avoidance(what))], null);
}
