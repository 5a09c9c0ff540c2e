using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Hosting;

/// <summary>What the supervisor tells, on its way to the log.</summary>
public sealed class SafetyJournalTests : IDisposable
{
    private readonly SafetySupervisor _safety = new(new SafetySettings(), SensorClock.System);
    private readonly SafetyMarkKeeper _marks;
    private readonly GatedLogger _log = new();
    private readonly SafetyJournal _journal;

    public SafetyJournalTests()
    {
        _marks = new SafetyMarkKeeper(() => null, _ => { }, _safety, SensorClock.System, isMarkNeeded: false);
        _journal = new SafetyJournal(_safety, _marks, _log);
    }

    [Fact]
    public void Each_change_is_a_line_of_the_journals_own_thread()
    {
        _journal.Start();
        _journal.Note(State("one"));
        _journal.Note(State("two"));
        _journal.Dispose();
        Assert.Equal(["Safety: Halt, one", "Safety: Halt, two"], _log.Texts);
        Assert.Equal(["safety journal"], _log.Threads.Distinct());
    }

    [Fact]
    public void A_log_that_hangs_holds_nobody_up_and_what_found_no_room_is_counted()
    {
        _log.Opens.Reset();
        _journal.Start();
        _journal.Note(State("first"));
        _log.IsHeld.Wait();
        for (var i = 0; i < 1_000; i++) _journal.Note(State($"{i}"));
        _safety.Halt("the newest");
        _log.Opens.Set();
        Eventually.Holds(
            () => _log.Texts.Any(text => text.Contains("came faster", StringComparison.Ordinal)), "a count");
        var lines = _log.Texts;
        Assert.Equal(1_001, lines.Count - 1 + Missed(lines[^1]));
        Assert.EndsWith("now Halt, the newest", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Handing_over_allocates_nothing()
    {
        _journal.Start();
        var state = State("again");
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 200; i++) _journal.Note(state);
        }));
    }

    [Fact]
    public void It_says_how_urgent_the_supervisors_thread_is()
    {
        _journal.Start();
        var thread = new Thread(_journal.Entered);
        thread.Start();
        thread.Join();
        _journal.Dispose();
        Assert.Equal([$"The safety thread runs with {ThreadUrgency.Granted()}"], _log.Texts);
    }

    [Fact]
    public void One_that_was_never_started_ends_as_well() => _journal.Dispose();

    public void Dispose()
    {
        _log.Opens.Set();
        _journal.Dispose();
        _marks.Dispose();
        _safety.Dispose();
        _log.Dispose();
    }

    private static SafetyState State(string cause) =>
        new(SafetyLevel.Halt, SafetyInput.Halt, cause, "a resume", SensorClock.System.Now, true, "h1", "");

    private static int Missed(string line) =>
        int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private sealed class GatedLogger : ILogger<SafetyJournal>, IDisposable
    {
        private readonly List<(string Thread, string Text)> _lines = [];

        public ManualResetEventSlim Opens { get; } = new(true);

        public ManualResetEventSlim IsHeld { get; } = new();

        public IReadOnlyList<string> Texts
        {
            get
            {
                lock (_lines) return [.. _lines.Select(line => line.Text)];
            }
        }

        public IReadOnlyList<string> Threads
        {
            get
            {
                lock (_lines) return [.. _lines.Select(line => line.Thread)];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            IsHeld.Set();
            Opens.Wait();
            lock (_lines) _lines.Add((Thread.CurrentThread.Name ?? "", formatter(state, exception)));
        }

        public void Dispose()
        {
            Opens.Dispose();
            IsHeld.Dispose();
        }
    }
}
