using EdgePerception.Fusion.Embeddings;

namespace EdgePerception.Fusion.Tests.Embeddings;

public sealed class RecentlyUsedTests
{
    [Fact]
    public void What_was_not_used_for_longest_goes_first()
    {
        var kept = new RecentlyUsed<int>(2);
        kept.Add("a", 1);
        kept.Add("b", 2);
        Assert.True(kept.TryGet("a", out var value));
        Assert.Equal(1, value);
        kept.Add("c", 3);
        Assert.False(kept.TryGet("b", out _));
        Assert.True(kept.TryGet("a", out _));
        Assert.True(kept.TryGet("c", out _));
    }
}
