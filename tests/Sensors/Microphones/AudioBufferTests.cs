using EdgePerception.Sensors.Microphones;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Microphones;

public sealed class AudioBufferTests
{
    private static readonly TimeSpan Begin = TimeSpan.FromHours(5);
    private readonly float[] _into = new float[AudioBuffer.SampleRate * 4];

    [Fact]
    public void A_segment_ends_at_the_frame_and_the_next_begins_there()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(1));
        buffer.Write(Ramp(0, 1600), Begin);

        long position = 0;
        Assert.Equal(
            528, Read(buffer, ref position, Begin + TimeSpan.FromMilliseconds(33), out var start, out var broken));
        Assert.Equal((Begin, false, 527f), (start, broken, _into[527]));
        Assert.Equal(1072, Read(buffer, ref position, Begin + TimeSpan.FromMilliseconds(500), out start, out broken));
        Assert.Equal((Begin + TimeSpan.FromMilliseconds(33), false, 528f), (start, broken, _into[0]));
    }

    [Fact]
    public void Sound_that_comes_after_its_frame_belongs_to_the_next()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(1));
        buffer.Write(Ramp(0, 160), Begin);
        long position = 0;
        Assert.Equal(160, Read(buffer, ref position, Begin + TimeSpan.FromMilliseconds(20), out _, out _));
        Assert.Equal(0, Read(buffer, ref position, Begin + TimeSpan.FromMilliseconds(20), out _, out _));

        buffer.Write(Ramp(160, 160), Begin + TimeSpan.FromMilliseconds(10));
        Assert.Equal(160, Read(buffer, ref position, Begin + TimeSpan.FromMilliseconds(40), out _, out var broken));
        Assert.Equal((160f, false), (_into[0], broken));
    }

    [Fact]
    public void A_gap_is_filled_with_silence_so_that_positions_stay_times()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(1));
        buffer.Write(Ramp(1, 160), Begin);
        buffer.Write(Ramp(1, 160), Begin + TimeSpan.FromMilliseconds(110));

        long position = 0;
        Assert.Equal(1920, Read(buffer, ref position, Begin + TimeSpan.FromSeconds(1), out _, out var broken));
        Assert.True(broken);
        Assert.Equal((160f, 0f, 0f, 1f), (_into[159], _into[160], _into[1759], _into[1760]));
        Assert.Equal(1, buffer.Gaps);
    }

    [Fact]
    public void An_outage_longer_than_the_ring_leaves_only_what_is_new()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(1));
        buffer.Write(Ramp(1, 160), Begin);
        var later = Begin + TimeSpan.FromMinutes(10);
        buffer.Write(Ramp(1, 160), later);

        long position = 160;
        var count = Read(buffer, ref position, later + TimeSpan.FromSeconds(1), out var start, out var broken);
        Assert.Equal((16_000, true, 0f, 160f), (count, broken, _into[0], _into[count - 1]));
        Assert.Equal(later + TimeSpan.FromMilliseconds(10), start + AudioBuffer.ToTime(count));
    }

    [Fact]
    public void What_was_recorded_already_is_not_recorded_twice()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(1));
        buffer.Write(Ramp(0, 1600), Begin);
        buffer.Write(Ramp(800, 1600), Begin + TimeSpan.FromMilliseconds(50));

        long position = 0;
        Assert.Equal(2400, Read(buffer, ref position, Begin + TimeSpan.FromSeconds(1), out _, out _));
        Assert.Equal(Ramp(0, 2400), _into[..2400]);
    }

    [Fact]
    public void A_time_line_that_begins_anew_is_followed()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(1));
        buffer.Write(Ramp(0, 160), Begin);
        buffer.Write(Ramp(160, 160), TimeSpan.FromHours(1));

        long position = 160;
        Assert.Equal(160,
            Read(buffer, ref position, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1), out var start, out var broken));
        Assert.Equal((TimeSpan.FromHours(1), true, 160f), (start, broken, _into[0]));
    }

    [Fact]
    public void A_reader_that_came_too_late_is_told_what_it_missed()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(0.1));
        buffer.Write(Ramp(0, 4000), Begin);
        long position = 0;
        Assert.Equal(1600, Read(buffer, ref position, Begin + TimeSpan.FromSeconds(1), out var start, out var broken));
        Assert.Equal((2400f, true, Begin + TimeSpan.FromMilliseconds(150)), (_into[0], broken, start));
        Assert.Equal(4000, position);
    }

    [Fact]
    public void A_clock_that_drifts_and_jitters_neither_breaks_the_sound_nor_its_times()
    {
        var buffer = new AudioBuffer(1, TimeSpan.FromSeconds(1));
        var random = new System.Random(1);
        var time = Begin;
        // The card takes 10.002 ms for what it calls 10: 200 ppm, 120 ms in the ten minutes.
        for (var block = 0; block < 60_000; block++)
        {
            buffer.Write(Ramp(0, 160), time + TimeSpan.FromMilliseconds(random.NextDouble() * 8 - 4));
            time += TimeSpan.FromMilliseconds(10.002);
        }

        var position = buffer.End - 160;
        Read(buffer, ref position, time + TimeSpan.FromSeconds(1), out var start, out _);
        Assert.Equal(0, buffer.Gaps);
        Assert.InRange(start - (time - TimeSpan.FromMilliseconds(10)), TimeSpan.FromMilliseconds(-2),
            TimeSpan.FromMilliseconds(2));
    }

    /// <summary>
    /// Any series of blocks, gaps and reads with two channels, against a list that keeps every sample.
    /// </summary>
    [Property(MaxTest = 300, Replay = "17,31")]
    public void It_behaves_like_an_endless_list_that_forgets(int[] steps)
    {
        const int Channels = 2;
        var buffer = new AudioBuffer(Channels, TimeSpan.FromSeconds(0.1));
        var all = new List<float>();
        long position = 0;
        var value = 0f;
        foreach (var step in steps)
        {
            var size = Math.Abs((long)step) % 3000;
            if (step % 3 == 0)
            {
                // More than the tolerance, so that it is a gap: 640 samples are 40 ms.
                for (var i = 0; i < (700 + size) * Channels && all.Count > 0; i++) all.Add(0);
            }
            else if (step % 3 is 1 or -1)
            {
                var block = Enumerable.Range(0, (int)size * Channels).Select(_ => ++value).ToArray();
                buffer.Write(block, Begin + AudioBuffer.ToTime(all.Count / Channels));
                all.AddRange(block);
            }
            else
            {
                var until = Math.Max(0, all.Count / Channels - size % 500);
                var first = Math.Max(position, buffer.End - buffer.Capacity);
                var count = Read(buffer, ref position, Begin + AudioBuffer.ToTime(until), out var start, out _);
                // Silence at the end is not known to be a gap before the block after it.
                var expected = Math.Max(0, Math.Min(until, buffer.End) - first);
                Assert.Equal(expected, count);
                Assert.Equal(all.Skip((int)first * Channels).Take(count * Channels), _into[..(count * Channels)]);
                if (count > 0)
                    Assert.Equal((Begin + AudioBuffer.ToTime(first)).TotalMicroseconds, start.TotalMicroseconds, 1.0);
            }
        }
    }

    [Fact]
    public void Writing_and_reading_allocate_nothing()
    {
        var buffer = new AudioBuffer(2, TimeSpan.FromSeconds(1));
        var block = Ramp(0, 320);
        long position = 0;
        var time = Begin;
        Turn(10);
        Assert.Equal(0, Allocations.Least(() => Turn(1000)));

        void Turn(int count)
        {
            for (var i = 0; i < count; i++)
            {
                buffer.Write(block, time);
                time += TimeSpan.FromMilliseconds(i % 100 == 0 ? 300 : 10);
                Read(buffer, ref position, time, out _, out _);
            }
        }
    }

    private static float[] Ramp(int from, int count) => [.. Enumerable.Range(from, count).Select(i => (float)i)];

    private int Read(
        AudioBuffer buffer, ref long position, TimeSpan until, out TimeSpan start, out bool discontinuity) =>
        buffer.Read(ref position, until, _into, out start, out discontinuity);
}
