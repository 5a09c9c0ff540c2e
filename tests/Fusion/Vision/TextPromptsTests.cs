using System.Security.Cryptography;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision.Decoders;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

/// <summary>Over the graph whose logits follow the second token of each word: five words of five tokens.</summary>
public sealed class TextPromptsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FramePool _pool = new(1);
    private readonly OnnxModel _model = ReferenceModels.Load("owlvit");
    private readonly ObjectDetector _detector;
    private readonly Frame _frame;

    public TextPromptsTests()
    {
        _detector = new ObjectDetector(_model);
        _frame = ReferenceModels.Rent(_pool, ReferenceModels.Images("owlvit")[0]);
    }

    public void Dispose()
    {
        _frame.Dispose();
        _model.Dispose();
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Without_prompts_a_model_that_needs_them_says_so() => Assert.Equal(
        "model 'owlvit' (owlvit.onnx): no prompts are set; this model finds what it is told to look for",
        Assert.Throws<ModelException>(() => _detector.Detect(_frame)).Message);

    [Fact]
    public void The_model_says_how_many_prompts_of_how_many_tokens_it_takes()
    {
        Assert.Equal((5, 5), (_detector.Prompts!.Capacity, _detector.Prompts.Length));
        Assert.Empty(_detector.Prompts.Labels);
    }

    [Fact]
    public void Token_ids_are_padded_and_masked_and_spare_words_repeat_the_first()
    {
        _detector.Prompts!.Set(["a", "b"], [7, 2, 8, 0, 0, 7, 1, 0, 1, 8]);
        Assert.Equal([7, 2, 8, 0, 0, 7, 1, 0, 1, 8, 7, 2, 8, 0, 0, 7, 2, 8, 0, 0, 7, 2, 8, 0, 0],
            _model.Input(1).Elements<long>().ToArray());
        Assert.Equal([1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0],
            _model.Input(2).Elements<long>().ToArray());
    }

    [Fact]
    public void Other_prompts_find_other_things_and_their_order_does_not_matter()
    {
        _detector.Prompts!.Set(["a"], [7, 2, 8, 0, 0]);
        var first = _detector.Detect(_frame).ToList();
        _detector.Prompts.Set(["b"], [7, 5, 8, 0, 0]);
        var second = _detector.Detect(_frame).ToList();
        Assert.All(first, d => Assert.Equal("a", d.Label));
        Assert.All(second, d => Assert.Equal("b", d.Label));
        Assert.NotEqual(first.Select(d => d.Box), second.Select(d => d.Box));
        _detector.Prompts.Set(["a", "b"], [7, 2, 8, 0, 0, 7, 5, 8, 0, 0]);
        var both = _detector.Detect(_frame).ToHashSet();
        _detector.Prompts.Set(["b", "a"], [7, 5, 8, 0, 0, 7, 2, 8, 0, 0]);
        Assert.Equal(both, _detector.Detect(_frame).ToHashSet());
        Assert.Contains(both, d => d.Label == "a");
        Assert.Contains(both, d => d.Label == "b");
    }

    [Fact]
    public void Prompts_that_share_a_label_suppress_each_others_doubles()
    {
        _detector.Prompts!.Set(["thing", "thing", "thing"], ReferenceModels.PromptIds);
        var found = _detector.Detect(_frame);
        Assert.NotEmpty(found);
        for (var i = 0; i < found.Count; i++)
        {
            for (var j = 0; j < i; j++) Assert.True(found[i].Box.IntersectionOverUnion(found[j].Box) <= 0.4f);
        }
    }

    [Fact]
    public void Words_become_CLIPs_token_ids_from_the_manifests_labels_or_as_they_are_set()
    {
        using var model = LoadWithTokenizer("cat");
        var prompts = new ObjectDetector(model).Prompts!;
        Assert.Equal(["cat"], prompts.Labels);
        Assert.Equal([49406, 2368, 49407, 0, 0], model.Input(1).Elements<long>()[..5].ToArray());
        prompts.Set(["a photo of a cat", "cat"]);
        Assert.Equal(["a photo of a cat", "cat"], prompts.Labels);
        // What is longer than the model's words is cut off before the end.
        Assert.Equal(
            [49406, 320, 1125, 539, 49407, 49406, 2368, 49407, 0, 0], model.Input(1).Elements<long>()[..10].ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], model.Input(2).Elements<long>()[..10].ToArray());
    }

    [Fact]
    public void More_labels_than_the_model_takes_are_refused() => Assert.Equal(
        "model 'owlvit': takes 1 to 5 prompts, 6 were given",
        Assert.Throws<ModelException>(() =>
        {
            using var model = LoadWithTokenizer("a", "b", "c", "d", "e", "f");
            _ = new ObjectDetector(model);
        }).Message);

    [Fact]
    public void Words_without_a_tokenizer_are_refused() => Assert.Equal(
        "model 'owlvit': the manifest has no tokenizer, which is needed for words",
        Assert.Throws<ModelException>(() => _detector.Prompts!.Set(["cat"])).Message);

    private OnnxModel LoadWithTokenizer(params string[] labels)
    {
        var merges = File.ReadAllBytes(FetchedModels.ClipMerges);
        _folder.Write("merges.txt", merges);
        File.Copy(Path.Combine(ReferenceModels.Folder, "owlvit.onnx"), Path.Combine(_folder.Path, "owlvit.onnx"));
        var manifest = ReferenceModels.Manifest("owlvit") with
        {
            Labels = labels,
            Tokenizer = new TokenizerManifest
            {
                Merges = new ModelFile
                {
                    File = "merges.txt",
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(merges)),
                },
                ContextLength = 5,
            },
        };
        return OnnxModel.Load(manifest, _folder.Path, TestModels.OneThread);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(6, 30)]
    public void Too_few_or_too_many_prompts_are_refused(int count, int ids) => Assert.StartsWith(
        $"{count} prompts were given; model 'owlvit' takes 1 to 5",
        Assert.Throws<ArgumentException>(() =>
            _detector.Prompts!.Set([.. Enumerable.Repeat("a", count)], new long[ids])).Message);

    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 6)]
    [InlineData(2, 5)]
    public void Ids_that_do_not_fill_the_prompts_are_refused_and_the_old_ones_stay(int count, int ids)
    {
        _detector.Prompts!.Set(["old"], [7, 2, 8, 0, 0]);
        Assert.StartsWith($"{count} prompts of 5 tokens need {count * 5} ids, not {ids}",
            Assert.Throws<ArgumentException>(() =>
                _detector.Prompts.Set([.. Enumerable.Repeat("new", count)], new long[ids])).Message);
        Assert.Equal(["old"], _detector.Prompts.Labels);
        Assert.NotEmpty(_detector.Detect(_frame));
    }

    [Fact]
    public void Labels_are_kept_as_they_were_when_set()
    {
        List<string> labels = ["a"];
        _detector.Prompts!.Set(labels, [7, 2, 8, 0, 0]);
        labels[0] = "b";
        Assert.Equal(["a"], _detector.Prompts.Labels);
    }
}
