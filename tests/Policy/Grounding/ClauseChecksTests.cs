using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>Which clause of a description holds for an object, and what it was compared with.</summary>
public sealed class ClauseChecksTests
{
    private const string Table =
        "a cup 50 200 40 40 red=1; b cup 300 200 40 40 blue=1; c cup 550 200 40 40; d dog 100 200 60 60";

    [Fact]
    public void The_noun_comes_first_and_holds_where_it_names_the_object()
    {
        Assert.Equal([(null, true)], Of(Table, Cup(), 0));
        Assert.Equal([(null, false)], Of(Table, Cup(), 3));
        Assert.Equal([(null, true)], Of(Table, Cup() with { KnownId = "d" }, 3));
    }

    [Fact]
    public void A_colour_holds_or_not_and_what_was_not_measured_is_not_held_against_it()
    {
        var red = Cup(new ColorModifier("red", [Lexicon.Default.Color("red")], false, false, false));
        Assert.Equal([(null, true), ("red", true)], Of(Table, red, 0));
        Assert.Equal([(null, true), ("red", false)], Of(Table, red, 1));
        Assert.Equal([(null, true), ("red", true)], Of(Table, red, 2));
    }

    [Fact]
    public void Words_that_no_label_explains_are_clauses_that_nothing_contradicts() => Assert.Equal(
        [(null, true), ("zorby", true)], Of(Table, new NounPhrase { Text = "", Noun = ["zorby", "cup"] }, 0));

    [Fact]
    public void A_relation_is_checked_against_its_anchor_whose_own_clauses_follow()
    {
        var brown = new ColorModifier("brown", [Lexicon.Default.Color("brown")], false, false, false);
        var dog = new NounPhrase { Text = "the brown dog", Noun = ["dog"], Modifiers = [brown] };
        var right = new RelationModifier("right of", SpatialRelation.RightOf, [dog], false);
        Assert.Equal([(null, true), ("right of", true), ("brown", true)], Of(Table, Cup(right), 1));
        Assert.Equal([(null, true), ("right of", false), ("brown", true)], Of(Table, Cup(right), 0));
        Assert.Equal("d", Assert.Single(Checks(Table, Cup(right), 1)[1].Others).Source.Id);
        var not = Cup(right with { Negated = true });
        Assert.Equal([(null, true), ("right of", true), ("brown", true)], Of(Table, not, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_relation_to_what_is_not_there_does_not_hold(bool negated)
    {
        var cow = new NounPhrase { Text = "the cow", Noun = ["cow"] };
        var near = new RelationModifier("next to", SpatialRelation.NextTo, [cow], negated);
        var between = new RelationModifier("between", SpatialRelation.Between, [cow, cow], negated);
        Assert.Equal([(null, true), ("next to", false)], Of(Table, Cup(near), 0));
        Assert.Equal([(null, true), ("between", false)], Of(Table, Cup(between), 0));
    }

    [Fact]
    public void Between_names_both_ends_and_holds_for_what_stands_on_the_way()
    {
        var cups = new NounPhrase { Text = "the two cups", Noun = ["cups"], Quantity = Quantity.Exactly, Count = 2 };
        var between = new RelationModifier("between", SpatialRelation.Between, [cups], false);
        const string row = "a cup 50 200 40 40; b dog 300 200 40 40; c cup 550 200 40 40; d dog 300 400 40 40";
        var dog = new NounPhrase { Text = "the dog", Noun = ["dog"], Modifiers = [between] };
        var check = Checks(row, dog, 1)[1];
        Assert.True(check.Holds);
        Assert.Equal(["a", "c"], check.Others.Select(other => other.Source.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_order_is_checked_against_the_others_of_its_kind()
    {
        var left = Cup(new SelectionModifier("leftmost", Scale.Left, 0, false, false));
        Assert.True(Checks(Table, left, 0)[1].Holds);
        var check = Checks(Table, left, 2)[1];
        Assert.False(check.Holds);
        Assert.Equal(["a", "b"], check.Others.Select(other => other.Source.Id).Order(StringComparer.Ordinal));
        Assert.True(Checks("a cup 50 200 40 40; d dog 10 200 60 60", left, 0)[1].Holds);
    }

    [Fact]
    public void An_order_that_is_not_measured_is_not_held_against_it()
    {
        var fast = Cup(new SelectionModifier("fastest", Scale.Fast, 0, false, false));
        var check = Checks(Table, fast, 1)[1];
        Assert.True(check.Holds);
        Assert.Empty(check.Others);
    }

    [Fact]
    public void Chains_of_relations_are_followed_two_links_deep()
    {
        var chain = new NounPhrase { Text = "the dog", Noun = ["dog"] };
        for (var i = 0; i < 5; i++)
        {
            var label = i % 2 == 0 ? "cup" : "dog";
            var relation = new RelationModifier($"link {i}", SpatialRelation.NextTo, [chain], false);
            chain = new NounPhrase { Text = label, Noun = [label], Modifiers = [relation] };
        }

        var clauses = Of("a cup 100 200 40 40; d dog 150 200 40 40", chain, 0);
        Assert.Equal([null, "link 4", "link 3", "link 2"], clauses.Select(clause => clause.Clause));
    }

    private static NounPhrase Cup(params Modifier[] modifiers) =>
        new() { Text = "the cup", Noun = ["cup"], Modifiers = modifiers };

    private static (string? Clause, bool Holds)[] Of(string objects, NounPhrase phrase, int index) =>
        [.. Checks(objects, phrase, index).Select(check => (check.Modifier?.Text, check.Holds))];

    private static List<ClauseCheck> Checks(string objects, NounPhrase phrase, int index) =>
        [.. new ClauseChecks(new DescriptionResolver(
            new SceneView(TestScene.Of(objects), GroundingThresholds.Default))).Of(phrase, index)];
}
