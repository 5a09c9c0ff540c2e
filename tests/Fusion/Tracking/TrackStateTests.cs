using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Tracking;

/// <summary>
/// What a track keeps of an object: where it is, what it is called, and which detections it is offered.
/// </summary>
public sealed class TrackStateTests
{
    [Fact]
    public void Something_that_moves_evenly_is_found_where_it_will_be()
    {
        var axis = KalmanAxis.Start(100, 5, 50);
        for (var i = 1; i <= 40; i++)
        {
            axis.Predict(0.1, 0.01, 0.01);
            axis.Correct(100 + 30 * 0.1 * i, 4);
        }

        Assert.InRange(axis.Velocity, 28, 32);
        axis.Predict(1, 0, 0);
        Assert.InRange(axis.Position, 247, 253);
    }

    [Fact]
    public void A_measurement_without_doubt_is_taken_as_it_is_and_a_worthless_one_not_at_all()
    {
        var sure = KalmanAxis.Start(100, 5, 50);
        sure.Correct(120, 1e-12);
        Assert.Equal(120, sure.Position, 1e-6);
        var unsure = KalmanAxis.Start(100, 5, 50);
        unsure.Correct(120, 1e12);
        Assert.Equal(100, unsure.Position, 1e-6);
    }

    [Property(MaxTest = 300)]
    public Property Variances_stay_variances_whatever_is_measured() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(-2000, 2000)).ToArbitrary(), measured =>
        {
            var axis = KalmanAxis.Start(0, 3, 100);
            foreach (var position in measured)
            {
                axis.Predict(Math.Abs(position % 7) / 10.0, 1e-6, 1e-6);
                axis.Correct(position, Math.Max(1e-6, Math.Abs(position % 5)));
                if (!(axis.PositionVariance > 0) || !double.IsFinite(axis.Position)) return false;
                if (axis.Covariance * axis.Covariance > axis.PositionVariance * axis.VelocityVariance * (1 + 1e-9))
                    return false;
            }

            return true;
        });

    [Fact]
    public void The_label_with_the_most_weight_wins_and_the_earlier_of_equals()
    {
        var vote = new LabelVote();
        Assert.Equal("", vote.Winner);
        vote.Add("cup", 0.5f);
        vote.Add("bowl", 0.5f);
        Assert.Equal("cup", vote.Winner);
        vote.Add("bowl", 0.1f);
        Assert.Equal("bowl", vote.Winner);
    }

    [Fact]
    public void Old_votes_fade_before_new_ones()
    {
        var vote = new LabelVote();
        for (var i = 0; i < 10; i++) vote.Add("truck", 0.9f);
        for (var i = 0; i < 5; i++)
        {
            vote.Fade(0.5f);
            vote.Add("car", 0.9f);
        }

        Assert.Equal("car", vote.Winner);
    }

    [Fact]
    public void A_fifth_label_takes_the_weakest_ones_place()
    {
        var vote = new LabelVote();
        foreach (var (label, weight) in new[] { ("a", 4f), ("b", 3f), ("c", 2f), ("d", 1f), ("e", 1.5f) })
            vote.Add(label, weight);
        // Its votes went with it: one more does not bring them back.
        vote.Add("d", 1);
        for (var i = 0; i < 3; i++) vote.Add("e", 1);
        Assert.Equal("a", vote.Winner);
        vote.Add("d", 5);
        Assert.Equal("d", vote.Winner);
    }

    [Fact]
    public void Detections_come_best_first_however_they_came()
    {
        Detection[] given =
            [Cup(0.5f, 10), Cup(0.9f, 30), Cup(0.5f, 5), new("bowl", 0.5f, new BoundingBox(5, 0, 10, 10)),
                Cup(0.2f, 1)];
        var forward = Filled(given, 0.3f);
        Array.Reverse(given);
        var backward = Filled(given, 0.3f);
        Assert.Equal(forward, backward);
        Assert.Equal([(0.9f, 30f, "cup"), (0.5f, 5f, "bowl"), (0.5f, 5f, "cup"), (0.5f, 10f, "cup")], forward);
    }

    [Theory]
    [InlineData("", 0.5f, 1, 1)]
    [InlineData("cup", float.NaN, 1, 1)]
    [InlineData("cup", float.PositiveInfinity, 1, 1)]
    [InlineData("cup", 0.5f, 0, 1)]
    [InlineData("cup", 0.5f, 1, -1)]
    [InlineData("cup", 0.5f, float.NaN, 1)]
    [InlineData("cup", 0.5f, float.PositiveInfinity, 1)]
    public void What_cannot_be_an_object_is_counted_and_left_out(string label, float score, float width, float height)
    {
        var list = new DetectionList(4);
        list.Fill([new Detection(label, score, new BoundingBox(0, 0, width, height)), Cup(0.4f, 1)], [], 0.1f);
        Assert.Equal((1, 1L, 0L), (list.Count, list.Invalid, list.Excess));
    }

    [Fact]
    public void Of_too_many_the_best_are_kept()
    {
        var list = new DetectionList(3);
        list.Fill([Cup(0.2f, 1), Cup(0.4f, 2), Cup(0.3f, 3), Cup(0.9f, 4), Cup(0.1f, 5)], [], 0);
        Assert.Equal([0.9f, 0.4f, 0.3f], Enumerable.Range(0, list.Count).Select(i => list[i].Score));
        Assert.Equal((2L, 2, 1), (list.Excess, list.CountFrom(0.4f), list.CountFrom(0.5f)));
    }

    private static Detection Cup(float score, float x) => new("cup", score, new BoundingBox(x, 0, 10, 10));

    private static (float Score, float X, string Label)[] Filled(Detection[] detections, float minScore)
    {
        var list = new DetectionList(16);
        list.Fill(detections, [], minScore);
        return [.. Enumerable.Range(0, list.Count).Select(i => (list[i].Score, list[i].Box.X, list[i].Label))];
    }
}
