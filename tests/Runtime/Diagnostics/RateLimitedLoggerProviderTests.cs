using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Diagnostics;

public sealed class RateLimitedLoggerProviderTests : IDisposable
{
    private const int Limit = RateLimitedLoggerProvider.LinesPerPeriod;
    private readonly FakeTimeProvider _time = new();
    private readonly Written _written = new();

    [Fact]
    public void What_an_event_says_too_often_is_left_out_and_their_number_is_said_with_the_last_of_them()
    {
        using var provider = Start();
        var log = provider.CreateLogger("A");
        for (var i = 0; i < 5000; i++) Say(log, 1, $"flood {i}");
        Assert.Equal(Enumerable.Range(0, Limit).Select(i => $"A 1 flood {i}"), _written.Lines);

        _time.Advance(RateLimitedLoggerProvider.Period);
        Assert.Equal($"A 1 {5000 - Limit} more of these were left out, the last: flood 4999", _written.Lines[^1]);
        Assert.Equal(Limit + 1, _written.Lines.Count);
    }

    [Fact]
    public void Other_events_and_other_parts_of_the_service_are_not_held_back()
    {
        using var provider = Start();
        var (log, other) = (provider.CreateLogger("A"), provider.CreateLogger("B"));
        for (var i = 0; i < 5000; i++) Say(log, 1, "flood");
        Say(log, 2, "halt");
        Say(other, 1, "its own");
        Assert.Equal(["A 2 halt", "B 1 its own"], _written.Lines.Skip(Limit));
    }

    [Fact]
    public void The_next_period_has_room_again_and_a_quiet_one_says_nothing()
    {
        using var provider = Start();
        var log = provider.CreateLogger("A");
        for (var i = 0; i < Limit; i++) Say(log, 1, "just enough");
        _time.Advance(RateLimitedLoggerProvider.Period * 5);
        Assert.Equal(Limit, _written.Lines.Count);
        for (var i = 0; i < Limit; i++) Say(log, 1, "again");
        Assert.Equal(2 * Limit, _written.Lines.Count);
    }

    [Fact]
    public void The_end_of_the_log_says_what_was_left_out_until_then()
    {
        using (var provider = Start())
        {
            var log = provider.CreateLogger("A");
            for (var i = 0; i < Limit + 2; i++) Say(log, 1, $"line {i}");
        }

        Assert.Equal($"A 1 2 more of these were left out, the last: line {Limit + 1}", _written.Lines[^1]);
    }

    [Fact]
    public async Task Of_lines_from_many_threads_none_is_lost_and_none_counted_twice()
    {
        using (var provider = Start())
        {
            var log = provider.CreateLogger("A");
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 1000; i++) Say(log, 1, "line");
            })));
        }

        Assert.Equal(Limit + 1, _written.Lines.Count);
        Assert.StartsWith($"A 1 {8000 - Limit} more", _written.Lines[^1], StringComparison.Ordinal);
    }

    public void Dispose() => _written.Dispose();

    private RateLimitedLoggerProvider Start() => new(_written, new SensorClock(_time));

    private static void Say(ILogger log, int id, string text) =>
        log.Log(LogLevel.Warning, new EventId(id), text, null, (said, _) => said);

    private sealed class Written : ILoggerProvider
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines) return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => new Category(_lines, categoryName);

        public void Dispose()
        {
        }

        private sealed class Category(List<string> lines, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                lock (lines) lines.Add($"{name} {eventId.Id} {formatter(state, exception)}");
            }
        }
    }
}
