using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

public sealed class MotionGateTests : IDisposable
{
    private const int FrameMs = 50;
    private readonly FramePool _pool = new(1);
    private readonly Frame _frame;
    private readonly MotionGate _gate = new(
        new MotionGateSettings { Enabled = true, FirstRestMs = 200, LongestRestMs = 1000 });
    private int _milliseconds;

    public MotionGateTests()
    {
        Assert.True(_pool.TryRent(320, 240, out var frame));
        _frame = frame;
        frame.Pixels.Fill(90);
    }

    public void Dispose()
    {
        _frame.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public void A_gate_that_is_off_never_rests()
    {
        var gate = new MotionGate(new MotionGateSettings());
        for (var i = 0; i < 5; i++) Assert.False(gate.CanSkip(_frame));
    }

    [Fact]
    public void A_still_picture_rests_longer_each_time_up_to_the_bound()
    {
        List<int> looks = [];
        for (var i = 0; i < 100; i++)
        {
            var now = _milliseconds;
            if (!Next()) looks.Add(now);
        }

        // The first look, the look that finds it still, then rests of 200, 400, 800, 1000, 1000 ms.
        Assert.Equal([0, 50, 250, 650, 1450, 2450, 3450, 4450], looks);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(150, 100)]
    [InlineData(300, 220)]
    public void A_small_thing_that_moves_wakes_the_model_at_once(int x, int y)
    {
        Rest();
        Paint(x, y, 20, 20, 160);
        Assert.False(Next());
        // What stays is still again.
        Assert.False(Next());
        Assert.True(Next());
    }

    [Fact]
    public void Something_that_moves_all_the_time_is_looked_at_in_every_picture()
    {
        Rest();
        for (var x = 0; x < 200; x += 10)
        {
            Paint(0, 100, 320, 30, 90);
            Paint(x, 100, 30, 30, 200);
            Assert.False(Next());
        }
    }

    [Fact]
    public void A_slow_drift_is_seen_against_the_last_picture_that_was_looked_at()
    {
        Rest();
        var level = 90;
        var rests = 0;
        for (; level < 90 + 12; level++)
        {
            _frame.Pixels.Fill((byte)level);
            if (!Next()) break;
            rests++;
        }

        Assert.InRange(rests, 1, 6);
    }

    [Fact]
    public void A_sensors_noise_is_no_motion()
    {
        Rest();
        var random = new Random(17);
        for (var i = 0; i < 2; i++)
        {
            foreach (ref var value in _frame.Pixels) value = (byte)(90 + random.Next(-4, 5));
            Assert.True(Next());
        }
    }

    [Fact]
    public void A_picture_of_another_size_is_looked_at()
    {
        Rest();
        using var pool = new FramePool(1);
        pool.TryRent(160, 120, out var other);
        using (other)
        {
            other!.Pixels.Fill(90);
            other.Stamp("front", 1, At(_milliseconds));
            Assert.False(_gate.CanSkip(other));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 500)]
    [InlineData(47, 35)]
    public void A_picture_smaller_than_the_grid_is_compared_all_the_same(int width, int height)
    {
        using var pool = new FramePool(1);
        pool.TryRent(width, height, out var frame);
        using (frame)
        {
            frame!.Pixels.Fill(10);
            for (var i = 0; i < 3; i++)
            {
                frame.Stamp("front", i, At(i * 50));
                Assert.Equal(i == 2, _gate.CanSkip(frame));
            }

            frame.Pixels.Fill(200);
            frame.Stamp("front", 9, At(150));
            Assert.False(_gate.CanSkip(frame));
        }
    }

    [Fact]
    public void It_allocates_nothing()
    {
        Rest();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 10; i++) Next();
        }));
    }

    private void Rest()
    {
        while (!Next())
        {
        }
    }

    private bool Next()
    {
        _frame.Stamp("front", 1, At(_milliseconds));
        _milliseconds += FrameMs;
        return _gate.CanSkip(_frame);
    }

    private void Paint(int x, int y, int width, int height, byte value)
    {
        for (var row = y; row < y + height; row++)
            _frame.Pixels.Slice(row * _frame.Stride + x * 3, width * 3).Fill(value);
    }

    private static SensorTime At(int milliseconds) =>
        new(TimeSpan.FromMilliseconds(milliseconds), DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds));
}
