using System.Diagnostics.Metrics;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Tests.Support;

namespace EdgePerception.Sensors.Tests.Diagnostics;

/// <summary>Each counter under a name of its own: other tests of the process count at the same time.</summary>
public sealed class TotalCounterTests
{
    private readonly string _name = $"edge_perception.test.{Guid.NewGuid():N}";

    [Fact]
    public void Each_set_of_values_has_its_own_total_and_the_sum_holds_all()
    {
        var counter = Counter("camera", "reason");
        counter.Add(1, "front", "stale");
        counter.Add(2, "front", "full");
        counter.Add(4, "front", "stale");
        counter.Add(8, "stale", "front");
        Assert.Equal(
            new Dictionary<string, long>
            {
                [$"{_name}{{camera=front,reason=stale}}"] = 5,
                [$"{_name}{{camera=front,reason=full}}"] = 2,
                [$"{_name}{{camera=stale,reason=front}}"] = 8,
            },
            new Dictionary<string, long>(counter.Totals));
        Assert.Equal(15, counter.Sum);
    }

    [Fact]
    public void One_without_tags_is_there_with_zero_before_anything_is_counted()
    {
        var counter = Counter();
        Assert.Equal([new(_name, 0)], counter.Totals);
        counter.Add(3);
        Assert.Equal([new(_name, 3)], counter.Totals);
        Assert.Contains(counter, TotalCounter.All);
    }

    [Fact]
    public void Whoever_listens_later_reads_what_was_counted_before()
    {
        Counter("camera").Add(7, "front");
        Counter("camera").Add(1, "front");
        var heard = new List<(string Unit, string Tag, long Total)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == _name) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, total, tags, _) =>
            heard.Add((instrument.Unit!, $"{tags[0].Key}={tags[0].Value}", total)));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal([("{thing}", "camera=front", 1), ("{thing}", "camera=front", 7)], heard.Order());
    }

    [Fact]
    public void Values_that_do_not_fit_the_tags_are_refused()
    {
        var counter = Counter("camera", "reason");
        Assert.Throws<ArgumentException>(() => counter.Add(1, "front"));
        Assert.Throws<ArgumentException>(() => Counter().Add(1, "front"));
    }

    [Fact]
    public void Nothing_is_lost_when_several_threads_count()
    {
        var counter = Counter("worker");
        Parallel.For(0, 64, worker =>
        {
            for (var i = 0; i < 1_000; i++) counter.Add(1, $"{worker % 16}");
        });
        Assert.Equal((16, 64_000), (counter.Totals.Count(), counter.Sum));
        Assert.All(counter.Totals, total => Assert.Equal(4_000, total.Value));
    }

    [Fact]
    public void Counting_known_values_allocates_nothing()
    {
        var counter = Counter("camera", "reason");
        Count();
        Assert.Equal(0, Allocations.Least(Count));

        void Count()
        {
            for (var i = 0; i < 1000; i++)
                counter.Add(1, "front", TagNames.Of(i % 2 == 0 ? FrameDrop.PoolExhausted : FrameDrop.Stale));
        }
    }

    [Fact]
    public void Members_of_enumerations_are_named_as_tags_are() => Assert.Equal(
        ["replaced", "pool_exhausted", "stale"], Enum.GetValues<FrameDrop>().Select(TagNames.Of));

    private TotalCounter Counter(params string[] tags) => new(_name, "{thing}", "Things", tags);
}
