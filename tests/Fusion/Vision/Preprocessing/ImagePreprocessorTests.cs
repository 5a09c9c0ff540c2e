using System.Runtime.InteropServices;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Preprocessing;

public class ImagePreprocessorTests
{
    private static readonly int[] Widths = [512, 256, 128, 0];

    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 2, 1 }, { 1, 2 }, { 3, 3 }, { 1, 97 }, { 97, 1 }, { 7, 5 }, { 31, 33 }, { 32, 24 }, { 33, 24 },
        { 640, 480 }, { 641, 479 }, { 1279, 3 }, { 3, 1279 }, { 4000, 1 }, { 1, 4000 }, { 64, 48 }, { 63, 47 },
        { 127, 255 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_picture_of_any_size_and_format_lies_in_the_input_as_the_convention_says(int width, int height)
    {
        foreach (var format in Enum.GetValues<PixelFormat>())
        {
            foreach (var layout in Enum.GetValues<TensorLayout>())
                AssertAsConvention(
                    new Case(
                        new TestImage(format, width, height, 3), null, 32, 24, TensorType.Float32, Manifest(layout)));
        }
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Nv12)]
    public void A_large_picture_keeps_its_precision(PixelFormat format) => AssertAsConvention(
        new Case(new TestImage(format, 3840, 2160), null, 256, 256, TensorType.Float32, Manifest(TensorLayout.Nhwc)));

    [Theory]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.I420)]
    public void A_small_picture_is_enlarged(PixelFormat format) => AssertAsConvention(
        new Case(new TestImage(format, 20, 15), null, 320, 200, TensorType.Float32, Manifest(TensorLayout.Nchw)));

    [Fact]
    public void A_picture_of_the_inputs_size_goes_through_unchanged()
    {
        var image = new TestImage(PixelFormat.Rgb24, 32, 24);
        var tensor = new byte[32 * 24 * 3];
        var manifest = new ImageManifest { Layout = TensorLayout.Nhwc };
        new ImagePreprocessor(32, 24, TensorType.Uint8, manifest).Fill(image.View(), tensor);
        Assert.Equal(image.Pixels, tensor);
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public Property Any_picture_lies_in_any_input_as_the_convention_says() =>
        Prop.ForAll(Cases.ToArbitrary(), AssertAsConvention);

    [Property(MaxTest = 200, Replay = "5,9")]
    public Property All_widths_of_vectors_compute_what_none_computes() => Prop.ForAll(Cases.ToArbitrary(), sample =>
    {
        var expected = Fill(sample, widestVector: 0);
        foreach (var width in Widths) Assert.Equal(expected, Fill(sample, width));
    });

    [Theory]
    [InlineData(TensorLayout.Nhwc)]
    [InlineData(TensorLayout.Nchw)]
    public void Borders_are_right_after_every_change_of_size_or_region(TensorLayout layout)
    {
        var manifest = Manifest(layout);
        var preprocessor = new ImagePreprocessor(32, 24, TensorType.Float32, manifest);
        var tensor = Unwritten(32 * 24 * 3);
        foreach (var (width, height) in new[] { (64, 8), (8, 64), (64, 8), (32, 24), (5, 5), (32, 24), (8, 64), (8, 64),
            (1, 1), (64, 8) })
        {
            var image = new TestImage(PixelFormat.Rgb24, width, height);
            var box = preprocessor.Fill(image.View(), MemoryMarshal.AsBytes(tensor.AsSpan()));
            Assert.Equal(ImagePlacement.Fit(ImageFit.Letterbox, width, height, 32, 24), box);
            AssertClose(new Case(image, null, 32, 24, TensorType.Float32, manifest), tensor);
            var region = new BoundingBox(width / 4f, -2, width / 2f, height + 1);
            preprocessor.Fill(image.View(), region, MemoryMarshal.AsBytes(tensor.AsSpan()));
            AssertClose(new Case(image, region, 32, 24, TensorType.Float32, manifest), tensor);
        }
    }

    [Theory]
    [InlineData(TensorLayout.Nhwc)]
    [InlineData(TensorLayout.Nchw)]
    public void Borders_are_left_alone_while_the_picture_lies_where_it_lay(TensorLayout layout)
    {
        var preprocessor = new ImagePreprocessor(
            32, 24, TensorType.Uint8, new ImageManifest { Layout = layout, Border = 7 });
        var (tensor, image) = (new byte[32 * 24 * 3], new TestImage(PixelFormat.Rgb24, 64, 24));
        preprocessor.Fill(image.View(), tensor);
        Assert.Equal(7, tensor[0]);
        Assert.Equal(7, tensor[^1]);
        (tensor[0], tensor[^1]) = (99, 99);
        preprocessor.Fill(image.View(), tensor);
        Assert.Equal((99, 99), (tensor[0], tensor[^1]));
        preprocessor.Fill(new TestImage(PixelFormat.Rgb24, 64, 32).View(), tensor);
        Assert.Equal((7, 7), (tensor[0], tensor[^1]));
    }

    [Fact]
    public void Each_slot_of_a_batch_is_written_alone()
    {
        var manifest = Manifest(TensorLayout.Nchw);
        var preprocessor = new ImagePreprocessor(32, 24, TensorType.Float32, manifest, slots: 3);
        var (size, batch) = (32 * 24 * 3, Unwritten(32 * 24 * 3 * 3));
        var (wide, high) = (new TestImage(PixelFormat.Rgb24, 60, 10), new TestImage(PixelFormat.Nv12, 10, 60));
        preprocessor.Fill(wide.View(), MemoryMarshal.AsBytes(batch.AsSpan()), slot: 2);
        Assert.All(batch[..(2 * size)], value => Assert.True(float.IsNaN(value)));
        preprocessor.Fill(high.View(), MemoryMarshal.AsBytes(batch.AsSpan()), slot: 0);
        Assert.All(batch[size..(2 * size)], value => Assert.True(float.IsNaN(value)));
        var region = new BoundingBox(3, 3, 30, 5);
        preprocessor.Fill(wide.View(), region, MemoryMarshal.AsBytes(batch.AsSpan()), slot: 1);
        AssertClose(new Case(high, null, 32, 24, TensorType.Float32, manifest), batch[..size]);
        AssertClose(new Case(wide, region, 32, 24, TensorType.Float32, manifest), batch[size..(2 * size)]);
        AssertClose(new Case(wide, null, 32, 24, TensorType.Float32, manifest), batch[(2 * size)..]);
    }

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(2, 100)]
    [InlineData(1, -1)]
    public void A_slot_that_is_not_there_is_refused(int slot, int spare)
    {
        var preprocessor = new ImagePreprocessor(8, 8, TensorType.Uint8, new ImageManifest(), slots: 2);
        Assert.Throws<ArgumentException>(
            () => preprocessor.Fill(new TestImage(PixelFormat.Rgb24, 8, 8).View(), new byte[2 * 192 + spare], slot));
    }

    [Theory]
    [InlineData(float.NaN, 0, 1, 1)]
    [InlineData(0, float.PositiveInfinity, 1, 1)]
    [InlineData(0, 0, -1, 1)]
    [InlineData(0, 0, 1, float.NaN)]
    public void A_region_that_is_none_is_refused(float x, float y, float width, float height)
    {
        var preprocessor = new ImagePreprocessor(8, 8, TensorType.Uint8, new ImageManifest());
        Assert.Throws<ArgumentException>(() => preprocessor.Fill(
            new TestImage(PixelFormat.Rgb24, 8, 8).View(), new BoundingBox(x, y, width, height), new byte[192]));
    }

    [Theory]
    [InlineData(TensorType.Int32)]
    [InlineData(TensorType.Int64)]
    [InlineData(TensorType.Bool)]
    public void A_type_that_holds_no_pictures_is_refused(TensorType type) =>
        Assert.Throws<ArgumentException>(() => new ImagePreprocessor(8, 8, type, new ImageManifest()));

    [Theory]
    [InlineData(PixelFormat.Rgb24, TensorLayout.Nhwc)]
    [InlineData(PixelFormat.Bgr24, TensorLayout.Nchw)]
    [InlineData(PixelFormat.Nv12, TensorLayout.Nchw)]
    [InlineData(PixelFormat.I420, TensorLayout.Nhwc)]
    public void Cameras_of_four_sizes_and_regions_of_them_allocate_nothing(PixelFormat format, TensorLayout layout)
    {
        var preprocessor = new ImagePreprocessor(64, 64, TensorType.Float32, Manifest(layout), slots: 2);
        var tensor = new byte[64 * 64 * 3 * 4 * 2];
        TestImage[] images = [new(format, 80, 60), new(format, 60, 80), new(format, 61, 33), new(format, 64, 64)];
        void FillAll()
        {
            for (var i = 0; i < 100; i++)
            {
                var image = images[i % 4].View();
                preprocessor.Fill(image, tensor);
                preprocessor.Fill(image, new BoundingBox(i % 7, i % 3, 20 + i % 30, 30 + i % 11), tensor, slot: 1);
            }
        }

        FillAll();
        Assert.Equal(0, Allocations.Least(FillAll));
    }

    private static Gen<Case> Cases =>
        from format in Gen.Elements(Enum.GetValues<PixelFormat>())
        from encoding in Gen.Elements(Enum.GetValues<YuvEncoding>())
        from width in Gen.Frequency((4, Gen.Choose(1, 90)), (1, Gen.Choose(91, 700)))
        from height in Gen.Choose(1, 90)
        from padding in Gen.Choose(0, 9)
        from inputWidth in Gen.Choose(1, 90)
        from inputHeight in Gen.Choose(1, 60)
        from mean in Gen.Choose(0, 255).Select(value => (float)value).ArrayOf(3)
            // The rare ones make half precision overflow and underflow.
        from std in Gen.Frequency(
            (8, Gen.Choose(1, 255).Select(value => (float)value)), (1, Gen.Elements(0.001f, 3e7f))).ArrayOf(3)
        from border in Gen.Choose(0, 255)
        from layout in Gen.Elements(Enum.GetValues<TensorLayout>())
        from channels in Gen.Elements(Enum.GetValues<ChannelOrder>())
        from fit in Gen.Elements(Enum.GetValues<ImageFit>())
        from sampling in Gen.Elements(Enum.GetValues<SamplingConvention>())
        from type in Gen.Elements(TensorType.Float32, TensorType.Float16, TensorType.Uint8)
        from region in Gen.Choose(-40, 400).Select(value => value / 4f).ArrayOf(4)
        from whole in Gen.Elements(true, false)
        select new Case(
            new TestImage(format, width, height, padding, encoding),
            whole ? null : new BoundingBox(region[0], region[1], Math.Abs(region[2]), Math.Abs(region[3])),
            inputWidth,
            inputHeight,
            type,
            new ImageManifest
            {
                Layout = layout,
                Channels = channels,
                Fit = fit,
                Sampling = sampling,
                Mean = type == TensorType.Uint8 ? [0, 0, 0] : mean,
                Std = type == TensorType.Uint8 ? [1, 1, 1] : std,
                Border = border,
            });

    private static ImageManifest Manifest(TensorLayout layout) => new()
    {
        Layout = layout,
        Mean = [123.675f, 116.28f, 103.53f],
        Std = [58.395f, 57.12f, 57.375f],
        Border = 114,
    };

    // An element that was never written is NaN, and fails every comparison.
    private static float[] Unwritten(int length) => Enumerable.Repeat(float.NaN, length).ToArray();

    private static float[] Fill(Case sample, int widestVector)
    {
        var length = sample.InputWidth * sample.InputHeight * 3;
        var preprocessor = new ImagePreprocessor(
            sample.InputWidth, sample.InputHeight, sample.Type, sample.Manifest, 1, widestVector);
        Half[] halves = sample.Type == TensorType.Float16 ? Enumerable.Repeat(Half.NaN, length).ToArray() : [];
        float[] floats = sample.Type == TensorType.Float32 ? Unwritten(length) : [];
        byte[] bytes = sample.Type == TensorType.Uint8 ? new byte[length] : [];
        var tensor = sample.Type switch
        {
            TensorType.Float32 => MemoryMarshal.AsBytes(floats.AsSpan()),
            TensorType.Float16 => MemoryMarshal.AsBytes(halves.AsSpan()),
            _ => bytes,
        };
        if (sample.Region is { } region) preprocessor.Fill(sample.Picture.View(), region, tensor);
        else preprocessor.Fill(sample.Picture.View(), tensor);
        return [.. floats, .. halves.Select(half => (float)half), .. bytes.Select(value => (float)value)];
    }

    private static void AssertAsConvention(Case sample) => AssertClose(sample, Fill(sample, widestVector: 512));

    private static void AssertClose(Case sample, float[] tensor)
    {
        var expected = ReferencePreprocessor.Fill(
            sample.Picture, sample.Region, sample.InputWidth, sample.InputHeight, sample.Manifest);
        Assert.Equal(expected.Length, tensor.Length);
        // In pixel values, as documented; design.md allows ten times as much.
        var tolerance = sample.Picture.IsYuv ? 0.07 : 0.025;
        for (var i = 0; i < expected.Length; i++)
        {
            var channel = sample.Manifest.Layout == TensorLayout.Nhwc ? i % 3 : i / (expected.Length / 3);
            var rounding = sample.Type switch
            {
                // Beyond 65,504 there is nothing but infinity.
                TensorType.Float16 =>
                    Math.Abs(expected[i]) > 65_000 ? double.PositiveInfinity : Math.Abs(expected[i]) / 2048 + 3e-8,
                TensorType.Uint8 => 0.5,
                _ => 0,
            };
            var allowed = tolerance / sample.Manifest.Std[channel] + rounding;
            Assert.True(
                Math.Abs(expected[i] - tensor[i]) <= allowed,
                $"element {i}: {tensor[i]} where {expected[i]} should be, {allowed} is allowed ({sample})");
        }
    }

    private sealed record Case(
        TestImage Picture, BoundingBox? Region, int InputWidth, int InputHeight, TensorType Type,
        ImageManifest Manifest);
}
