using System.Numerics;
using EdgePerception.Fusion.Inference;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>Arithmetic on what models answer, against plain loops in double precision.</summary>
public sealed class VectorsTests
{
    private static readonly float[] Awkward = [0, -0f, 1, -1, 1e-20f, 1e10f, 3.5f, -7.25f];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(384)]
    [InlineData(385)]
    public void A_dot_product_is_the_sum_of_products_at_every_length(int length)
    {
        var random = new Random(length);
        var (a, b) = (Numbers(random, length), Numbers(random, length));
        var expected = 0.0;
        for (var i = 0; i < length; i++) expected += (double)a[i] * b[i];
        Assert.Equal(expected, Vectors.Dot(a, b), 1e-4 * Math.Max(1, length));
    }

    [Fact]
    public void What_lies_behind_the_last_whole_vector_counts()
    {
        var length = Vector<float>.Count + 1;
        var (a, b) = (new float[length], new float[length]);
        (a[^1], b[^1]) = (3, 5);
        Assert.Equal(15, Vectors.Dot(a, b));
    }

    [Property]
    public Property A_normalized_vector_has_length_one_and_the_same_direction() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(-1000, 1000).Select(n => n / 8f)).ToArbitrary(), vector =>
        {
            var unit = vector.ToArray();
            Vectors.Normalize(unit);
            if (vector.All(value => value == 0)) return unit.SequenceEqual(vector);
            var length = Math.Sqrt(vector.Sum(value => (double)value * value));
            return Math.Abs(Vectors.Dot(unit, unit) - 1) < 1e-4
                && unit.Zip(vector).All(pair => Math.Abs(pair.First - pair.Second / length) < 1e-4);
        });

    [Fact]
    public void A_vector_of_what_is_no_number_is_left_as_it_is()
    {
        float[] broken = [1, float.NaN, 2];
        Vectors.Normalize(broken);
        Assert.Equal([1, float.NaN, 2], broken);
    }

    [Property]
    public Property Probabilities_add_up_to_one_and_keep_the_order() => Prop.ForAll(
        Gen.NonEmptyListOf(Gen.Choose(-90, 90)).Select(list => list.Select(n => (float)n).ToArray()).ToArbitrary(),
        logits =>
        {
            var probabilities = new float[logits.Length];
            Softmax.Apply(logits, probabilities);
            return Math.Abs(probabilities.Sum() - 1) < 1e-4 && probabilities.All(p => p is >= 0 and <= 1)
                && Enumerable.Range(0, logits.Length).All(i => Enumerable.Range(0, logits.Length)
                    .All(j => logits[i] <= logits[j] == probabilities[i] <= probabilities[j] || probabilities[i] == 0));
        });

    [Theory]
    [InlineData(3e38f)]
    [InlineData(-3e38f)]
    [InlineData(1000f)]
    public void Logits_of_any_size_give_probabilities(float logit)
    {
        var probabilities = new float[3];
        Softmax.Apply([logit, logit, logit], probabilities);
        Assert.All(probabilities, p => Assert.Equal(1 / 3f, p, 1e-6f));
    }

    [Theory]
    [InlineData(1, 0.7310586f)]
    [InlineData(2, 0.8807971f)]
    [InlineData(0, 0.5f)]
    public void A_scale_sharpens(float scale, float expected)
    {
        float[] values = [1, 0];
        // In place, as its callers use it.
        Softmax.Apply(values, values, scale);
        Assert.Equal(expected, values[0], 1e-6f);
    }

    [Fact]
    public void What_lies_behind_the_logits_is_not_touched()
    {
        float[] probabilities = [7, 7, 7];
        Softmax.Apply([0, 0], probabilities);
        Assert.Equal([0.5f, 0.5f, 7], probabilities);
    }

    private static float[] Numbers(Random random, int length) =>
        [.. Enumerable.Range(0, length)
            .Select(i => i % 5 == 0 ? Awkward[i % Awkward.Length] % 100 : random.NextSingle() * 4 - 2)];
}
