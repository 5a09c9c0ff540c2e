using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Models;

namespace EdgePerception.Runtime.Tests.Models;

/// <summary>
/// The network must load; without the ear the service goes on by rules alone, and says so in one line.
/// </summary>
public sealed class GrounderLoaderTests : IDisposable
{
    private const string Alone = "rules alone, and unknown words are asked about: ";
    private readonly EarFiles _files = new();

    [Fact]
    public void The_repositorys_files_load_and_an_unknown_word_is_offered_a_meaning()
    {
        using var grounder = Loaded(_files.Installed);
        Assert.Null(grounder.Trouble);
        var answer = Ground(grounder, "go to the chesterfield");
        Assert.Contains(answer.Outcome, (GroundingOutcome[])[GroundingOutcome.Act, GroundingOutcome.Clarify]);
        Assert.Equal("a", answer.Candidates[0].Id);
    }

    [Fact]
    public void Rules_need_no_file_at_all()
    {
        var none = new GroundingSettings
        {
            Method = GroundingMethod.Rules,
            Network = "",
            Calibration = "",
            Encoder = "",
            Ear = "",
        };
        using var grounder = Loaded(none, checkFirst: true);
        Assert.Null(grounder.Trouble);
        Assert.Equal(GroundingOutcome.Act, Ground(grounder, "go to the couch").Outcome);
    }

    [Theory]
    [InlineData(GroundingMethod.Combined)]
    [InlineData(GroundingMethod.Network)]
    public void Without_its_ear_the_rules_answer_alone_and_unknown_words_are_asked_about(GroundingMethod method)
    {
        var missing = Path.Combine(_files.Folder, "ear.json");
        using var grounder = Loaded(_files.Installed with { Method = method, Ear = missing }, checkFirst: true);
        Assert.Equal(
            Alone + $"{missing} is not there; it is in the repository, and make train writes it", grounder.Trouble);
        var known = Ground(grounder, "go to the couch");
        Assert.Equal((GroundingOutcome.Act, GroundingMethod.Rules), (known.Outcome, known.Method));
        Assert.NotEqual(GroundingOutcome.Act, Ground(grounder, "hightail it to the couch").Outcome);
    }

    [Fact]
    public void All_faults_of_its_manifest_are_one_line()
    {
        var manifest = _files.Changed("minilm", ("licence:", "license:"), ("sha256: ", "sha256: x"));
        var trouble = Trouble(_files.Installed with { Encoder = manifest });
        Assert.StartsWith($"{Alone}{manifest}:", trouble, StringComparison.Ordinal);
        Assert.Contains("; ", trouble, StringComparison.Ordinal);
        Assert.Contains("license: unknown key", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_encoder_and_weights_of_another_one_are_told()
    {
        Assert.StartsWith(
            $"{Alone}model 'minilm': {EarFiles.ModelsFolder}/fetched/none.onnx cannot be read",
            Trouble(_files.Installed with
            {
                Encoder = _files.Changed("minilm", ("fetched/minilm.onnx", "fetched/none.onnx")),
            }),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"{Alone}{_files.Folder}/ear.json: it was fitted to the encoder of sha256 000000000000…",
            Trouble(_files.Installed with { Ear = _files.Foreign() }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_is_missing_is_no_matter_of_doing_without()
    {
        var network = _files.Changed("grounding", ("grounding/attention.onnx", "grounding/none.onnx"));
        Assert.Contains(
            "grounding/none.onnx cannot be read",
            Assert.Throws<ModelException>(() => Loaded(_files.Installed with { Network = network })).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _files.Dispose();

    private static string Trouble(GroundingSettings configuration)
    {
        using var grounder = Loaded(configuration);
        Assert.NotNull(grounder.Trouble);
        Assert.DoesNotContain('\n', grounder.Trouble);
        return grounder.Trouble;
    }

    private static Grounder Loaded(GroundingSettings configuration, bool checkFirst = false)
    {
        var loader = new GrounderLoader(configuration, EarFiles.ModelsFolder, new InferenceSettings());
        if (checkFirst) loader.Check();
        return loader.Load();
    }

    private static GroundingAnswer Ground(Grounder grounder, string text)
    {
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("front", 640, 480, 70));
        scene.Objects.Add(new SceneObject("a", "front", "couch", 0.9f, new BoundingBox(40, 200, 200, 120), null, null));
        scene.Objects.Add(new SceneObject("b", "front", "dog", 0.9f, new BoundingBox(400, 300, 80, 60), null, null));
        return grounder.Ground("c", text, scene);
    }
}
