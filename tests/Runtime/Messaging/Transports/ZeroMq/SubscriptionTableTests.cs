using EdgePerception.Runtime.Messaging.Transports.ZeroMq;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

public sealed class SubscriptionTableTests
{
    private readonly SubscriptionTable _table = new();

    [Theory]
    [InlineData("", "scene", true)]
    [InlineData("scene", "scene", true)]
    [InlineData("sc", "scene", true)]
    [InlineData("scenes", "scene", false)]
    [InlineData("detections.front", "detections/front", true)]
    [InlineData("detections.front", "detections/front2", true)]
    [InlineData("detections/front", "detections/front", false)]
    [InlineData("detections.", "detections/front", true)]
    [InlineData("safety", "scene", false)]
    public void A_topic_is_covered_by_what_it_begins_with(string prefix, string topic, bool covered)
    {
        Assert.False(_table.Covers(topic));
        _table.Begin(prefix);
        Assert.Equal(covered, _table.Covers(topic));
        _table.End(prefix);
        Assert.False(_table.Covers(topic));
    }

    [Fact]
    public void The_end_of_one_prefix_leaves_the_others()
    {
        _table.Begin("scene");
        _table.Begin("scene");
        _table.Begin("s");
        _table.End("scene");
        _table.End("never begun");
        Assert.True(_table.Covers("scene"));
        _table.End("s");
        Assert.False(_table.Covers("scene"));
    }

    [Fact]
    public void With_more_prefixes_than_fit_everything_is_covered()
    {
        for (var i = 0; i < SubscriptionTable.Capacity; i++) _table.Begin($"other{i}");
        Assert.False(_table.Covers("scene"));
        _table.Begin("one too many");
        Assert.True(_table.Covers("scene"));
        _table.End("one too many");
        Assert.True(_table.Covers("scene"));
    }
}
