using EdgePerception.Fusion.Vision;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision;

public sealed class NearLabelsTests
{
    private static readonly Arbitrary<(string Label, int Score)[]> Offers = (
        from label in Gen.Elements("dog", "bear", "cow", "sheep", "cat")
        from score in Gen.Choose(0, 9)
        select (label, score)).ArrayOf().ToArbitrary();

    [Property(Replay = "14,15")]
    public Property The_three_best_labels_stay_each_with_its_best_score() => Prop.ForAll(Offers, offers =>
    {
        NearLabels near = default;
        foreach (var (label, score) in offers) near = near.With(new LabelScore(label, score / 10f));
        float[] best = [
            .. offers.Where(offer => offer.Score > 0).GroupBy(offer => offer.Label)
                .Select(all => all.Max(offer => offer.Score) / 10f).OrderDescending().Take(NearLabels.Most)];
        LabelScore[] kept = [.. Enumerable.Range(0, near.Count).Select(i => near[i])];
        Assert.Equal(best, kept.Select(one => one.Score));
        Assert.Equal(kept.Length, kept.Select(one => one.Label).Distinct().Count());
        Assert.All(kept, one => Assert.Contains(((int)MathF.Round(one.Score * 10), one.Label),
            offers.Select(offer => (offer.Score, offer.Label))));
    });

    [Fact]
    public void Likelihoods_are_beside_a_score_and_never_above_it()
    {
        var near = default(NearLabels).With(new LabelScore("bear", 0.2f)).With(new LabelScore("dog", 0.5f));
        Assert.Equal(new NearLabels(new("dog", 1), new("bear", 0.5f), default), near.BesideOf(0.4f));
    }

    [Fact]
    public void What_is_not_there_is_not_given() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => default(NearLabels)[NearLabels.Most]);
}
