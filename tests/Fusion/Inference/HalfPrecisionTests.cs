using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Tests.Inference;

public class HalfPrecisionTests
{
    private static readonly Half[] All = [
        .. Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits))];

    [Fact]
    public void Every_half_is_widened_exactly()
    {
        var finite = All.Where(Half.IsFinite).ToArray();
        Assert.Equal(finite.Select(half => Bits((float)half)), Widen(finite).Select(Bits));
        Assert.Equal(All.Select(half => Bits((float)half)), Widen(All).Select(Bits));
    }

    [Fact]
    public void What_is_not_finite_is_found_at_any_place_of_any_length()
    {
        Assert.False(HalfPrecision.HoldsNonFinite([.. All.Where(Half.IsFinite)]));
        foreach (var bad in (Half[])[Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity])
        {
            for (var length = 1; length <= 70; length++)
            {
                var values = Enumerable.Repeat(Half.MaxValue, length).ToArray();
                for (var place = 0; place < length; place++)
                {
                    values[place] = bad;
                    Assert.True(HalfPrecision.HoldsNonFinite(values));
                    Assert.Equal(values.Select(half => Bits((float)half)), Widen(values).Select(Bits));
                    values[place] = Half.MinValue;
                }

                Assert.False(HalfPrecision.HoldsNonFinite(values));
            }
        }
    }

    private static float[] Widen(Half[] values)
    {
        var singles = new float[values.Length];
        HalfPrecision.Widen(values, singles);
        return singles;
    }

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
