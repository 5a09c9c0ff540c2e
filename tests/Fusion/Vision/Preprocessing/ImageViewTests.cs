using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Tests.Vision.Preprocessing;

public class ImageViewTests
{
    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    public void A_packed_picture_needs_all_its_rows_but_no_padding_after_the_last(PixelFormat format)
    {
        var pixels = new byte[2 * 40 + 36];
        Assert.Equal((12, 3), Size(ImageView.Packed(format, pixels, 12, 3, 40)));
        Assert.Throws<ArgumentException>(() => Size(ImageView.Packed(format, pixels.AsSpan(1), 12, 3, 40)));
        Assert.Throws<ArgumentException>(() => Size(ImageView.Packed(format, pixels, 12, 3, 35)));
    }

    [Theory]
    [InlineData(PixelFormat.Nv12)]
    [InlineData(PixelFormat.I420)]
    public void A_format_of_planes_is_not_packed(PixelFormat format) =>
        Assert.Throws<ArgumentException>(() => Size(ImageView.Packed(format, new byte[1000], 4, 4, 12)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-4, 4)]
    [InlineData(32_769, 1)]
    [InlineData(1, 32_769)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_size_that_is_none_is_refused(int width, int height) =>
        Assert.Throws<ArgumentException>(() =>
            Size(ImageView.Packed(PixelFormat.Rgb24, new byte[1000], width, height, int.MaxValue)));

    [Fact]
    public void An_odd_nv12_picture_has_a_pair_of_chroma_for_its_last_column_and_row()
    {
        var (luma, chroma) = (new byte[15], new byte[2 * 6 + 0]);
        Assert.Equal((5, 3), Size(ImageView.Nv12(luma, 5, chroma, 6, 5, 3)));
        Assert.Throws<ArgumentException>(() => Size(ImageView.Nv12(luma.AsSpan(1), 5, chroma, 6, 5, 3)));
        Assert.Throws<ArgumentException>(() => Size(ImageView.Nv12(luma, 5, chroma.AsSpan(1), 6, 5, 3)));
        Assert.Throws<ArgumentException>(() => Size(ImageView.Nv12(luma, 5, chroma, 5, 5, 3)));
    }

    [Fact]
    public void Each_plane_of_an_i420_picture_is_checked()
    {
        var (luma, u, v) = (new byte[15], new byte[6], new byte[6]);
        Assert.Equal((5, 3), Size(ImageView.I420(luma, 5, u, 3, v, 3, 5, 3)));
        var fault = Assert.Throws<ArgumentException>(() => Size(ImageView.I420(luma, 5, u, 3, v.AsSpan(1), 3, 5, 3)));
        Assert.Equal("V of 2 rows of 3 bytes do not lie in 5 bytes with 3 from row to row", fault.Message);
        Assert.Throws<ArgumentException>(() => Size(ImageView.I420(luma, 5, u.AsSpan(1), 3, v, 3, 5, 3)));
        Assert.Throws<ArgumentException>(() => Size(ImageView.I420(luma, 4, u, 3, v, 3, 5, 3)));
    }

    private static (int Width, int Height) Size(ImageView view) => (view.Width, view.Height);
}
