using System.Text;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Drawing;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using SkiaSharp;

namespace EdgePerception.Runtime.Tests.Drawing;

public sealed class ImageFileTests : IDisposable
{
    private const SKEncodedImageFormat Png = SKEncodedImageFormat.Png;

    private static readonly SKColor[][] Six =
        [[SKColors.Red, SKColors.Lime, SKColors.Blue], [SKColors.White, SKColors.Black, SKColors.Yellow]];

    private readonly TemporaryFolder _folder = new();
    private readonly FramePool _pool = new(1);

    public static TheoryData<SKEncodedImageFormat, int, bool> Orientations
    {
        get
        {
            var all = new TheoryData<SKEncodedImageFormat, int, bool>();
            foreach (var format in new[] { Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp })
            {
                for (var number = 1; number <= 8; number++) all.Add(format, number, number % 2 == 0);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void A_picture_stands_upright_whatever_its_format(
        SKEncodedImageFormat format, int orientation, bool isLittle)
    {
        var exif = TestImages.Exif(orientation, isLittle);
        var file = TestImages.With(exif, TestImages.Blocks(format, Six), format);
        Assert.Equal(Upright(Six, orientation), Read(file));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65_535)]
    public void An_orientation_that_there_is_not_turns_nothing(int orientation) =>
        Assert.Equal(Six, ReadPng(TestImages.Exif(orientation)));

    [Fact]
    public void Exif_that_does_not_hold_together_turns_nothing()
    {
        var exif = TestImages.Exif(6);
        Assert.Equal(Upright(Six, 6), ReadPng(exif));
        Assert.Equal(Upright(Six, 6), ReadPng([.. "Exif\0\0"u8, .. exif]));
        Assert.Equal(Six, ReadPng(TestImages.Exif(6, type: 2)));
        Assert.Equal(Six, ReadPng(TestImages.Exif(6, tag: 0x0100)));
        for (var length = 0; length < 22; length++) Assert.Equal(Six, ReadPng(exif[..length]));
        byte[] beyond = [.. exif[..4], 0xff, 0xff, 0xff, 0xff, .. exif[8..]];
        Assert.Equal(Six, ReadPng(beyond));
        // More entries are announced than there are.
        Assert.Equal(Upright(Six, 6), ReadPng([.. exif[..8], 0xff, 0xff, .. exif[10..]]));
        Assert.Equal(Six, ReadPng([.. exif[..8], 0xff, 0xff, 0, 0, .. exif[12..]]));
    }

    [Fact]
    public void Exif_may_stand_behind_the_pixels()
    {
        var png = TestImages.Blocks(Png, Six);
        var exif = TestImages.PngChunk("eXIf", TestImages.Exif(8));
        Assert.Equal(Upright(Six, 8), Read([.. png[..^12], .. exif, .. png[^12..]]));
    }

    [Fact]
    public void Chunks_whatever_their_lengths_are_read_within_the_file()
    {
        var random = new Random(20261130);
        var png = TestImages.With(TestImages.Exif(6), TestImages.Blocks(Png, Six), Png);
        for (var i = 0; i < 3_000; i++)
        {
            var file = png[..random.Next(1, png.Length + 1)];
            for (var change = 0; change < 3; change++) file[random.Next(file.Length)] = (byte)random.Next(256);
            Assert.InRange((int)PngOrientation.Of(file), 1, 8);
        }
    }

    [Fact]
    public void What_is_transparent_is_white()
    {
        SKColor[] row = [SKColors.Black.WithAlpha(0), SKColors.Blue.WithAlpha(128), SKColors.Red];
        SKColor[] onWhite = [SKColors.White, new SKColor(127, 127, 255), SKColors.Red];
        Assert.Equal([onWhite], Read(TestImages.Blocks(Png, [row])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_JPEG_without_its_end_marker_is_whole(int missing) =>
        Assert.Equal(Six, Read(TestImages.Blocks(SKEncodedImageFormat.Jpeg, Six)[..^missing]));

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(200)]
    public void A_JPEG_that_is_torn_is_damaged(int missing)
    {
        var random = new Random(20261130);
        var many = new SKColor[8][];
        for (var y = 0; y < many.Length; y++)
            many[y] = [.. Enumerable.Range(0, 8).Select(_ => new SKColor((uint)random.Next() | 0xff000000))];
        var torn = TestImages.Blocks(SKEncodedImageFormat.Jpeg, many)[..^missing];
        Assert.StartsWith("the picture is damaged (", Refused(torn), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9_999, 9_999, "9999 x 9999 is more than 64 million pixels")]
    [InlineData(8_001, 8_000, "8001 x 8000 is more than 64 million pixels")]
    [InlineData(32_769, 1, "32769 x 1 pixels; a side may have 32768 at most")]
    [InlineData(1, 40_000, "1 x 40000 pixels; a side may have 32768 at most")]
    [InlineData(1_000_000, 1_000_000, "1000000 x 1000000 pixels; a side may have 32768 at most")]
    public void A_picture_that_no_camera_takes_is_refused_by_its_header(int width, int height, string line) =>
        Assert.Equal(line, Refused(TestImages.PngOfSize(TestImages.Blocks(Png, Six), width, height)));

    [Theory]
    [InlineData("")]
    [InlineData("this is no picture")]
    public void What_is_no_picture_is_refused(string text) => Assert.StartsWith(
        "not a picture that can be read", Refused(Encoding.ASCII.GetBytes(text)), StringComparison.Ordinal);

    public void Dispose()
    {
        _pool.Dispose();
        _folder.Dispose();
    }

    private SKColor[][] ReadPng(byte[] exif) =>
        Read(TestImages.With(exif, TestImages.Blocks(Png, Six), Png));

    // The colour in the middle of each block of 16 by 16 pixels; what JPEG makes of a colour counts as that colour.
    private SKColor[][] Read(byte[] file)
    {
        using var frame = ImageFile.Read(_folder.Write("picture", file), _pool, SensorClock.System);
        var colors = new SKColor[frame.Height / 16][];
        for (var y = 0; y < colors.Length; y++)
        {
            colors[y] = new SKColor[frame.Width / 16];
            for (var x = 0; x < colors[y].Length; x++)
            {
                var at = (y * 16 + 8) * frame.Stride + (x * 16 + 8) * 3;
                var (red, green, blue) = (frame.Pixels[at], frame.Pixels[at + 1], frame.Pixels[at + 2]);
                colors[y][x] = new SKColor(Near(red), Near(green), Near(blue));
            }
        }

        return colors;

        static byte Near(byte level) => level < 20 ? (byte)0 : level > 235 ? (byte)255 : level;
    }

    private string Refused(byte[] file)
    {
        var path = _folder.Write("picture", file);
        var message = Assert.Throws<UserException>(() => ImageFile.Read(path, _pool, SensorClock.System)).Message;
        Assert.StartsWith($"{path}: ", message, StringComparison.Ordinal);
        return message[(path.Length + 2)..];
    }

    // EXIF's eight, put together of a quarter turn to the right and a mirror.
    private static SKColor[][] Upright(SKColor[][] rows, int orientation) => orientation switch
    {
        2 => Mirror(rows),
        3 => Turn(Turn(rows)),
        4 => Mirror(Turn(Turn(rows))),
        5 => Mirror(Turn(rows)),
        6 => Turn(rows),
        7 => Mirror(Turn(Turn(Turn(rows)))),
        8 => Turn(Turn(Turn(rows))),
        _ => rows,
    };

    private static SKColor[][] Turn(SKColor[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(x => rows.Reverse().Select(row => row[x]).ToArray())];

    private static SKColor[][] Mirror(SKColor[][] rows) => [.. rows.Select(row => row.Reverse().ToArray())];
}
