using EdgePerception.Sensors.Frames;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Frames;

public sealed class FramePoolTests
{
    [Fact]
    public void A_full_pool_refuses_rather_than_grows()
    {
        using var pool = new FramePool(1);
        Assert.True(pool.TryRent(2, 2, out var frame));
        Assert.False(pool.TryRent(2, 2, out var none));
        Assert.Null(none);
        frame.Dispose();
        Assert.True(pool.TryRent(2, 2, out frame));
        frame.Dispose();
    }

    [Fact]
    public void A_second_return_gives_nothing_back_twice()
    {
        using var pool = new FramePool(2);
        Assert.True(pool.TryRent(2, 2, out var frame));
        frame.Dispose();
        frame.Dispose();

        Assert.Equal(0, pool.Leased);
        Assert.True(pool.TryRent(2, 2, out var one));
        Assert.True(pool.TryRent(2, 2, out var two));
        Assert.NotSame(one, two);
        Assert.False(pool.TryRent(2, 2, out _));
        one.Dispose();
        two.Dispose();
    }

    [Fact]
    public void A_frame_outlives_its_pool_until_it_is_returned()
    {
        var pool = new FramePool(2);
        Assert.True(pool.TryRent(2, 2, out var frame));
        pool.Dispose();

        frame.Pixels.Fill(7);
        frame.Dispose();
        Assert.Equal(0, pool.Leased);
        Assert.Throws<ObjectDisposedException>(() => pool.TryRent(2, 2, out _));
    }

    /// <summary>Any series of rents and returns: never more than the capacity, never one frame to two owners.</summary>
    [Property(MaxTest = 200, Replay = "17,31")]
    public void Leases_are_counted_and_no_frame_has_two_owners(PositiveInt capacity, int[] steps)
    {
        using var pool = new FramePool(capacity.Get % 8 + 1);
        var held = new List<(Frame Frame, byte Mark)>();
        var mark = (byte)0;
        foreach (var step in steps)
        {
            if (step % 2 == 0)
            {
                var size = Math.Abs(step % 7) + 1;
                Assert.Equal(held.Count < pool.Capacity, pool.TryRent(size, size, out var frame));
                if (frame is null) continue;
                frame.Pixels.Fill(++mark);
                held.Add((frame, mark));
            }
            else if (held.Count > 0)
            {
                var at = Math.Abs(step % held.Count);
                held[at].Frame.Dispose();
                held.RemoveAt(at);
            }

            Assert.Equal(held.Count, pool.Leased);
            Assert.All(held, pair => Assert.DoesNotContain(pair.Frame.Pixels.ToArray(), value => value != pair.Mark));
        }

        held.ForEach(pair => pair.Frame.Dispose());
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public void Many_threads_never_share_a_frame()
    {
        using var pool = new FramePool(3);
        var faults = 0;
        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                if (!pool.TryRent(8, 8, out var frame)) continue;
                frame.Pixels.Fill((byte)worker);
                if (frame.Pixels.ContainsAnyExcept((byte)worker)) Interlocked.Increment(ref faults);
                frame.Dispose();
            }
        });

        Assert.Equal(0, faults);
        Assert.Equal(0, pool.Leased);
    }
}
