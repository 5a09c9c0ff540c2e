using System.Diagnostics.Metrics;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Diagnostics;

/// <summary>Meters of the test's own, each under a name of its own: other tests of the process count at the same time.</summary>
public sealed class MetricTotalsTests : IDisposable
{
    private readonly string _name = $"test.{Guid.NewGuid():N}";
    private readonly Meter _meter = new("EdgePerception.Tests");
    private readonly MetricTotals _totals = new();

    [Fact]
    public void A_counter_that_comes_after_the_listener_is_heard()
    {
        var counter = _meter.CreateCounter<long>(_name);
        counter.Add(2);
        counter.Add(3);
        Assert.Equal((5, 5), (_totals.Sum(_name), _totals.Totals()[_name]));
    }

    [Fact]
    public void A_counter_that_was_there_before_is_heard_from_then_on()
    {
        var counter = _meter.CreateCounter<long>(_name);
        counter.Add(100);
        using var late = new MetricTotals();
        counter.Add(1);
        Assert.Equal(1, late.Sum(_name));
    }

    [Fact]
    public void Each_set_of_tags_has_its_own_total_and_the_sum_holds_all()
    {
        var counter = _meter.CreateCounter<long>(_name);
        counter.Add(1, new("camera", "front"), new("reason", "stale"));
        counter.Add(2, new("camera", "front"), new("reason", "full"));
        counter.Add(4, new("camera", "front"), new("reason", "stale"));
        counter.Add(8);
        var totals = _totals.Totals();
        Assert.Equal(5, totals[$"{_name}{{camera=front,reason=stale}}"]);
        Assert.Equal(2, totals[$"{_name}{{camera=front,reason=full}}"]);
        Assert.Equal(8, totals[_name]);
        Assert.Equal(15, _totals.Sum(_name));
    }

    [Fact]
    public void Two_counters_of_one_name_are_added_up()
    {
        using var other = new Meter("EdgePerception.Tests.Other");
        _meter.CreateCounter<long>(_name).Add(1);
        other.CreateCounter<long>(_name).Add(2);
        Assert.Equal((3, 3), (_totals.Sum(_name), _totals.Totals()[_name]));
    }

    [Fact]
    public void Meters_of_others_and_histograms_are_passed_over()
    {
        using var foreign = new Meter("Somebody.Else");
        foreign.CreateCounter<long>(_name).Add(1);
        _meter.CreateHistogram<double>(_name).Record(1);
        Assert.Equal(0, _totals.Sum(_name));
        Assert.DoesNotContain(_name, _totals.Totals().Keys);
    }

    [Fact]
    public void Nothing_is_lost_when_several_threads_count()
    {
        var counter = _meter.CreateCounter<long>(_name);
        Parallel.For(0, 4, worker =>
        {
            for (var i = 0; i < 10_000; i++) counter.Add(1, new KeyValuePair<string, object?>("worker", worker % 2));
        });
        Assert.Equal(40_000, _totals.Sum(_name));
    }

    [Fact]
    public void Counting_a_known_set_of_tags_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>(_name);
        var tag = new KeyValuePair<string, object?>("camera", "front");
        for (var i = 0; i < 1000; i++) counter.Add(1, tag);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++) counter.Add(1, tag);
        }));
    }

    [Fact]
    public void Once_disposed_it_counts_no_more()
    {
        var counter = _meter.CreateCounter<long>(_name);
        counter.Add(1);
        _totals.Dispose();
        counter.Add(1);
        Assert.Equal(1, _totals.Sum(_name));
    }

    public void Dispose()
    {
        _totals.Dispose();
        _meter.Dispose();
    }
}
