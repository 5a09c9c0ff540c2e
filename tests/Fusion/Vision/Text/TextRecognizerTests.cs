using System.Security.Cryptography;
using System.Text;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision.References;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Fusion.Vision.Text;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision.Text;

/// <summary>
/// A graph that reads stripes: four columns of an 8 pixels high line are a step, their grey is the class: 0 blank, 1 to
/// 10 the characters abcdefghé水, 11 the space.
/// </summary>
public sealed class TextRecognizerTests : IDisposable
{
    private readonly OnnxModel _model = Reference.Load(Manifest());

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("steps", ScoreKind.Probabilities)]
    [InlineData("logits", ScoreKind.Logits)]
    public void Steps_are_read_as_numpy_reads_them(string scores, ScoreKind kind)
    {
        using var model = Reference.Load(Manifest() with { Scores = kind });
        var decoder = new CtcDecoder(model);
        foreach (var line in Reference.Read("text_recognition").GetProperty("cases").EnumerateArray())
        {
            var text = decoder.Decode(line.Floats(scores));
            Assert.Equal(line.Text("text"), text.Text);
            Assert.Equal(line.Float("score"), text.Score, 1e-5f);
        }
    }

    [Fact]
    public void Blanks_alone_and_no_steps_at_all_are_no_text()
    {
        var decoder = new CtcDecoder(_model);
        var blanks = new float[12 * 5];
        for (var i = 0; i < 5; i++) blanks[12 * i] = 1;
        Assert.Equal(new RecognizedText("", 0), decoder.Decode(blanks));
        Assert.Equal(new RecognizedText("", 0), decoder.Decode([]));
    }

    [Fact]
    public void A_line_is_read_with_repetitions_joined_unless_a_blank_parts_them() =>
        Assert.Equal("aabé 水",
            new TextRecognizer(_model).Recognize(Line(1, 1, 0, 1, 2, 2, 9, 11, 10), new BoundingBox(0, 0, 36, 8)).Text);

    [Fact]
    public void Lines_of_all_widths_keep_their_order_and_join_runs()
    {
        var recognizer = new TextRecognizer(_model);
        var image = Line([.. Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? 0 : 1 + i / 2 % 10)]);
        BoundingBox[] regions = [
            .. Enumerable.Range(0, 24).Select(i => new BoundingBox(8 * (i % 20), 0, 8 * (1 + i * 7 % 12), 8))];
        var together = recognizer.Recognize(image, regions);
        Assert.All(together, text => Assert.NotEmpty(text.Text));
        for (var i = 0; i < regions.Length; i++) Assert.Equal(recognizer.Recognize(image, regions[i]), together[i]);
    }

    [Fact]
    public void Borders_are_painted_anew_when_a_wider_line_was_read_before()
    {
        var recognizer = new TextRecognizer(_model);
        var wide = Line([.. Enumerable.Repeat(5, 40)]);
        var narrow = Line(3, 0);
        var before = recognizer.Recognize(narrow, new BoundingBox(0, 0, 8, 8));
        Assert.Equal("e", recognizer.Recognize(wide, new BoundingBox(0, 0, 160, 8)).Text);
        Assert.Equal("c", before.Text);
        Assert.Equal(before, recognizer.Recognize(narrow, new BoundingBox(0, 0, 8, 8)));
    }

    [Fact]
    public void A_line_beyond_the_profile_is_squeezed_and_one_of_no_width_is_no_text()
    {
        var recognizer = new TextRecognizer(_model);
        // 800 columns in 256: about 3.1 columns are one, so that stripes of 16 columns stay over a step.
        var image = Line([.. Enumerable.Range(0, 200).Select(i => i / 100 * 4 + 2)]);
        Assert.Equal("bf", recognizer.Recognize(image, new BoundingBox(0, 0, 800, 8)).Text);
        Assert.Equal(new RecognizedText("", 0), recognizer.Recognize(image, new BoundingBox(3, 3, 0, 4)));
        Assert.Empty(recognizer.Recognize(image, []));
    }

    [Theory]
    [InlineData("a\nb\n", 2)]
    [InlineData("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl", 12)]
    public void A_file_of_too_few_or_too_many_characters_is_refused_with_both_numbers(string characters, int count)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Reference.Folder, "stripes.onnx"), folder.Write("stripes.onnx", ""), overwrite: true);
        folder.Write("c.txt", characters);
        var file = new ModelFile
        {
            File = "c.txt",
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(characters))),
        };
        using var model =
            OnnxModel.Load(Manifest() with { Characters = file }, Path.GetDirectoryName(folder.Write("x", ""))!,
                TestModels.OneThread);
        Assert.Equal(
            $"model 'test' (stripes.onnx): c.txt has {count} characters for the 12 classes of output 'scores'; there "
            + "must be one fewer, for the blank, or two, for the space",
            Assert.Throws<ModelException>(() => new TextRecognizer(model)).Message);
    }

    [Fact]
    public void A_file_of_characters_that_was_changed_is_refused() =>
        Assert.Contains("is not the file that the manifest names", Assert.Throws<ModelException>(
            () => new TextRecognizer(
                Reference.Load(Manifest() with
                {
                    Characters = new ModelFile { File = "characters.txt", Sha256 = new string('0', 64) },
                }))).Message);

    private static ModelManifest Manifest() =>
        Reference.Manifest("stripes", DecoderFamily.TextRecognition,
            Reference.Free("images", TensorType.Float32, [-1, 3, 8, -1], [1, 3, 8, 64], [4, 3, 8, 256]),
            new TensorManifest { Name = "scores", Shape = [-1, -1, 12] }) with
        {
            Scores = ScoreKind.Logits,
            Picture = new ImageManifest { Fit = ImageFit.Corner },
            Characters = new ModelFile { File = "characters.txt", Sha256 = Reference.Sha256("characters.txt") },
        };

    private static ImageView Line(params int[] classes)
    {
        var pixels = new byte[classes.Length * 4 * 8 * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)classes[i / 12 % classes.Length];
        return Reference.View(pixels, classes.Length * 4);
    }
}
