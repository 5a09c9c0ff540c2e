using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Sensors.Tests.Microphones;

public sealed class SoundFeedTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;

    public SoundFeedTests() => _clock = new SensorClock(_time);

    [Theory]
    [InlineData(0, 0.25f)]
    [InlineData(6.0206, 0.5f)]
    [InlineData(-6.0206, 0.125f)]
    [InlineData(60, 1)]
    public void Samples_are_amplified_and_clipped(double gain, float expected)
    {
        using var feed = new SoundFeed(new() { Name = "left", GainDb = gain }, _clock);
        feed.Write([0.25f, -0.25f], _clock.Monotonic);
        var read = new float[2];
        long position = 0;
        Assert.Equal(2, feed.Buffer.Read(ref position, TimeSpan.MaxValue / 2, read, out _, out _));
        Assert.Equal([expected, -expected], read.Select(sample => MathF.Round(sample, 4)));
    }

    [Fact]
    public void Digital_silence_is_no_sound_but_counts_as_samples()
    {
        using var feed = new SoundFeed(new() { Name = "left", Channels = 2 }, _clock);
        var made = feed.LastSoundTime;
        Assert.Equal((_clock.Monotonic, TimeSpan.Zero), (made, feed.LastTime));
        _time.Advance(TimeSpan.FromSeconds(1));
        feed.Write(new float[320], _clock.Monotonic);
        Assert.Equal((made, 160L, _clock.Monotonic + TimeSpan.FromMilliseconds(10)),
            (feed.LastSoundTime, feed.Captured, feed.LastTime));
        feed.Write([0, 0, 0, 1e-6f], _clock.Monotonic + TimeSpan.FromMilliseconds(10));
        Assert.Equal(_clock.Monotonic + TimeSpan.FromMilliseconds(10), feed.LastSoundTime);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        using var feed = new SoundFeed(new() { Name = "left", GainDb = 3 }, _clock);
        var block = new float[160];
        Array.Fill(block, 0.1f);
        var at = _clock.Monotonic;
        Write(20);
        Assert.Equal(0, Allocations.Least(() => Write(1000)));

        void Write(int count)
        {
            for (var i = 0; i < count; i++, at += TimeSpan.FromMilliseconds(10)) feed.Write(block, at);
        }
    }
}
