using EdgePerception.Sensors.Frames;

namespace EdgePerception.Sensors.Tests.Frames;

public sealed class FrameTests
{
    [Fact]
    public void Use_after_return_throws()
    {
        using var pool = new FramePool(2);
        Assert.True(pool.TryRent(4, 2, out var frame));
        frame.Dispose();

        Assert.Throws<ObjectDisposedException>(() => frame.Pixels.Length);
        Assert.Throws<ObjectDisposedException>(() => frame.CopyFrom(new byte[24], 12));
    }

    [Fact]
    public void Padded_rows_are_packed()
    {
        using var pool = new FramePool(1);
        Assert.True(pool.TryRent(1, 3, out var frame));
        frame.CopyFrom([1, 2, 3, 99, 4, 5, 6, 99, 7, 8, 9], 4);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], frame.Pixels.ToArray());
        frame.Dispose();
    }

    [Theory]
    [InlineData(11, 6)]
    [InlineData(12, 5)]
    [InlineData(0, 6)]
    public void A_picture_that_is_too_small_is_refused(int bytes, int stride)
    {
        using var pool = new FramePool(1);
        Assert.True(pool.TryRent(2, 2, out var frame));
        Assert.Throws<ArgumentException>(() => frame.CopyFrom(new byte[bytes], stride));
        frame.Dispose();
    }

    [Fact]
    public void A_reused_frame_forgets_who_it_was()
    {
        using var pool = new FramePool(1);
        Assert.True(pool.TryRent(2, 2, out var frame));
        frame.Stamp("front", 7, new(TimeSpan.FromSeconds(3), DateTimeOffset.UnixEpoch));
        frame.Dispose();
        Assert.True(pool.TryRent(2, 1, out var again));

        Assert.Equal(
            ("", 0, TimeSpan.Zero, 6), (again.Camera, again.Sequence, again.Time.Monotonic, again.Pixels.Length));
        again.Dispose();
    }

#if DEBUG
    [Fact]
    public void Two_owners_of_one_lease_are_found_out_in_debug_builds()
    {
        using var pool = new FramePool(1);
        using var first = new LatestFrame();
        using var second = new LatestFrame();
        Assert.True(pool.TryRent(2, 2, out var frame));
        first.Put(frame);

        Assert.Throws<InvalidOperationException>(() => second.Put(frame));
        Assert.Throws<InvalidOperationException>(frame.Dispose);
        Assert.Equal(1, pool.Leased);
    }

    [Fact]
    public void A_leak_names_the_frame_and_who_rented_it_in_debug_builds()
    {
        using var pool = new FramePool(2);
        Assert.True(pool.TryRent(2, 2, out var frame));
        frame.Stamp("front", 7, default);

        var leak = pool.DescribeLeases();
        Assert.Contains("frame 7 of camera 'front'", leak, StringComparison.Ordinal);
        Assert.Contains(
            nameof(A_leak_names_the_frame_and_who_rented_it_in_debug_builds), leak, StringComparison.Ordinal);
        frame.Dispose();
        Assert.Equal("", pool.DescribeLeases());
    }
#endif
}
