using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Tests.Grounding;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>That whatever can take long asks for the time; how long it takes is no matter of tests.</summary>
public sealed class TimeLimitTests
{
    private const string Long = "pick up the cup next to the bottle and put it on the table by the dog and ";

    private long _looks;
    private TimeSpan _now;

    [Fact]
    public void It_counts_from_its_beginning_and_ends_after_its_budget()
    {
        var limit = new TimeLimit(() => _now, TimeSpan.FromMilliseconds(250));
        limit.Check();
        _now = TimeSpan.FromSeconds(5);
        limit.Begin();
        _now += TimeSpan.FromMilliseconds(249);
        limit.Check();
        _now += TimeSpan.FromMilliseconds(1);
        Assert.Throws<TakesTooLongException>(limit.Check);
        limit.Begin();
        limit.Check();
    }

    [Fact]
    public void One_without_a_budget_never_ends()
    {
        TimeLimit.None.Begin();
        TimeLimit.None.Check();
    }

    [Fact]
    public void The_longest_command_that_is_parsed_is_parsed_in_thousands_of_short_stretches()
    {
        var all = string.Concat(Enumerable.Repeat(Long, 10)).Split(' ');
        var words = string.Join(' ', all.Take(CommandParser.MaxWords));
        CommandParser.Readings(words, SceneWords.None with { Limit = Counting(long.MaxValue) });
        Assert.InRange(_looks, 2_000, long.MaxValue);
        _looks = 0;
        Assert.Throws<TakesTooLongException>(() =>
            CommandParser.Readings(words, SceneWords.None with { Limit = Counting(100) }));
        Assert.Equal(100, _looks);
    }

    [Fact]
    public void The_rules_end_where_their_time_is_over()
    {
        var objects = Enumerable.Range(0, 100).Select(i => $"o{i} cup {i % 10 * 60} {i / 10 * 45} 40 40");
        var scene = TestScene.Of(string.Join(';', objects));
        var readings = CommandParser.Readings("pick up the cup left of the cup below the cup", SceneWords.None);
        Ground(Counting(long.MaxValue));
        Assert.InRange(_looks, 5, long.MaxValue);
        _looks = 0;
        Assert.Throws<TakesTooLongException>(() => Ground(Counting(3)));

        void Ground(TimeLimit limit) => new RuleExecutor().Ground(
            "c", readings, new SceneView(scene, GroundingThresholds.Default) { Limit = limit }, _ => null);
    }

    // A clock that stands still for so many looks, and then is far ahead.
    private TimeLimit Counting(long looks)
    {
        var limit = new TimeLimit(
            () => ++_looks < looks ? TimeSpan.Zero : TimeSpan.FromDays(1), TimeSpan.FromHours(1));
        limit.Begin();
        return limit;
    }
}
