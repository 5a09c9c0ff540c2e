using EdgePerception.Sensors.Microphones;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Microphones;

public sealed class ChannelMixTests
{
    public static TheoryData<float[], int, float[]> Mixes => new()
    {
        { [1, 3], 1, [2] },
        { [1, 2, 3, 4], 2, [2, 3] },
        { [1, 2, 3, 4, 5, 6], 2, [3, 4] },
        { [1, 2, 3, 4, 5], 3, [2.5f, 3.5f, 3] },
        { [1, 2, 3, 4, 5, 6, 7, 8], 1, [4.5f] },
        { [7], 4, [7, 7, 7, 7] },
        { [1, 2], 3, [1, 2, 1] },
    };

    [Theory]
    [MemberData(nameof(Mixes))]
    public void Channels_are_averaged_or_repeated_in_turn(float[] sample, int wanted, float[] expected) =>
        Assert.Equal(expected, Mix(sample, sample.Length, wanted));

    [Property(Replay = "17,31")]
    public Property Every_channel_gets_sound_and_none_is_louder_than_its_sources() => Prop.ForAll(
        Gen.Choose(1, 64).Zip(Gen.Choose(1, 16)).ToArbitrary(),
        channels =>
        {
            var (from, to) = channels;
            float[] sample = [.. Enumerable.Range(1, from).Select(i => i / 64f)];
            var mixed = Mix([.. sample, .. sample], from, to);
            Assert.Equal(2 * to, mixed.Length);
            Assert.All(mixed, value => Assert.InRange(value, sample[0], sample[^1]));
            Assert.Equal(mixed[..to], mixed[to..]);
        });

    private static float[] Mix(float[] samples, int from, int to)
    {
        var into = new float[samples.Length / from * to];
        ChannelMix.Mix(samples, from, into, to);
        return into;
    }
}
