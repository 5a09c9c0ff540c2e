using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Preprocessing;

public class ImagePlacementTests
{
    [Theory]
    [InlineData(640, 480, 512, 512, 0, 64, 512, 384)]
    [InlineData(480, 640, 512, 512, 64, 0, 384, 512)]
    [InlineData(512, 512, 512, 512, 0, 0, 512, 512)]
    [InlineData(256, 128, 512, 512, 0, 128, 512, 256)]
    [InlineData(1, 1, 512, 512, 0, 0, 512, 512)]
    [InlineData(5120, 1, 512, 512, 0, 255, 512, 1)]
    [InlineData(100, 99, 10, 10, 0, 0, 10, 10)]
    public void A_letterboxed_picture_is_scaled_to_fit_and_centred(
        int width, int height, int inputWidth, int inputHeight, int left, int top, int boxWidth, int boxHeight) =>
        Assert.Equal(
            (left, top, boxWidth, boxHeight),
            Filled(ImagePlacement.Fit(ImageFit.Letterbox, width, height, inputWidth, inputHeight)));

    [Fact]
    public void A_picture_in_the_corner_has_its_borders_right_and_below() =>
        Assert.Equal((0, 0, 512, 384), Filled(ImagePlacement.Fit(ImageFit.Corner, 640, 480, 512, 512)));

    [Theory]
    [InlineData(ImageFit.Squash)]
    [InlineData(ImageFit.Crop)]
    public void A_squashed_or_cropped_picture_leaves_no_border(ImageFit fit) =>
        Assert.Equal((0, 0, 512, 512), Filled(ImagePlacement.Fit(fit, 640, 480, 512, 512)));

    [Fact]
    public void A_crop_keeps_the_middle_and_one_scale()
    {
        var placement = ImagePlacement.Fit(ImageFit.Crop, 640, 480, 240, 240);
        Assert.Equal((0.5f, 0.5f), (placement.ScaleX, placement.ScaleY));
        Assert.Equal((80f, 560f), (placement.ToImageX(0), placement.ToImageX(240)));
        Assert.Equal((0f, 480f), (placement.ToImageY(0), placement.ToImageY(240)));
    }

    [Fact]
    public void A_region_comes_back_as_the_region()
    {
        var placement = ImagePlacement.Fit(ImageFit.Squash, 100.5f, 20, 50, 200, 224, 112);
        Assert.Equal(100.5f, placement.ToImageX(0), 1e-3);
        Assert.Equal(150.5f, placement.ToImageX(224), 1e-3);
        Assert.Equal(20f, placement.ToImageY(0), 1e-3);
        Assert.Equal(220f, placement.ToImageY(112), 1e-3);
    }

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void A_letterbox_lies_within_the_input_centred_and_touches_it_on_one_axis(
        PositiveInt width, PositiveInt height, PositiveInt inputWidth, PositiveInt inputHeight)
    {
        var box = ImagePlacement.Fit(ImageFit.Letterbox, width.Get, height.Get, inputWidth.Get, inputHeight.Get);
        Assert.True(box is { Left: >= 0, Top: >= 0, Width: >= 1, Height: >= 1 });
        Assert.True(box.Left + box.Width <= inputWidth.Get && box.Top + box.Height <= inputHeight.Get);
        Assert.True(box.Width == inputWidth.Get || box.Height == inputHeight.Get);
        // Centred: the borders of two sides differ by a pixel at most.
        Assert.InRange(inputWidth.Get - box.Width - 2 * box.Left, 0, 1);
        Assert.InRange(inputHeight.Get - box.Height - 2 * box.Top, 0, 1);
    }

    [Property(MaxTest = 1000, Replay = "17,31")]
    public Property The_edges_of_what_is_filled_are_those_of_the_picture_or_inside_it_when_cropped()
    {
        var side = Gen.Choose(1, 4000);
        var cases =
            from fit in Gen.Elements(Enum.GetValues<ImageFit>())
            from width in side
            from height in side
            from inputWidth in Gen.Choose(1, 700)
            from inputHeight in Gen.Choose(1, 700)
            select (fit, width, height, inputWidth, inputHeight);
        return Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var (fit, width, height, inputWidth, inputHeight) = sample;
            var box = ImagePlacement.Fit(fit, width, height, inputWidth, inputHeight);
            var (left, right) = (box.ToImageX(box.Left), box.ToImageX(box.Left + box.Width));
            var (top, bottom) = (box.ToImageY(box.Top), box.ToImageY(box.Top + box.Height));
            Assert.Equal(width - right, left, 0.01);
            Assert.Equal(height - bottom, top, 0.01);
            if (fit != ImageFit.Crop)
            {
                Assert.Equal(0, left, 0.01);
                Assert.Equal(0, top, 0.01);
                return;
            }

            Assert.True(left >= -0.01 && top >= -0.01 && Math.Min(left, top) < 0.01);
            Assert.Equal(1, box.ScaleX / box.ScaleY, 1e-4);
        });
    }

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void A_point_of_the_picture_comes_back_from_the_input(
        PositiveInt width, PositiveInt height, byte along, byte down)
    {
        foreach (var fit in Enum.GetValues<ImageFit>())
        {
            var box = ImagePlacement.Fit(fit, width.Get, height.Get, 512, 384);
            var (x, y) = (along / 255f * width.Get, down / 255f * height.Get);
            Assert.InRange(box.ToImageX(x * box.ScaleX + box.OffsetX) - x, -0.01f, 0.01f);
            Assert.InRange(box.ToImageY(y * box.ScaleY + box.OffsetY) - y, -0.01f, 0.01f);
        }
    }

    private static (int Left, int Top, int Width, int Height) Filled(ImagePlacement box) =>
        (box.Left, box.Top, box.Width, box.Height);
}
