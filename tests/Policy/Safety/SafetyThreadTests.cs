using System.Collections.Concurrent;
using System.Globalization;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Policy.Tests.Safety;

/// <summary>The supervisor on its real thread.</summary>
public sealed class SafetyThreadTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly SafetySupervisor _safety;
    private readonly ConcurrentQueue<SafetyState> _told = new();

    public SafetyThreadTests()
    {
        _clock = new SensorClock(_time);
        _safety = new SafetySupervisor(new SafetySettings { ArmAtStart = true }, _clock);
        _safety.Changed += _told.Enqueue;
    }

    public void Dispose() => _safety.Dispose();

    [Fact]
    public void A_halt_is_told_on_the_supervisors_thread_while_another_thread_hangs_for_ever()
    {
        using var never = new ManualResetEvent(false);
        var hung = new Thread(() => never.WaitOne()) { IsBackground = true };
        hung.Start();
        var thread = "";
        _safety.Changed += _ => thread = Thread.CurrentThread.Name;
        _safety.Start();
        var halting = new Thread(() => _safety.Halt("stop", "c-1"));
        halting.Start();
        Eventually.Holds(() => _told.Any(state => state.CommandId == "c-1"), "the halt");
        Eventually.Holds(() => thread == "safety", "telling on the supervisor's thread");
        halting.Join();
        Assert.True(hung.IsAlive);
        never.Set();
        hung.Join();
    }

    [Fact]
    public void A_halt_returns_although_the_handler_hangs_and_is_told_once_it_does_not()
    {
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _safety.Changed += _ =>
        {
            entered.Set();
            go.Wait();
        };
        _safety.Start();
        _safety.Halt("first", "c-1");
        entered.Wait();
        _safety.Halt("second", "c-2");
        Assert.Equal("second", _safety.State.Cause);
        Assert.False(_safety.MayAct);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        go.Set();
        Eventually.Holds(() => _told.Count == 2, "both halts");
        Assert.Equal(["c-1", "c-2"], _told.Select(state => state.CommandId));
        _safety.Dispose();
    }

    [Fact]
    public void A_halt_that_was_lifted_before_it_could_be_told_is_told_first()
    {
        _safety.Halt("one", "c-1");
        _safety.Resume();
        Assert.Empty(_told);
        _safety.Start();
        Eventually.Holds(() => _told.Count == 2, "halt and what is in force");
        Assert.Equal(
            [(SafetyLevel.Halt, "c-1", true), (SafetyLevel.Degrade, "", false)],
            _told.Select(state => (state.Level, state.CommandId, state.NeedsResume)));
    }

    [Fact]
    public void The_newest_halt_takes_the_place_of_those_that_could_not_be_told()
    {
        for (var i = 0; i < 1_000; i++) _safety.Halt("again", $"c-{i}");
        _safety.Start();
        Eventually.Holds(() => !_told.IsEmpty, "the newest");
        Assert.Equal("c-999", Assert.Single(_told).CommandId);
    }

    [Fact]
    public void A_halt_that_is_repeated_is_told_ten_times_a_second_at_most_and_the_last_always()
    {
        var last = "";
        _safety.Halt("again", "first");
        _safety.Round();
        for (var ms = 0; ms < 1_000; ms += 5)
        {
            _safety.Halt("again", last = $"c-{ms}");
            _time.Advance(TimeSpan.FromMilliseconds(5));
            _safety.Round();
        }

        Assert.Equal(11, _told.Count);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _safety.Round();
        Assert.Equal(last, _told.Last().CommandId);
        Assert.InRange(_told.Count, 11, 12);
    }

    [Fact]
    public void The_thread_itself_goes_down_the_ladder_and_up_again()
    {
        _safety.Start();
        _time.AdvanceUntil(() => _told.Any(state => state.Level == SafetyLevel.Halt), TimeSpan.FromMilliseconds(100));
        _time.AdvanceUntil(() =>
        {
            _safety.Decided(_clock.Monotonic);
            return _told.Last().Level == SafetyLevel.Act;
        });
        Assert.Equal(
            [SafetyLevel.Halt, SafetyLevel.Degrade, SafetyLevel.Act], _told.Select(state => state.Level));
    }

    [Fact]
    public void Many_threads_at_once_lose_no_halt_and_leave_no_contradiction()
    {
        const int Threads = 6;
        const int Halts = 500;
        _safety.Start();
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (var i = 0; i < Halts; i++)
            {
                _safety.Halt("stop", $"{t}-{i}");
                _safety.Decided(_clock.Monotonic);
                if (i % 3 == t % 3) _safety.Resume();
                var state = _safety.State;
                // A state is one piece: what needs a resume is a halt.
                Assert.True(!state.NeedsResume || state is { Level: SafetyLevel.Halt, Cause: "stop" });
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        _safety.Halt("the end", "end");
        _time.Advance(TimeSpan.FromSeconds(1));
        Eventually.Holds(() => _told.Last().CommandId == "end", "the last halt");
        Assert.Equal(_safety.State, _told.Last());
        // The newest stands for those before it, and none is told after a newer one of its thread.
        var halts = _told.Where(state => state.CommandId.Contains('-', StringComparison.Ordinal)).ToList();
        for (var t = 0; t < Threads; t++)
        {
            var of = halts.Where(state => state.CommandId.StartsWith($"{t}-", StringComparison.Ordinal))
                .Select(state => int.Parse(state.CommandId[2..], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(of.Order(), of);
        }
    }

    [Fact]
    public void The_state_in_force_is_confirmed_once_a_second_and_never_after_a_newer_one()
    {
        var heard = new ConcurrentQueue<(bool IsNew, SafetyState State)>();
        _safety.Changed += state => heard.Enqueue((true, state));
        _safety.Confirmed += state => heard.Enqueue((false, state));
        _safety.Start();
        Eventually.Holds(() => heard.Count == 1, "the first");
        Assert.Equal((false, SafetyLevel.Degrade), (heard.First().IsNew, heard.First().State.Level));
        for (var second = 1; second <= 3; second++)
        {
            _safety.Halt("a test", $"{second}");
            Eventually.Holds(() => heard.Last() is (true, var told) && told.CommandId == $"{second}", "the halt");
            _time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.True(heard.Last().IsNew);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Eventually.Holds(() => !heard.Last().IsNew, "the confirmation");
            Assert.Equal($"{second}", heard.Last().State.CommandId);
        }
    }

    [Fact]
    public void No_resume_leads_back_from_the_end()
    {
        _safety.Start();
        _safety.End("the service ended");
        Assert.False(_safety.Resume());
        _safety.Decided(_clock.Monotonic);
        _safety.Round();
        Assert.Equal((SafetyLevel.Halt, "the service ended"), (_safety.State.Level, _safety.State.Cause));
        _safety.Dispose();
        Assert.Equal("the service ended", _told.Last().Cause);
    }

    [Fact]
    public void Disposing_tells_first_what_is_left_to_tell()
    {
        _safety.Start();
        _safety.Halt("stop", "c-1");
        _safety.Dispose();
        Assert.Contains(_told, state => state.CommandId == "c-1");
    }

    [Fact]
    public void After_the_end_a_halt_still_holds_and_nothing_throws()
    {
        _safety.Start();
        _safety.Dispose();
        _safety.Halt("stop");
        Assert.Equal(SafetyLevel.Halt, _safety.State.Level);
        Assert.True(_safety.Resume());
        _safety.Decided(_clock.Monotonic);
        _safety.Dispose();
    }

    [Fact]
    public void A_supervisor_that_was_never_started_ends_as_well() => _safety.Dispose();

    [Fact]
    public void A_handler_may_end_the_supervisor()
    {
        using var done = new ManualResetEventSlim();
        _safety.Changed += _ =>
        {
            _safety.Dispose();
            done.Set();
        };
        _safety.Start();
        _safety.Halt("stop");
        done.Wait();
        _safety.Dispose();
        Assert.Single(_told);
    }
}
