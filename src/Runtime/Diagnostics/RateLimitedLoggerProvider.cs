using System.Collections.Concurrent;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>
/// Lets the first lines of each event through in every period, and says at its end how many more there were and what
/// the last one was. So nobody who makes the service say one thing again and again can fill the disk or push other
/// lines out. Thread-safe; never waits.
/// </summary>
public sealed class RateLimitedLoggerProvider : ILoggerProvider
{
    /// <summary>Lines of one event that a period has room for.</summary>
    public const int LinesPerPeriod = 30;

    /// <summary>The period.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private static readonly TotalCounter LeftOut = new(
        "edge_perception.log.left_out", "{line}", "Lines that the log had no room for, by event", "event");

    private readonly ILoggerProvider _inner;
    private readonly ConcurrentDictionary<(string Category, int Event), Lines> _lines = [];
    private readonly ITimer _timer;

    /// <summary>Begins to count.</summary>
    /// <param name="inner">Where lines go; not disposed.</param>
    /// <param name="clock">The clock.</param>
    public RateLimitedLoggerProvider(ILoggerProvider inner, SensorClock clock)
    {
        _inner = inner;
        _timer = clock.Provider.CreateTimer(_ => EndPeriod(), null, Period, Period);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        new Limited(this, categoryName, _inner.CreateLogger(categoryName));

    /// <summary>Says what was left out so far.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        EndPeriod();
    }

    private void EndPeriod()
    {
        foreach (var lines in _lines.Values) lines.EndPeriod();
    }

    private sealed class Limited(RateLimitedLoggerProvider owner, string category, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var lines = owner._lines.GetOrAdd(
                (category, eventId.Id), static (_, start) => new Lines(start.inner, start.eventId), (inner, eventId));
            if (lines.TryTake()) inner.Log(logLevel, eventId, state, exception, formatter);
            else lines.LeaveOut(logLevel, formatter(state, exception));
        }
    }

    /// <summary>What one event has said in this period.</summary>
    private sealed class Lines(ILogger inner, EventId id)
    {
        private readonly string _event = id.Name ?? $"{id.Id}";
        private readonly Lock _gate = new();
        private int _count;
        private int _leftOut;
        private (LogLevel Level, string Text) _last;

        public bool TryTake()
        {
            lock (_gate)
            {
                if (_count == LinesPerPeriod) return false;
                _count++;
                return true;
            }
        }

        public void LeaveOut(LogLevel level, string text)
        {
            LeftOut.Add(1, _event);
            lock (_gate) (_leftOut, _last) = (_leftOut + 1, (level, text));
        }

        public void EndPeriod()
        {
            int leftOut;
            (LogLevel Level, string Text) last;
            lock (_gate)
            {
                (leftOut, last) = (_leftOut, _last);
                (_count, _leftOut) = (0, 0);
            }

            if (leftOut == 0) return;
            var summary = $"{leftOut} more of these were left out, the last: {last.Text}";
            inner.Log(last.Level, id, summary, null, static (text, _) => text);
        }
    }
}
