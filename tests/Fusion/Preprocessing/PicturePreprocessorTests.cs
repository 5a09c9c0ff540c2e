using EdgePerception.Fusion.Preprocessing;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Preprocessing;

public class PicturePreprocessorTests
{
    // In pixel values: a tenth of what design.md allows.
    private const double Tolerance = 0.1;

    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 2, 1 }, { 1, 2 }, { 3, 3 }, { 1, 97 }, { 97, 1 }, { 7, 5 }, { 31, 33 }, { 32, 24 }, { 33, 24 },
        { 640, 480 }, { 641, 479 }, { 1279, 3 }, { 3, 1279 }, { 4000, 1 }, { 1, 4000 }, { 64, 48 }, { 63, 47 }, { 127, 255 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_picture_of_any_size_lies_in_the_input_as_the_convention_says(int width, int height)
    {
        foreach (var layout in Enum.GetValues<TensorLayout>())
            AssertAsConvention(width, height, 32, 24, Manifest(layout));
    }

    [Fact]
    public void A_large_picture_keeps_its_precision() => AssertAsConvention(3840, 2160, 512, 512, Manifest(TensorLayout.Nhwc));

    [Fact]
    public void A_small_picture_is_enlarged() => AssertAsConvention(20, 15, 320, 200, Manifest(TensorLayout.Nchw));

    [Fact]
    public void A_picture_of_the_inputs_size_goes_through_unchanged()
    {
        var pixels = Noise(32, 24);
        var tensor = new float[pixels.Length];
        new PicturePreprocessor(32, 24, new PictureManifest { Layout = TensorLayout.Nhwc }).Fill(pixels, 32, 24, tensor);
        Assert.Equal(pixels.Select(p => (float)p), tensor);
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public Property Any_picture_lies_in_any_input_as_the_convention_says()
    {
        var size = Gen.Choose(1, 90);
        var level = Gen.Choose(0, 255).Select(value => (float)value).ArrayOf(3);
        var cases =
            from width in size
            from height in size
            from inputWidth in size
            from inputHeight in size
            from mean in level
            from std in level
            from border in Gen.Choose(0, 255)
            from layout in Gen.Elements(Enum.GetValues<TensorLayout>())
            select (width, height, inputWidth, inputHeight, new PictureManifest
            {
                Layout = layout,
                Mean = mean,
                Std = [std[0] + 1, std[1] + 1, std[2] + 1],
                Border = border,
            });
        return Prop.ForAll(cases.ToArbitrary(), AssertAsConvention);
    }

    [Theory]
    [InlineData(TensorLayout.Nhwc)]
    [InlineData(TensorLayout.Nchw)]
    public void Borders_are_right_after_every_change_of_size(TensorLayout layout)
    {
        var manifest = Manifest(layout);
        var preprocessor = new PicturePreprocessor(32, 24, manifest);
        var tensor = new float[32 * 24 * 3];
        Array.Fill(tensor, float.NaN);
        foreach (var (width, height) in new[] { (64, 8), (8, 64), (64, 8), (32, 24), (5, 5), (32, 24), (8, 64), (8, 64), (1, 1), (64, 8) })
        {
            var pixels = Noise(width, height);
            var box = preprocessor.Fill(pixels, width, height, tensor);
            Assert.Equal(Letterbox.Fit(width, height, 32, 24), box);
            AssertClose(ReferencePreprocessor.Fill(pixels, width, height, 32, 24, manifest), tensor, manifest);
        }
    }

    [Fact]
    public void A_picture_shorter_than_its_size_is_refused_rather_than_read_beyond()
    {
        var pixels = Noise(37, 29);
        var tensor = new float[32 * 24 * 3];
        var preprocessor = new PicturePreprocessor(32, 24, Manifest(TensorLayout.Nhwc));
        Assert.ThrowsAny<ArgumentException>(() => preprocessor.Fill(pixels.AsSpan(1), 37, 29, tensor));
    }

    [Theory]
    [InlineData(TensorLayout.Nhwc)]
    [InlineData(TensorLayout.Nchw)]
    public void A_picture_of_the_same_size_allocates_nothing(TensorLayout layout)
    {
        var preprocessor = new PicturePreprocessor(64, 64, Manifest(layout));
        var (pixels, tensor) = (Noise(80, 60), new float[64 * 64 * 3]);
        preprocessor.Fill(pixels, 80, 60, tensor);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++) preprocessor.Fill(pixels, 80, 60, tensor);
        }));
    }

    private static PictureManifest Manifest(TensorLayout layout) => new()
    {
        Layout = layout,
        Mean = [123.675f, 116.28f, 103.53f],
        Std = [58.395f, 57.12f, 57.375f],
        Border = 114,
    };

    private static void AssertAsConvention((int Width, int Height, int InputWidth, int InputHeight, PictureManifest Manifest) sample) =>
        AssertAsConvention(sample.Width, sample.Height, sample.InputWidth, sample.InputHeight, sample.Manifest);

    private static void AssertAsConvention(int width, int height, int inputWidth, int inputHeight, PictureManifest manifest)
    {
        var pixels = Noise(width, height);
        var tensor = new float[inputWidth * inputHeight * 3];
        Array.Fill(tensor, float.NaN);
        new PicturePreprocessor(inputWidth, inputHeight, manifest).Fill(pixels, width, height, tensor);
        AssertClose(ReferencePreprocessor.Fill(pixels, width, height, inputWidth, inputHeight, manifest), tensor, manifest);
    }

    private static void AssertClose(double[] expected, float[] tensor, PictureManifest manifest)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var channel = manifest.Layout == TensorLayout.Nhwc ? i % 3 : i / (expected.Length / 3);
            var difference = Math.Abs(expected[i] - tensor[i]) * manifest.Std[channel];
            // An element that was never written is NaN and fails as well.
            Assert.True(difference <= Tolerance, $"element {i}: {tensor[i]} where {expected[i]} should be");
        }
    }

    // Noise has the steepest slopes there are, so that a sample in the wrong place shows.
    private static byte[] Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width * 7919 + height).NextBytes(pixels);
        return pixels;
    }
}
