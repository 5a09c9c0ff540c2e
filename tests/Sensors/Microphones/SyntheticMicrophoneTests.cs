using System.Collections.Concurrent;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.Microphones;

/// <summary>The life of a microphone, on virtual time.</summary>
public sealed class SyntheticMicrophoneTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly ConcurrentQueue<CaptureStatus> _changes = new();

    public SyntheticMicrophoneTests() => _clock = new SensorClock(_time);

    [Theory]
    [InlineData("freeze@5", CaptureState.Frozen, "no sound for 500 ms")]
    [InlineData("error@5", CaptureState.Failed, "the error that was asked for at block 5")]
    [InlineData("end@5", CaptureState.Failed, "the stream ended")]
    public void A_microphone_that_fails_is_noticed_and_rebuilt(string fault, CaptureState state, string reason)
    {
        using var source =
            Start(new() { Name = "left", Kind = MicrophoneKind.Synthetic, WatchdogMs = 500, Fault = fault });
        _time.AdvanceUntil(() => _changes.Count >= 3);
        Assert.Equal([CaptureState.Live, state, CaptureState.Live], _changes.Take(3).Select(change => change.State));
        Assert.Equal((reason, "left"), (_changes.ElementAt(1).Reason, _changes.ElementAt(1).Name));
    }

    [Fact]
    public void One_that_never_gives_sound_is_frozen()
    {
        using var source = Start(new()
        {
            Name = "left",
            Kind = MicrophoneKind.Synthetic,
            StartTimeoutMs = 3000,
            Fault = "freeze@0",
        });
        _time.AdvanceUntil(() => !_changes.IsEmpty);
        Assert.Equal("no first sound within 3000 ms", _changes.First().Reason);
    }

    [Fact]
    public void Positions_in_the_buffer_stay_times_across_a_rebuild()
    {
        using var source = Start(new() { Name = "left", Kind = MicrophoneKind.Synthetic, Fault = "error@50" });
        _time.AdvanceUntil(() => _changes.Count(change => change.State == CaptureState.Live) >= 2);
        var feed = source.Feed;
        Assert.Equal(1, feed.Buffer.Gaps);
        Assert.True(feed.LastTime <= _clock.Monotonic);
    }

    [Fact]
    public void It_clicks_at_every_whole_second_of_its_own()
    {
        using var microphone = new SyntheticMicrophone(new() { Name = "left", Channels = 2 }, _clock, TimeSpan.Zero);
        using var feed = new SoundFeed(new() { Name = "left", Channels = 2 }, _clock);
        var begin = _clock.Monotonic;
        for (var i = 0; i < 250; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            Assert.Equal(CaptureRead.Arrived, microphone.Read(feed, TimeSpan.Zero, default));
        }

        var samples = new float[feed.Buffer.Capacity * 2];
        long position = 0;
        var count = feed.Buffer.Read(ref position, _clock.Monotonic, samples, out var start, out _);
        Assert.Equal((40_000, begin), (count, start));
        var clicks = Enumerable.Range(1, count - 1).Where(i => samples[2 * i] > 0.5f && samples[2 * i - 2] < 0.5f);
        Assert.Equal([16_000, 32_000], clicks);
    }

    private CaptureSource<SoundFeed> Start(MicrophoneSettings settings)
    {
        var source = MicrophoneSource.Of(
            settings, notBefore => new SyntheticMicrophone(settings, _clock, notBefore), _clock, NullLogger.Instance);
        source.StatusChanged += _changes.Enqueue;
        source.Start();
        return source;
    }
}
