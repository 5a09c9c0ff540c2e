using EdgePerception.Fusion.Vision.Decoders;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

public class CandidatesTests
{
    private static readonly Arbitrary<float[]> Scores = Gen.Choose(-5, 50).Select(score => score / 40f).ListOf()
        .Select(list => list.ToArray()).ToArbitrary();

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property They_are_ranked_by_score_and_then_by_row() => Prop.ForAll(Scores, scores =>
    {
        var candidates = new Candidates(scores.Length, 0.25f);
        for (var run = 0; run < 2; run++)
        {
            candidates.Clear();
            for (var row = 0; row < scores.Length; row++) candidates.Offer(row, scores[row]);
            Assert.Equal(
                scores.Select((score, row) => (row, score)).Where(c => c.score >= 0.25f)
                    .OrderByDescending(c => c.score),
                Enumerable.Range(0, candidates.Rank()).Select(rank => candidates[rank]));
        }
    });

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property The_largest_value_is_found_at_any_length() => Prop.ForAll(Scores, scores =>
    {
        if (scores.Length == 0) return;
        Assert.Equal(scores.Max(), Maximum.Of(scores));
        Assert.Equal(Array.IndexOf(scores, scores.Max()), Maximum.IndexIn(scores));
        var raised = Enumerable.Repeat(0.5f, scores.Length).ToArray();
        Maximum.Raise(raised, scores);
        Assert.Equal(scores.Select(score => Math.Max(score, 0.5f)), raised);
    });
}
