using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Tests.Vision;

/// <summary>Which images are kept for a candidate: one is told by the second at which it was taken.</summary>
public sealed class RecentImagesTests : IDisposable
{
    private readonly FramePool _pool = new(2);
    private readonly RecentImages _images = new();

    public void Dispose()
    {
        _images.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public void Images_that_follow_too_closely_are_not_kept()
    {
        foreach (var time in new[] { 1, 1.49, 1.5, 1.9, 2.0, 1.4 }) Remember(time, 0.9f);
        Assert.Equal([1, 1.5, 2.0, 1.4], Taken());
    }

    [Fact]
    public void The_newest_four_are_kept_oldest_first()
    {
        for (var time = 1; time <= 6; time++) Remember(time, 0.9f);
        Assert.Equal([3, 4, 5, 6.0], Taken());
        Assert.Empty(Taken());
    }

    [Fact]
    public void What_shows_nothing_never_takes_the_place_of_what_shows_something()
    {
        foreach (var (time, score) in new[] { (1, 0.9f), (2, 0.1f), (3, 0.9f), (4, 0.1f) }) Remember(time, score);
        Assert.Equal(2, _images.CountObjects());
        Remember(5, 0.1f);
        Remember(6, 0.9f);
        Remember(7, 0.9f);
        Assert.Equal(4, _images.CountObjects());
        Remember(8, 0.1f);
        Assert.Equal(4, _images.CountObjects());
        Assert.Equal([1, 3, 6, 7.0], Taken());
    }

    [Fact]
    public void Only_objects_by_themselves_are_counted()
    {
        Remember(1, 0.5f, 0.49f, 0.9f);
        Assert.Equal(2, _images.CountObjects());
    }

    [Fact]
    public void The_cameras_take_turns()
    {
        using var left = Frame("left", 1);
        using var right = Frame("right", 1);
        for (var time = 1; time <= 3; time++)
        {
            left.Stamp("left", time, At(time));
            right.Stamp("right", time, At(time));
            _images.Remember([left, right], [[], []], 0.5f);
        }

        var taken = _images.TakeAll();
        Assert.Equal(["left", "right", "left"], taken.Select(image => image.Frame!.Camera));
        taken.ForEach(image => image.Dispose());
    }

    [Fact]
    public void A_copy_does_not_change_with_the_frame_that_it_was_made_of()
    {
        using var frame = Frame("front", 1);
        frame.Pixels.Fill(7);
        List<Detection> seen = [Cup(0.9f)];
        _images.Remember([frame], [seen], 0.5f);
        frame.Pixels.Fill(9);
        seen.Clear();
        var copy = Assert.Single(_images.TakeAll());
        Assert.False(copy.Frame!.Pixels.ContainsAnyExcept((byte)7));
        Assert.Single(copy.Detections);
        copy.Dispose();
    }

    [Fact]
    public async Task Who_waits_for_objects_is_told_when_they_are_shown()
    {
        var shown = _images.ShowAsync(2);
        Remember(1, 0.9f);
        Assert.False(shown.IsCompleted);
        Remember(2, 0.9f);
        await shown.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(_images.ShowAsync(2).IsCompletedSuccessfully);
        Assert.False(_images.ShowAsync(3).IsCompleted);
    }

    [Fact]
    public async Task Who_waits_when_they_are_disposed_or_after_it_is_cancelled()
    {
        var shown = _images.ShowAsync(1);
        _images.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shown);
        Assert.True(_images.ShowAsync(0).IsCanceled);
    }

    [Fact]
    public void What_is_given_back_comes_before_what_is_newer_and_takes_no_place_from_it()
    {
        for (var time = 1; time <= 4; time++) Remember(time, 0.9f);
        var taken = _images.TakeAll();
        Remember(5, 0.9f);
        Remember(6, 0.1f);
        _images.GiveBack(taken);
        Assert.Equal([2, 3, 4, 5.0], Taken());
        Assert.Null(taken[0].Frame);
    }

    [Fact]
    public void What_is_given_back_after_the_end_is_disposed()
    {
        Remember(1, 0.9f);
        var taken = _images.TakeAll();
        _images.Dispose();
        _images.GiveBack(taken);
        Assert.Null(taken[0].Frame);
        Assert.Empty(_images.TakeAll());
    }

    private static SensorTime At(double seconds) => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch);

    private static Detection Cup(float score) => new("cup", score, new BoundingBox(0, 0, 4, 4));

    private Frame Frame(string camera, double time)
    {
        Assert.True(_pool.TryRent(8, 8, out var frame));
        frame!.Stamp(camera, 1, At(time));
        return frame;
    }

    private void Remember(double time, params float[] scores)
    {
        using var frame = Frame("front", time);
        _images.Remember([frame], [[.. scores.Select(Cup)]], 0.5f);
    }

    private List<double> Taken()
    {
        var taken = _images.TakeAll();
        List<double> times = [.. taken.Select(image => image.Frame!.Time.Monotonic.TotalSeconds)];
        taken.ForEach(image => image.Dispose());
        return times;
    }
}
