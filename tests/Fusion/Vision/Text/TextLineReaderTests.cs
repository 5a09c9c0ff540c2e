using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Fusion.Vision.Text;
using EdgePerception.Sensors.Frames;
using SkiaSharp;

namespace EdgePerception.Fusion.Tests.Vision.Text;

/// <summary>PP-OCRv4 on text drawn here and on photographs.</summary>
public sealed class TextLineReaderTests : IDisposable
{
    private readonly FramePool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Drawn_lines_are_read_in_order_with_their_boxes()
    {
        using var detection = FetchedModels.Load("ppocr-v4-det");
        using var recognition = FetchedModels.Load("ppocr-v4-rec");
        (string Text, int X, int Y)[] drawn = [("EMERGENCY EXIT", 60, 90), ("Platform 9", 60, 200),
            ("Room 204", 400, 196), ("push to open, pull to close", 60, 320)];
        using var frame = Draw(720, 400, 36, drawn);
        var lines = new TextLineReader(detection, recognition).Read(ImageView.Of(frame));
        // The model, trained on Chinese first, leaves out a space between capitals now and then.
        Assert.Equal(drawn.Select(line => Spaceless(line.Text)), lines.Select(line => Spaceless(line.Text)));
        Assert.All(lines.Zip(drawn), pair =>
        {
            var (line, (_, x, y)) = pair;
            Assert.InRange(line.Score, 0.9f, 1);
            Assert.InRange(line.Box.X, x - 20, x + 6);
            Assert.True(line.Box.Y < y - 26 && line.Box.Bottom > y - 2 && line.Box.Height < 70, $"{line}");
        });
    }

    [Fact]
    public void A_printed_page_is_read()
    {
        using var detection = FetchedModels.Load("ppocr-v4-det");
        using var recognition = FetchedModels.Load("ppocr-v4-rec");
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/page.png");
        var text = string.Join(
            ' ', new TextLineReader(detection, recognition).Read(ImageView.Of(frame)).Select(line => line.Text));
        Assert.Contains("Region-based segmentation", text);
        Assert.Contains("markers of the coins and the background", text);
    }

    [Fact]
    public void A_shirt_and_a_hoarding_are_read_on_a_photograph_of_a_game()
    {
        using var detection = FetchedModels.Load("ppocr-v4-det");
        using var recognition = FetchedModels.Load("ppocr-v4-rec");
        using var images = new PackagedImages();
        using var frame = images.Load("opencv-doc/messi5.jpg");
        var lines = new TextLineReader(detection, recognition).Read(ImageView.Of(frame));
        Assert.Contains(lines,
            line => line.Text == "unicef" && line.Box.IntersectionOverUnion(new BoundingBox(210, 144, 42, 13)) > 0.6f);
    }

    [Fact]
    public void A_picture_without_text_has_no_lines()
    {
        using var detection = FetchedModels.Load("ppocr-v4-det");
        using var recognition = FetchedModels.Load("ppocr-v4-rec");
        Assert.True(_pool.TryRent(640, 480, out var frame));
        using (frame)
        {
            frame.Pixels.Fill(180);
            Assert.Empty(new TextLineReader(detection, recognition).Read(ImageView.Of(frame)));
        }
    }

    [Theory]
    [InlineData(4000, 12)]
    [InlineData(12, 4000)]
    [InlineData(1, 1)]
    [InlineData(2600, 900)]
    public void Pictures_of_any_shape_are_looked_at(int width, int height)
    {
        using var detection = FetchedModels.Load("ppocr-v4-det");
        using var frame = Draw(width, height, 30, []);
        Assert.Empty(new TextDetector(detection).Detect(ImageView.Of(frame)));
    }

    [Theory]
    [InlineData(640, 480, 640, 480)]
    [InlineData(1920, 1080, 960, 544)]
    [InlineData(1080, 1920, 544, 960)]
    [InlineData(500, 333, 512, 320)]
    [InlineData(20, 20, 32, 32)]
    [InlineData(32768, 1, 960, 32)]
    public void The_input_follows_the_picture_in_steps_of_32(int width, int height, int inputWidth, int inputHeight)
    {
        using var detection = FetchedModels.Load("ppocr-v4-det");
        Assert.Equal((inputWidth, inputHeight), new TextDetector(detection).InputFor(width, height));
    }

    [Fact]
    public void The_line_of_a_sign_is_read_by_its_box_alone()
    {
        using var recognition = FetchedModels.Load("ppocr-v4-rec");
        using var frame = Draw(640, 120, 48, [("STOP 42", 100, 80)]);
        var text = new TextRecognizer(recognition).Recognize(ImageView.Of(frame), new BoundingBox(92, 34, 220, 56));
        Assert.Equal("STOP 42", text.Text);
        Assert.InRange(text.Score, 0.9f, 1);
    }

    private static string Spaceless(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private Frame Draw(int width, int height, float size, (string Text, int X, int Y)[] lines)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(new SKColor(238, 236, 230));
        using var font = new SKFont(SKTypeface.FromFile("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), size);
        using var paint = new SKPaint { Color = new SKColor(30, 30, 60), IsAntialias = true };
        foreach (var (text, x, y) in lines) canvas.DrawText(text, x, y, font, paint);
        canvas.Flush();
        Assert.True(_pool.TryRent(width, height, out var frame));
        var from = bitmap.GetPixelSpan();
        var to = frame.Pixels;
        for (int i = 0, o = 0; o < to.Length; i += 4, o += 3) from.Slice(i, 3).CopyTo(to[o..]);
        return frame;
    }
}
