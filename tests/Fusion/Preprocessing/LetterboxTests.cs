using EdgePerception.Fusion.Preprocessing;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Preprocessing;

public class LetterboxTests
{
    [Theory]
    [InlineData(640, 480, 512, 512, 0.8f, 0, 64, 512, 384)]
    [InlineData(480, 640, 512, 512, 0.8f, 64, 0, 384, 512)]
    [InlineData(512, 512, 512, 512, 1f, 0, 0, 512, 512)]
    [InlineData(256, 128, 512, 512, 2f, 0, 128, 512, 256)]
    [InlineData(1, 1, 512, 512, 512f, 0, 0, 512, 512)]
    [InlineData(5120, 1, 512, 512, 0.1f, 0, 255, 512, 1)]
    [InlineData(100, 99, 10, 10, 0.1f, 0, 0, 10, 10)]
    public void A_picture_is_scaled_to_fit_and_centred(
        int width, int height, int inputWidth, int inputHeight, float scale, int left, int top, int boxWidth, int boxHeight) =>
        Assert.Equal(new Letterbox(scale, left, top, boxWidth, boxHeight), Letterbox.Fit(width, height, inputWidth, inputHeight));

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void The_box_lies_within_the_input_and_touches_it_on_one_axis(
        PositiveInt width, PositiveInt height, PositiveInt inputWidth, PositiveInt inputHeight)
    {
        var box = Letterbox.Fit(width.Get, height.Get, inputWidth.Get, inputHeight.Get);
        Assert.True(box is { Left: >= 0, Top: >= 0, Width: >= 1, Height: >= 1 });
        Assert.True(box.Left + box.Width <= inputWidth.Get && box.Top + box.Height <= inputHeight.Get);
        Assert.True(box.Width == inputWidth.Get || box.Height == inputHeight.Get);
        // Centred: the borders of two sides differ by a pixel at most.
        Assert.InRange(inputWidth.Get - box.Width - 2 * box.Left, 0, 1);
        Assert.InRange(inputHeight.Get - box.Height - 2 * box.Top, 0, 1);
    }

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void A_point_of_the_picture_comes_back_from_the_input(PositiveInt width, PositiveInt height, byte along, byte down)
    {
        var box = Letterbox.Fit(width.Get, height.Get, 512, 512);
        var (x, y) = (along / 255f * width.Get, down / 255f * height.Get);
        Assert.InRange(box.ToPictureX(x * box.Scale + box.Left) - x, -0.01f, 0.01f);
        Assert.InRange(box.ToPictureY(y * box.Scale + box.Top) - y, -0.01f, 0.01f);
    }

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void The_corners_of_the_box_are_those_of_the_picture_to_one_input_pixel(PositiveInt width, PositiveInt height)
    {
        var box = Letterbox.Fit(width.Get, height.Get, 512, 512);
        var slack = 1.001f / box.Scale;
        Assert.InRange(box.ToPictureX(box.Left), -slack, slack);
        Assert.InRange(box.ToPictureY(box.Top), -slack, slack);
        Assert.InRange(box.ToPictureX(box.Left + box.Width), width.Get - slack, width.Get + slack);
        Assert.InRange(box.ToPictureY(box.Top + box.Height), height.Get - slack, height.Get + slack);
    }
}
