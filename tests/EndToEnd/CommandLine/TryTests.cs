using System.Text.Json;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;
using SkiaSharp;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

/// <summary>Real models of families beside the detector, through <c>models try</c>.</summary>
public sealed class TryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_face_and_the_nose_of_its_pose_lie_at_the_same_place()
    {
        var face = Assert.Single(await SeeAsync("blazeface-front", Files.Astronaut));
        Assert.Equal("face", face.GetProperty("label").GetString());
        var pose = await SeeAsync("movenet-lightning", Files.Astronaut);
        Assert.Equal(17, pose.Count);
        var nose = pose.Single(point => point.GetProperty("label").GetString() == "nose").GetProperty("box");
        var box = face.GetProperty("box");
        Assert.InRange(Number(nose, "x"), Number(box, "x"), Number(box, "x") + Number(box, "width"));
        Assert.InRange(Number(nose, "y"), Number(box, "y"), Number(box, "y") + Number(box, "height"));
        Assert.Equal(0, Number(nose, "width"));
    }

    [Fact]
    public async Task Text_is_found_alone_and_read_with_a_recogniser()
    {
        var sign = Sign("EXIT42");
        Assert.Equal("text", Assert.Single(await SeeAsync("ppocr-v4-det", sign)).GetProperty("label").GetString());
        var line = Assert.Single(await SeeAsync("ppocr-v4-det", sign, "--with", "ppocr-v4-rec"));
        Assert.Equal("EXIT42", line.GetProperty("label").GetString());
        Assert.InRange(Number(line.GetProperty("box"), "y"), 60, 140);
    }

    [Fact]
    public async Task A_table_and_a_picture_show_the_same()
    {
        var picture = Path.Combine(_folder.Path, "seen.png");
        var result = await EdgeProgram.RunAsync(
            "models", "try", "movenet-lightning", "--image", Files.Astronaut, "--out", picture);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(18, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(new FileInfo(picture).Length > 10_000);
    }

    [Fact]
    public async Task What_does_not_go_together_is_one_line()
    {
        (await TryAsync("ppocr-v4-det", Files.Astronaut, "--with", "movenet-lightning")).IsRefusedWith(
            "its decoder is movenet; text_recognition is needed here");
        (await TryAsync("blazeface-front", Files.Astronaut, "--prompt", "a mug")).IsRefusedWith(
            "model 'blazeface-front' has labels of its own and takes no --prompt");
    }

    private static Task<ProgramResult> TryAsync(string model, string image, params string[] more) =>
        EdgeProgram.RunAsync(["models", "try", model, "--image", image, .. more]);

    private static async Task<List<JsonElement>> SeeAsync(string model, string image, params string[] more) =>
        [.. (await TryAsync(model, image, [.. more, "--json"])).Json.GetProperty("detections").EnumerateArray()];

    private static double Number(JsonElement box, string name) => box.GetProperty(name).GetDouble();

    // Black letters on white, 640 by 240.
    private string Sign(string text)
    {
        using var bitmap = new SKBitmap(640, 240);
        using (var canvas = new SKCanvas(bitmap))
        using (var font = new SKFont(SKTypeface.FromFile("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"), 80))
        using (var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawText(text, 120, 150, font, paint);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return _folder.Write("sign.png", data.ToArray());
    }
}
