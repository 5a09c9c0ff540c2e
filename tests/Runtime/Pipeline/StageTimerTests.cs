using System.Diagnostics.Metrics;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Tests.Pipeline;

public sealed class StageTimerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Meter _meter = new("EdgePerception.Tests.Stages");
    private readonly MeterListener _listener = new();
    private readonly List<(string Stage, double Seconds)> _measured = [];
    private readonly StageTimer _timer;

    public StageTimerTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
            _measured.Add(((string)tags[0].Value!, value)));
        _listener.Start();
        _timer = new StageTimer(new SensorClock(_time), _meter);
    }

    [Fact]
    public void Each_stage_has_the_time_since_the_one_before()
    {
        _timer.Begin();
        Pass(Stage.Synchronize, 5);
        Pass(Stage.Encode, 70);
        Pass(Stage.Fuse, 0);
        Assert.Equal([("synchronize", 0.005), ("encode", 0.07), ("fuse", 0.0)], _measured);
    }

    [Fact]
    public void It_knows_which_stage_is_at_work()
    {
        _timer.Begin();
        Assert.Equal(Stage.Synchronize, _timer.Current);
        Pass(Stage.Synchronize, 1);
        Assert.Equal(Stage.Encode, _timer.Current);
        _timer.Begin(Stage.Fuse);
        Assert.Equal(Stage.Fuse, _timer.Current);
    }

    [Fact]
    public void A_new_tick_does_not_count_the_time_between()
    {
        _timer.Begin();
        Pass(Stage.Synchronize, 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        _timer.Begin();
        Pass(Stage.Synchronize, 2);
        Assert.Equal([0.001, 0.002], _measured.Select(stage => stage.Seconds));
    }

    [Fact]
    public void Every_stage_has_its_own_lower_case_name()
    {
        _timer.Begin();
        foreach (var stage in Enum.GetValues<Stage>()) _timer.End(stage);
        Assert.Equal(["synchronize", "encode", "track", "fuse", "ground", "decide", "publish"],
            _measured.Select(stage => stage.Stage));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private void Pass(Stage stage, int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _timer.End(stage);
    }
}
