using EdgePerception.Sensors.Cameras;
using EdgePerception.Tests.Support;

namespace EdgePerception.Sensors.Tests.Synchronization;

public sealed class SensorFeedTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly byte[] _image = new byte[12];

    [Fact]
    public async Task An_unpaced_source_waits_until_its_frame_was_taken_and_loses_none()
    {
        using var feed = CameraSource.Feed(
            new() { Name = "clip", Kind = CameraKind.File, Paced = false, PoolFrames = 3 }, new(_time));
        var writer = Task.Run(() =>
        {
            for (var i = 1; i <= 200; i++) feed.Video(_image, 2, 2, 6, TimeSpan.FromMilliseconds(i));
        });
        var sequences = new List<long>();
        Eventually.Holds(() =>
        {
            using var frame = feed.Take();
            if (frame is not null) sequences.Add(frame.Sequence);
            return writer.IsCompleted && !feed.HasFrame;
        }, "taking all frames");
        await writer;
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), sequences);
    }

    [Fact]
    public async Task Closing_lets_go_of_a_source_that_waits_for_its_frame_to_be_taken()
    {
        using var feed = CameraSource.Feed(new() { Name = "clip", Kind = CameraKind.File, Paced = false }, new(_time));
        feed.Video(_image, 2, 2, 6, TimeSpan.FromMilliseconds(1));
        var writer = Task.Run(() => feed.Video(_image, 2, 2, 6, TimeSpan.FromMilliseconds(2)));
        feed.Close();
        await writer.WaitAsync(TimeSpan.FromMinutes(1));
    }
}
