using System.Collections.Concurrent;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Hosting;

/// <summary>The mark of a run, on a disk that does as the test wants.</summary>
public sealed class SafetyMarkKeeperTests : IDisposable
{
    private const string Unclean = "the last run did not end in order (power cut, crash or kill)";
    private const string Silent = "the disk does not answer";

    private readonly FakeTimeProvider _time = new();
    private readonly SafetySupervisor _safety;
    private readonly SafetyMarkKeeper _keeper;
    private readonly ManualResetEventSlim _answers = new(true);
    private readonly ConcurrentQueue<SafetyMark> _written = new();
    private volatile SafetyMark? _last = new(SafetyMarkState.Ended);
    private volatile string? _readFault;
    private volatile string? _writeFault;
    private volatile bool _hangsOnlyWrites;

    public SafetyMarkKeeperTests()
    {
        var clock = new SensorClock(_time);
        _safety = new SafetySupervisor(new SafetySettings(), clock);
        _keeper = new SafetyMarkKeeper(Read, Write, _safety, clock, isMarkNeeded: true);
    }

    [Fact]
    public async Task A_start_after_an_orderly_end_begins_unhalted_and_under_way()
    {
        Assert.Null(await _keeper.BeginAsync());
        Assert.Equal([new SafetyMark(SafetyMarkState.Running)], _written);
        Assert.Null(_keeper.Trouble);
    }

    [Theory]
    [InlineData(true, "the state folder has no mark of an earlier run: this is the first, or it was lost")]
    [InlineData(false, null)]
    public async Task A_start_without_a_mark_is_halted_unless_nobody_need_arm(bool isMarkNeeded, string? cause)
    {
        _last = null;
        using var keeper =
            new SafetyMarkKeeper(Read, Write, _safety, new SensorClock(_time), isMarkNeeded);
        Assert.Equal(cause, await keeper.BeginAsync());
        Assert.Equal([new SafetyMark(SafetyMarkState.Running)], _written);
    }

    [Fact]
    public async Task What_stood_stands_in_the_mark_before_the_start_has_halted()
    {
        _last = new SafetyMark(SafetyMarkState.Ended, new MarkedHalt("h1", "too hot", default));
        Assert.Equal("a halt stood when the last run ended: too hot", await _keeper.BeginAsync());
        Assert.Equal(_last.Halt, Assert.Single(_written).Halt);
    }

    [Fact]
    public async Task A_mark_that_cannot_be_read_halts_the_start_and_is_replaced()
    {
        _readFault = "mark is damaged";
        Assert.Equal("the mark of the last run cannot be read: mark is damaged", await _keeper.BeginAsync());
        Assert.Single(_written);
        Assert.Null(_keeper.Trouble);
    }

    [Fact]
    public async Task A_mark_that_cannot_be_written_halts_the_start_and_is_tried_again()
    {
        _writeFault = "no space";
        const string Reason = "the mark of this run cannot be written: no space";
        Assert.Equal(Reason, await _keeper.BeginAsync());
        Assert.Equal(Reason, _keeper.Trouble);
        _writeFault = null;
        await Eventually.Until(() => !_written.IsEmpty, "another attempt");
        await Eventually.Until(() => _keeper.Trouble is null, "the end of the trouble");
    }

    [Fact]
    public async Task Both_reasons_are_given()
    {
        (_last, _writeFault) = (new SafetyMark(SafetyMarkState.Running), "no space");
        Assert.Equal(
            $"{Unclean}; the mark of this run cannot be written: no space", await _keeper.BeginAsync());
    }

    [Theory]
    [InlineData(false, "the mark of the last run cannot be read")]
    [InlineData(true, "the mark of this run cannot be written")]
    public async Task A_disk_that_hangs_delays_the_start_by_two_seconds_and_halts_it(bool onlyWrites, string what)
    {
        _hangsOnlyWrites = onlyWrites;
        _answers.Reset();
        var began = _keeper.BeginAsync();
        await Eventually.Until(() => _keeper.IsAt(what), "the disk's hanging");
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(began.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal($"{what}: {Silent}", await began);
        Assert.Equal($"{what}: {Silent}", _keeper.Trouble);

        _safety.Halt("while it hangs");
        _keeper.Wake();
        Assert.Empty(_written);
        _answers.Set();
        await Eventually.Until(() => _written.LastOrDefault()?.Halt?.Cause == "while it hangs", "the newest mark");
        await Eventually.Until(() => _keeper.Trouble is null, "the end of the trouble");
    }

    [Fact]
    public async Task Of_many_halts_on_a_slow_disk_the_newest_is_written()
    {
        await _keeper.BeginAsync();
        _answers.Reset();
        for (var i = 0; i < 1_000; i++)
        {
            _safety.Halt($"cause {i}");
            _keeper.Wake();
        }

        _answers.Set();
        await Eventually.Until(() => _written.Last().Halt?.Cause == "cause 999", "the newest");
        Assert.InRange(_written.Count, 2, 4);
        _safety.Resume();
        _keeper.Wake();
        await Eventually.Until(() => _written.Last().Halt is null, "the resume");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_orderly_end_keeps_the_halt_that_stands_and_not_its_own(bool halted)
    {
        await _keeper.BeginAsync();
        if (halted) _safety.Halt("by hand");
        _safety.End("the service ended");
        Assert.True(await _keeper.EndAsync());
        Assert.Equal(
            (SafetyMarkState.Ended, halted ? "by hand" : null), (_written.Last().State, _written.Last().Halt?.Cause));
    }

    [Fact]
    public async Task An_end_that_cannot_be_written_or_hangs_is_said_within_a_second()
    {
        await _keeper.BeginAsync();
        _answers.Reset();
        var ended = _keeper.EndAsync();
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(ended.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(await ended);
        Assert.Equal(SafetyMarkState.Running, Assert.Single(_written).State);
    }

    [Fact]
    public async Task An_end_that_finds_no_room_is_said()
    {
        await _keeper.BeginAsync();
        _writeFault = "no space";
        Assert.False(await _keeper.EndAsync());
    }

    [Fact]
    public async Task A_run_that_never_began_ends_without_a_mark_and_one_that_is_dropped_stays_under_way()
    {
        Assert.True(await _keeper.EndAsync());
        Assert.Empty(_written);
        await _keeper.BeginAsync();
        _keeper.Dispose();
        Assert.All(_written, mark => Assert.Equal(SafetyMarkState.Running, mark.State));
    }

    public void Dispose()
    {
        _answers.Set();
        _keeper.Dispose();
        _safety.Dispose();
    }

    private SafetyMark? Read()
    {
        if (!_hangsOnlyWrites) _answers.Wait();
        return _readFault is { } fault ? throw new IOException(fault) : _last;
    }

    private void Write(SafetyMark mark)
    {
        _answers.Wait();
        if (_writeFault is { } fault) throw new IOException(fault);
        _written.Enqueue(mark);
    }
}
