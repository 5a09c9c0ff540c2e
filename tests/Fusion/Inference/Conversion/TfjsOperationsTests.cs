using System.Globalization;
using System.Text.Json;
using EdgePerception.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgePerception.Fusion.Tests.Inference.Conversion;

/// <summary>
/// Each operation that the converter of eng/models knows, and a few in a row, against what TensorFlow.js itself answers
/// (make-cases.mjs).
/// </summary>
public sealed class TfjsOperationsTests(ConvertedCases cases) : IClassFixture<ConvertedCases>
{
    private const float Tolerance = 1e-5f;

    public static TheoryData<string> Names => [.. ConvertedCases.Read().Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_answers_as_in_tensorflow_js(string name)
    {
        var (number, one) = cases[name];
        using var session = new InferenceSession(cases.Model(number));
        using var options = new RunOptions();
        var inputs = one.Inputs.Where(input => session.InputMetadata.ContainsKey(input.Key)).ToArray();
        using var values = new DisposableList(inputs.Select(input => Value(input.Value)));
        using var answers = session.Run(
            options, [.. inputs.Select(input => input.Key)], values, [.. session.OutputNames]);
        Assert.Equal(one.Outputs.Count, answers.Count);
        foreach (var (expected, answer) in one.Outputs.Zip(answers))
        {
            Assert.Equal(expected.Shape, answer.GetTensorTypeAndShape().Shape.Select(length => (int)length));
            var numbers = Numbers(answer);
            Assert.Equal(expected.Values.Count, numbers.Length);
            for (var i = 0; i < numbers.Length; i++)
            {
                Assert.Equal(
                    expected.Values[i], numbers[i], Tolerance * Math.Max(1, Math.Abs(expected.Values[i])));
            }
        }
    }

    [Fact]
    public void Every_operation_of_the_converter_has_a_case()
    {
        var tried = cases.Operations;
        // What only a rewrite of ours makes, and how a graph names its inputs.
        string[] exempt = ["HardSwish", "HardSigmoid", "Placeholder", "BatchMatMul"];
        Assert.Empty(cases.Known.Except(tried).Except(exempt));
    }

    private static OrtValue Value(CaseTensor tensor)
    {
        long[] shape = [.. tensor.Shape.Select(length => (long)length)];
        return tensor.Dtype switch
        {
            "int32" => OrtValue.CreateTensorValueFromMemory(tensor.Values.Select(value => (int)value).ToArray(), shape),
            "bool" => OrtValue.CreateTensorValueFromMemory(tensor.Values.Select(value => value != 0).ToArray(), shape),
            _ => OrtValue.CreateTensorValueFromMemory(tensor.Values.Select(value => (float)value).ToArray(), shape),
        };
    }

    private static double[] Numbers(OrtValue answer) => answer.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Int32 =>
            [.. answer.GetTensorDataAsSpan<int>().ToArray().Select(value => (double)value)],
        TensorElementType.Bool =>
            [.. answer.GetTensorDataAsSpan<bool>().ToArray().Select(value => value ? 1.0 : 0)],
        _ => [.. answer.GetTensorDataAsSpan<float>().ToArray().Select(value => (double)value)],
    };

    private sealed class DisposableList(IEnumerable<OrtValue> values) : List<OrtValue>(values), IDisposable
    {
        public void Dispose() => ForEach(value => value.Dispose());
    }
}

/// <summary>One small graph, its inputs, and what TensorFlow.js answers.</summary>
public sealed record ConversionCase(
    string Name, Dictionary<string, CaseTensor> Inputs, JsonElement Graph, IReadOnlyList<CaseTensor> Outputs);

/// <summary>A tensor of a case, its numbers in order.</summary>
public sealed record CaseTensor(string Dtype, IReadOnlyList<int> Shape, IReadOnlyList<double> Values);

/// <summary>The cases, converted in one run of the converter.</summary>
public sealed class ConvertedCases : IDisposable
{
    private static readonly string Folder =
        Path.Combine(TestModels.Repository, "tests", "Fusion", "Inference", "Conversion");

    private readonly TemporaryFolder _models = new();
    private readonly Dictionary<string, (int Number, ConversionCase Case)> _cases;

    /// <summary>Converts them.</summary>
    public ConvertedCases()
    {
        _cases = Read().Select((one, number) => (number, one)).ToDictionary(pair => pair.one.Name);
        Converter.Run(
            0, Path.Combine(Folder, "convert_cases.py"), Path.Combine(Folder, "operations.json"), _models.Path);
        Known = [.. Converter.Run(0, "-c", "import convert_tfjs; print(*convert_tfjs.EMITTERS)")
            .Split(' ', StringSplitOptions.TrimEntries)];
    }

    /// <summary>The operations that the converter knows.</summary>
    public IReadOnlyList<string> Known { get; }

    /// <summary>The operations that a case has.</summary>
    public IEnumerable<string> Operations => _cases.Values.SelectMany(
        pair => pair.Case.Graph.GetProperty("node").EnumerateArray()
            .Select(node => node.GetProperty("op").GetString()!));

    /// <summary>A case and its number.</summary>
    public (int Number, ConversionCase Case) this[string name] => _cases[name];

    /// <summary>The cases as they were written.</summary>
    public static IReadOnlyList<ConversionCase> Read()
    {
        using var file = File.OpenRead(Path.Combine(Folder, "operations.json"));
        using var document = JsonDocument.Parse(file);
        return document.RootElement.GetProperty("cases")
            .Deserialize<List<ConversionCase>>(JsonSerializerOptions.Web)!;
    }

    /// <summary>The file of a case's model.</summary>
    public string Model(int number)
    {
        var path = Path.Combine(_models.Path, string.Create(CultureInfo.InvariantCulture, $"{number}.onnx"));
        var reason = Path.ChangeExtension(path, "txt");
        Assert.True(File.Exists(path), File.Exists(reason) ? File.ReadAllText(reason) : "it was not converted");
        return path;
    }

    public void Dispose() => _models.Dispose();
}
