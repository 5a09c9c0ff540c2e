using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Yaml;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Benchmarks;

/// <summary>
/// A command of 16 words read in a scene of 20 objects and 8 sounds, one thread, beside the same graph in ONNX Runtime
/// alone with its inputs ready: what tokens, masks and the reading of the answers add.
/// </summary>
internal static class GroundingReadBenchmark
{
    private const string Name = "grounding-read-over-onnxruntime";
    private const int Rounds = 30, Reads = 40;
    private const float Tolerance = 1e-5f;

    public static Task MeasureAsync(Workbench bench)
    {
        var manifest =
            YamlBinder.Read<ModelManifest>(Path.Combine(bench.Root, "configs", "models", "grounding.yaml")) with
            {
                Providers = [ExecutionProvider.Cpu],
            };
        var models = Path.Combine(bench.Root, "models");
        using var encoder = SentenceEncoder.Load(
            YamlBinder.Read<ModelManifest>(Path.Combine(bench.Root, "configs", "models", "minilm.yaml")), models);
        using var model = new AttentionModel(
            OnnxModel.Load(manifest, models, new InferenceSettings { Threads = 1 }), encoder);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(Path.Combine(models, manifest.File), options);
        var scene = BenchedScene.Create();
        bench.Say($"{Name}: warming up");
        Timing.MedianMs(Reads, () => model.Read(scene, BenchedScene.Command));
        using var inputs = new ReadyInputs(model.Model);
        using var run = new RunOptions();
        string[] names = [.. manifest.Inputs.Select(input => input.Name)],
            outputs = [.. manifest.Outputs.Select(output => output.Name)];
        Timing.MedianMs(Reads, Bare);
        CheckAgreement();

        List<double> ours = [], bare = [];
        for (var round = 0; round < Rounds; round++)
        {
            bench.Progress($"{Name}: round {round + 1} of {Rounds}");
            ours.Add(Timing.MedianMs(Reads, () => model.Read(scene, BenchedScene.Command)));
            bare.Add(Timing.MedianMs(Reads, Bare));
        }

        bench.Results.Add(Result.Of(Name, "ms", ours, bare,
            $"a reading of {model.Read(scene, BenchedScene.Command)!.Words.Count} words, {BenchedScene.Objects} "
            + $"objects, {BenchedScene.Sounds} sounds, 1 thread; baseline: ONNX Runtime on the same graph, "
            + $"inputs ready; {Rounds} rounds in turn, of each the median of {Reads}; goal 3 ms"));
        return Task.CompletedTask;

        void Bare()
        {
            using var answers = session.Run(run, names, inputs.Values, outputs);
        }

        void CheckAgreement()
        {
            using var answers = session.Run(run, names, inputs.Values, outputs);
            var expected = answers[0].GetTensorDataAsSpan<float>();
            var actual = model.Model.Output(0).Floats();
            for (var i = 0; i < actual.Length; i++)
            {
                if (MathF.Abs(expected[i] - actual[i]) > Tolerance * MathF.Max(1, MathF.Abs(expected[i])))
                    throw new InvalidOperationException(
                        $"{Name}: place {i} of the referents is {actual[i]}, ONNX Runtime alone says {expected[i]}");
            }
        }
    }

    /// <summary>Copies of what the model was last given, as ONNX Runtime's own values.</summary>
    private sealed class ReadyInputs : IDisposable
    {
        public ReadyInputs(OnnxModel model)
        {
            for (var i = 0; i < model.Manifest.Inputs.Count; i++)
            {
                var input = model.Input(i);
                long[] shape = [.. input.Shape.ToArray().Select(length => (long)length)];
                Values.Add(OrtValue.CreateTensorValueFromMemory(input.Elements<float>().ToArray(), shape));
            }
        }

        public List<OrtValue> Values { get; } = [];

        public void Dispose()
        {
            foreach (var value in Values) value.Dispose();
        }
    }
}
