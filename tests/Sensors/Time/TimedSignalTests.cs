using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Sensors.Tests.Time;

public sealed class TimedSignalTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_wait_ends_when_its_virtual_time_has_passed_and_not_before()
    {
        using var signal = new TimedSignal(new SensorClock(_time));
        var waiting = Task.Run(() => signal.Wait(TimeSpan.FromSeconds(3), default));
        var begin = _time.GetUtcNow();
        _time.AdvanceUntil(() => waiting.IsCompleted, TimeSpan.FromMilliseconds(100));
        await waiting;
        Assert.True(_time.GetUtcNow() - begin >= TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Setting_wakes_the_waiter()
    {
        using var signal = new TimedSignal(new SensorClock(_time));
        var waiting = Task.Run(() => signal.Wait(TimeSpan.FromDays(1), default));
        signal.Set();
        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void One_that_is_set_before_lets_a_single_wait_pass()
    {
        using var signal = new TimedSignal(new SensorClock(_time));
        signal.Set();
        signal.Set();
        signal.Wait(TimeSpan.FromDays(1), default);
        var second = Task.Run(() => signal.Wait(TimeSpan.FromSeconds(1), default));
        _time.AdvanceUntil(() => second.IsCompleted, TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        using var signal = new TimedSignal(new SensorClock(_time));
        using var stop = new CancellationTokenSource();
        var waiting = Task.Run(() => signal.Wait(TimeSpan.FromDays(1), stop.Token));
        await stop.CancelAsync();
        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void No_time_is_no_wait(int milliseconds)
    {
        using var signal = new TimedSignal(new SensorClock(_time));
        signal.Wait(TimeSpan.FromMilliseconds(milliseconds), default);
    }

    [Fact]
    public void Who_sets_it_after_its_end_is_not_punished()
    {
        var signal = new TimedSignal(new SensorClock(_time));
        signal.Dispose();
        signal.Set();
    }
}
