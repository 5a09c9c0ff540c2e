using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>The cheapest derivations of each constituent, and how a cell is filled.</summary>
public sealed class ChartCellTests
{
    [Fact]
    public void A_cell_in_which_nothing_was_found_is_none()
    {
        var draft = new ChartCellDraft(3);
        Assert.True(draft.IsEmpty);
        Assert.Null(draft.Finish());
        Assert.Null(draft.PriceOf(2, 0));
    }

    [Fact]
    public void Derivations_are_kept_cheapest_first_and_the_earlier_of_equals_first()
    {
        var draft = new ChartCellDraft(3);
        Assert.True(draft.Put(1, Of(2, 10)));
        Assert.True(draft.Put(1, Of(1, 11)));
        Assert.True(draft.Put(1, Of(2, 12)));
        Assert.Equal((1f, 2f, 2f, null),
            (draft.PriceOf(1, 0), draft.PriceOf(1, 1), draft.PriceOf(1, 2), draft.PriceOf(1, 3)));
        Assert.Null(draft.PriceOf(0, 0));
        Assert.Equal([11, 10, 12], Productions(draft.Finish()!, 1));
    }

    [Fact]
    public void A_seventh_derivation_takes_the_place_of_the_dearest_or_is_refused()
    {
        var draft = new ChartCellDraft(1);
        for (var i = 0; i < ChartCell.Best; i++) Assert.True(draft.Put(0, Of(10 + i, i)));
        Assert.False(draft.Put(0, Of(15, 6)));
        Assert.False(draft.Put(0, Of(99, 7)));
        Assert.True(draft.Put(0, Of(14.5f, 8)));
        Assert.True(draft.Put(0, Of(0, 9)));
        Assert.Equal([9, 0, 1, 2, 3, 4], Productions(draft.Finish()!, 0));
    }

    [Fact]
    public void Constituents_stand_in_the_order_in_which_they_were_found()
    {
        var draft = new ChartCellDraft(5);
        draft.Put(4, Of(1, 40));
        draft.Put(2, Of(1, 20));
        draft.Put(4, Of(0, 41));
        var cell = draft.Finish()!;
        Assert.Equal([(4, 2), (2, 1)], cell.Entries.ToArray().Select(entry => (entry.Symbol, entry.Count)));
        Assert.Equal([41, 40], Productions(cell, 4));
        Assert.Equal([20], Productions(cell, 2));
        Assert.Empty(Productions(cell, 3));

        var places = new int[5];
        cell.Index(places, isThere: true);
        Assert.Equal([0, 0, 2, 0, 1], places);
        cell.Index(places, isThere: false);
        Assert.Equal(new int[5], places);
    }

    [Fact]
    public void A_finished_cell_does_not_change_when_the_next_one_is_filled()
    {
        var draft = new ChartCellDraft(2);
        draft.Put(0, Of(1, 1));
        var first = draft.Finish()!;
        Assert.True(draft.IsEmpty);
        Assert.Null(draft.PriceOf(0, 0));
        draft.Put(1, Of(5, 5));
        draft.Put(0, Of(4, 4));
        Assert.Equal([1], Productions(first, 0));
        Assert.Empty(Productions(first, 1));
        Assert.Equal([4], Productions(draft.Finish()!, 0));
    }

    [Fact]
    public void There_is_room_for_every_symbol_of_a_grammar()
    {
        var draft = new ChartCellDraft(300);
        for (var symbol = 0; symbol < 300; symbol++) draft.Put(symbol, Of(symbol, symbol));
        var cell = draft.Finish()!;
        for (var symbol = 0; symbol < 300; symbol++) Assert.Equal([symbol], Productions(cell, symbol));
    }

    [Property(Replay = "17,31")]
    public Property The_six_cheapest_of_any_are_kept() => Prop.ForAll(
        Gen.NonEmptyListOf(Gen.Choose(0, 9)).ToArbitrary(), prices =>
        {
            var draft = new ChartCellDraft(1);
            for (var i = 0; i < prices.Count; i++) draft.Put(0, Of(prices[i], i));
            var expected = Enumerable.Range(0, prices.Count).OrderBy(i => prices[i]).Take(ChartCell.Best);
            return expected.SequenceEqual(Productions(draft.Finish()!, 0));
        });

    private static Derivation Of(float price, int production) => new(price, production, 1, 0, 0);

    private static int[] Productions(ChartCell cell, int symbol) =>
        [.. cell.Of(symbol).ToArray().Select(derivation => derivation.Production)];
}
