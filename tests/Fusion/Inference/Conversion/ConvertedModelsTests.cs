using System.Text.Json;
using EdgePerception.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Tests.Inference.Conversion;

/// <summary>Whole models as set-up converts them, against what TensorFlow.js answers (make-references.mjs).</summary>
public sealed class ConvertedModelsTests
{
    private static readonly string Folder =
        Path.Combine(TestModels.Repository, "tests", "Fusion", "Inference", "Conversion");

    [Fact]
    public void NanoDet_answers_as_in_tensorflow_js() => AssertSame(
        "nanodet-coco", ["classes/8", "classes/16", "classes/32", "distances/8", "distances/16", "distances/32"]);

    [Fact]
    public void A_model_with_a_loop_is_refused_by_the_name_of_its_node()
    {
        using var folder = new TemporaryFolder();
        var graph = folder.Write("loop.json", """
            {
              "modelTopology": { "node": [{ "name": "again", "op": "Merge", "input": [] }] },
              "signature": { "outputs": { "y": { "name": "again:0" } } },
              "weightsManifest": []
            }
            """);
        Assert.Equal(
            "convert_tfjs.py: node 'again' (Merge): loops and branches are not supported",
            Converter.Run(1, "convert_tfjs.py", "graph", graph, Path.Combine(folder.Path, "loop.onnx")).Trim());
    }

    [Theory]
    [InlineData("float32", "the files of ['weights.bin'] end before it does")]
    [InlineData("complex64", "its stored type, complex64, is not supported")]
    [InlineData("", "4 bytes, the manifest describes 0")]
    public void Weights_that_are_not_as_described_are_refused(string type, string reason)
    {
        var weights = type.Length == 0 ? "" : $$"""{"name": "w", "shape": [2], "dtype": "{{type}}"}""";
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "weights.bin"), new byte[4]);
        var graph = folder.Write("model.json",
            "{\"modelTopology\": {\"node\": []}, "
            + $"\"weightsManifest\": [{{\"paths\": [\"weights.bin\"], \"weights\": [{weights}]}}]}}");
        Assert.Contains(
            reason, Converter.Run(1, "convert_tfjs.py", "graph", graph, Path.Combine(folder.Path, "model.onnx")),
            StringComparison.Ordinal);
    }

    private static void AssertSame(string name, string[] outputs)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "references.json")));
        var reference = document.RootElement.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("name").GetString() == name);
        var (from, to) = (reference.GetProperty("from").GetDouble(), reference.GetProperty("to").GetDouble());
        var manifest = FetchedModels.Manifest(name);
        using var session = new InferenceSession(Path.Combine(FetchedModels.Folder, manifest.File));
        long[] shape = [.. manifest.Inputs[0].Shape.Select(length => length < 0 ? 1L : length)];
        var pixels = new float[shape.Aggregate(1L, (all, length) => all * length)];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (float)(from + (to - from) * (0.5 + 0.5 * Math.Sin(i * 0.0137) * Math.Sin(i * 0.000091)));
        using var options = new RunOptions();
        using var picture = OrtValue.CreateTensorValueFromMemory(pixels, shape);
        using var answers = session.Run(options, [manifest.Inputs[0].Name], [picture], outputs);
        foreach (var (expected, answer) in reference.GetProperty("outputs").EnumerateArray().Zip(answers))
        {
            var values = answer.GetTensorDataAsSpan<float>();
            var step = expected.GetProperty("step").GetInt32();
            var at = 0;
            foreach (var value in expected.GetProperty("values").EnumerateArray())
            {
                Assert.Equal(value.GetSingle(), values[at], 2e-3f * Math.Max(1, Math.Abs(value.GetSingle())));
                at += step;
            }

            Assert.True(at > values.Length - step, "the whole output was looked at");
        }
    }
}
