using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;
using SkiaSharp;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

public sealed class DetectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_cup_of_coffee_is_found_by_CenterNet_and_standard_output_holds_JSON_alone()
    {
        var found =
            (await EdgeProgram.RunAsync("detect", "--image", Files.Coffee, "--model", Files.Detector, "--json")).Json
                .GetProperty("detections").EnumerateArray().ToList();
        Assert.NotEmpty(found);
        Assert.All(found, detection => Assert.InRange(detection.GetProperty("score").GetDouble(), 0.3, 1));
        var cup =
            Assert.Single(found, detection => detection.GetProperty("label").GetString() == "cup").GetProperty("box");
        // The image has 600 by 400 pixels, and the cup its middle.
        var (x, y) = (cup.GetProperty("x").GetDouble(), cup.GetProperty("y").GetDouble());
        Assert.InRange(x, 0, 250);
        Assert.InRange(y, 0, 200);
        Assert.InRange(x + cup.GetProperty("width").GetDouble(), 350, 600);
        Assert.InRange(y + cup.GetProperty("height").GetDouble(), 220, 400);
    }

    [Fact]
    public async Task Two_detectors_join_what_they_see()
    {
        var one = await PeopleAsync();
        var both = await PeopleAsync("--second-model", Files.Detector);
        Assert.Equal((2, 2), (one.Length, both.Length));
        Assert.True(both.Min() > one.Max(), $"{string.Join(' ', one)}; {string.Join(' ', both)}");

        async Task<double[]> PeopleAsync(params string[] more) =>
        [
            .. (await EdgeProgram.RunAsync(["detect", "--image", Files.Basketball, "--json", .. more])).Json
                .GetProperty("detections").EnumerateArray()
                .Where(seen => seen.GetProperty("label").GetString() == "person")
                .Select(seen => seen.GetProperty("score").GetDouble()),
        ];
    }

    [Fact]
    public async Task Without_json_there_is_a_table_and_out_writes_the_picture()
    {
        var drawn = Path.Combine(_folder.Path, "drawn.png");
        var result = await EdgeProgram.RunAsync("detect", "--image", Files.Basketball, "--out", drawn);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("label", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nperson ", result.Output, StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(drawn)[..4]);
    }

    [Theory]
    [InlineData("o.jpg", SKEncodedImageFormat.Jpeg)]
    [InlineData("o.JPEG", SKEncodedImageFormat.Jpeg)]
    [InlineData("o.webp", SKEncodedImageFormat.Webp)]
    [InlineData("o.png", SKEncodedImageFormat.Png)]
    public async Task The_drawn_picture_is_in_the_format_of_its_name(string name, SKEncodedImageFormat format)
    {
        var drawn = Path.Combine(_folder.Path, name);
        var result = await EdgeProgram.RunAsync("detect", "--image", Files.Coffee, "--out", drawn);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        using var codec = SKCodec.Create(drawn);
        Assert.Equal(format, codec.EncodedFormat);
    }

    [Fact]
    public async Task A_place_where_no_picture_can_be_written_is_one_line_before_anything_is_read()
    {
        foreach (var verb in new string[][]
                 {
                     ["detect", "--image", "/nowhere/a.png"],
                     ["ground", "--image", "/nowhere/a.png", "--command", "stop"],
                     ["models", "try", "/nowhere/a.yaml", "--image", "/nowhere/a.png"],
                 })
        {
            await Refused("/nowhere/o.png", "/nowhere/o.png: there is no folder /nowhere; make it first");
            await Refused("o.gif", "o.gif: a picture is written as PNG, JPEG or WebP by the name's ending");
            await Refused("o", "o: a picture is written as PNG, JPEG or WebP by the name's ending");
            await Refused("/dev/full", "/dev/full: is a device, not a file");
            await Refused(_folder.Path, $"{_folder.Path}: is a folder, not a file");

            async Task Refused(string drawn, string line) =>
                (await EdgeProgram.RunAsync([.. verb, "--out", drawn])).IsRefusedWith(line);
        }
    }

    [Fact]
    public async Task A_picture_that_is_none_is_one_line()
    {
        var text = _folder.Write("text.png", "this is no picture");
        var torn = _folder.Write("torn.png", File.ReadAllBytes(Files.Coffee)[..20_000]);
        (await EdgeProgram.RunAsync("detect", "--image", "/nowhere/a.png", "--json"))
            .IsRefusedWith("/nowhere/a.png: no such file");
        (await EdgeProgram.RunAsync("detect", "--image", text, "--json")).IsRefusedWith(
            $"{text}: not a picture that can be read");
        (await EdgeProgram.RunAsync("detect", "--image", torn, "--json")).IsRefusedWith(
            $"{torn}: the picture is damaged");
        (await EdgeProgram.RunAsync("detect", "--image", _folder.Path)).IsRefusedWith($"{_folder.Path}: ");
    }

    [Theory]
    [InlineData("file: fetched/centernet-mobilenetv3-coco.onnx", "file: fetched/none.onnx",
        "fetched/none.onnx cannot be read; get it from ")]
    [InlineData(
        "sha256: 7281a7a7", "sha256: 00000000", "is not the file that the manifest names: its sha256 is 7281a7a7")]
    [InlineData("512, 512, 3]", "300, 300, 3]",
        "input 'tower_0/images' has shape [-1, 512, 512, 3], the manifest says [-1, 300, 300, 3]")]
    [InlineData("name: detections", "name: boxes", "there is no output 'boxes'; the model has ")]
    [InlineData("shape: [-1, 100, 6]", "shape: [-1, 50, 6]",
        "output 'detections' has shape [-1, 100, 6], the manifest says [-1, 50, 6]")]
    [InlineData("decoder: centernet", "decodr: centernet", "decodr: unknown key; did you mean 'decoder'?",
        "decoder: is missing")]
    public async Task A_model_that_is_missing_corrupt_or_another_is_told_with_the_tensor(
        string right, string wrong, params string[] faults)
    {
        var manifest = await File.ReadAllTextAsync(Files.Detector);
        Assert.Contains(right, manifest, StringComparison.Ordinal);
        var file = _folder.Write("model.yaml", manifest.Replace(right, wrong, StringComparison.Ordinal));
        (await EdgeProgram.RunAsync("detect", "--image", Files.Coffee, "--json", "--model", file)).IsRefusedWith(
            faults);
    }

    public void Dispose() => _folder.Dispose();
}
