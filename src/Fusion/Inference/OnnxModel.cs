using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// One ONNX model with its inputs and outputs bound to memory that lives as long as the model: write
/// <see cref="Input"/>, <see cref="Run"/>, read <see cref="Output"/>. A run allocates nothing. One thread runs it at a
/// time; <see cref="Terminate"/> may be called from any thread.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly List<OrtValue> _values = [];
    private readonly float[][] _inputs;
    private readonly float[][] _outputs;
    private readonly Lock _termination = new();
    private bool _disposed;

    private OnnxModel(InferenceSession session, ExecutionProvider provider, ModelManifest manifest, IReadOnlyList<string> missing)
    {
        (_session, Manifest, Provider, MissingProviders) = (session, manifest, ExecutionProviders.Name(provider), missing);
        _binding = session.CreateIoBinding();
        _inputs = [.. manifest.Inputs.Select(tensor => Bind(tensor, _binding.BindInput))];
        _outputs = [.. manifest.Outputs.Select(tensor => Bind(tensor, _binding.BindOutput))];
    }

    /// <summary>What the model is.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>What runs it: TensorRT, CUDA or CPU.</summary>
    public string Provider { get; }

    /// <summary>The providers that the manifest puts before <see cref="Provider"/>, each with what it lacks here.</summary>
    public IReadOnlyList<string> MissingProviders { get; }

    /// <summary>Loads a model after checking its file against the manifest, and its graph against the tensors there.</summary>
    /// <param name="manifest">What the model must be.</param>
    /// <param name="modelsFolder">The folder that the manifest's file is relative to.</param>
    /// <param name="settings">How to run it.</param>
    /// <exception cref="ModelException">The file is missing, damaged, not a model, or does not fit the manifest.</exception>
    public static OnnxModel Load(ModelManifest manifest, string modelsFolder, InferenceSettings settings)
    {
        var bytes = ReadVerified(manifest, Path.Combine(modelsFolder, manifest.File));
        var missing = new List<string>();
        var (session, provider) = ExecutionProviders.Open(bytes, manifest, settings, missing);
        try
        {
            Compare(manifest, "input", manifest.Inputs, session.InputMetadata, complete: true);
            Compare(manifest, "output", manifest.Outputs, session.OutputMetadata, complete: false);
            return new OnnxModel(session, provider, manifest, missing);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The memory of an input, in the manifest's order; the caller fills it before <see cref="Run"/>.</summary>
    public Span<float> Input(int index) => _inputs[index];

    /// <summary>The memory of an output, in the manifest's order; it holds the last run's answer.</summary>
    public ReadOnlySpan<float> Output(int index) => _outputs[index];

    /// <summary>Runs the model once.</summary>
    /// <exception cref="ModelException">The run failed or was terminated.</exception>
    public void Run()
    {
        _runOptions.Terminate = false;
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"model '{Manifest.Name}': the run failed: {ExecutionProviders.Reason(e)}", e);
        }
    }

    /// <summary>
    /// Ends the run that is under way, between two of the graph's nodes; the next one starts afresh. Does nothing once
    /// the model is disposed, so that whoever watches over a run need not know whether its owner has gone.
    /// </summary>
    public void Terminate()
    {
        lock (_termination)
        {
            if (!_disposed) _runOptions.Terminate = true;
        }
    }

    /// <summary>Frees the session and its memory. The owner calls it when no run is under way.</summary>
    public void Dispose()
    {
        lock (_termination)
        {
            if (_disposed) return;
            _disposed = true;
        }

        _binding.Dispose();
        foreach (var value in _values) value.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private float[] Bind(TensorManifest tensor, Action<string, OrtValue> bind)
    {
        var shape = tensor.Shape.Select(axis => (long)axis).ToArray();
        // Pinned for the model's life: the session keeps the address.
        var memory = GC.AllocateArray<float>(checked((int)shape.Aggregate(1L, (a, b) => a * b)), pinned: true);
        var value = OrtValue.CreateTensorValueFromMemory(memory, shape);
        _values.Add(value);
        bind(tensor.Name, value);
        return memory;
    }

    private static byte[] ReadVerified(ModelManifest manifest, string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"model '{manifest.Name}': {path} cannot be read; "
                                     + $"get it from {manifest.Source} (eng/setup.sh runtime fetches the models of this repository)", e);
        }

        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return actual == manifest.Sha256
            ? bytes
            : throw new ModelException($"model '{manifest.Name}': {path} is not the file that the manifest names: its sha256 is "
                                       + $"{actual[..12]}…, expected {manifest.Sha256[..12]}…; fetch it again or mend the manifest");
    }

    private static void Compare(
        ModelManifest manifest, string kind, IReadOnlyList<TensorManifest> tensors,
        IReadOnlyDictionary<string, NodeMetadata> actual, bool complete)
    {
        foreach (var tensor in tensors)
        {
            if (!actual.TryGetValue(tensor.Name, out var node))
                throw Mismatch($"there is no {kind} '{tensor.Name}'; the model has {string.Join(", ", actual.Keys)}");
            if (!node.IsTensor || node.ElementType != typeof(float))
                throw Mismatch($"{kind} '{tensor.Name}' is {(node.IsTensor ? node.ElementDataType.ToString().ToLowerInvariant() : "no tensor")}, the manifest says {tensor.Type}");
            if (node.Dimensions.Length != tensor.Shape.Count
                || node.Dimensions.Zip(tensor.Shape).Any(axis => axis.First >= 0 && axis.First != axis.Second))
            {
                throw Mismatch($"{kind} '{tensor.Name}' has shape [{string.Join(", ", node.Dimensions)}], "
                               + $"the manifest says [{string.Join(", ", tensor.Shape)}]");
            }
        }

        if (complete && actual.Keys.FirstOrDefault(name => tensors.All(t => t.Name != name)) is { } extra)
            throw Mismatch($"the model needs the {kind} '{extra}', which the manifest does not name");

        ModelException Mismatch(string problem) => new($"model '{manifest.Name}' ({manifest.File}): {problem}");
    }
}
