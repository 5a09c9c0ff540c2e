using System.Security.Cryptography;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Fusion.Inference.Onnx;
using EdgePerception.Sensors.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// One ONNX model with its inputs and outputs bound to memory that lives as long as the model: write
/// <see cref="Input"/>, <see cref="Run"/>, read <see cref="Output"/>. A run allocates nothing once its shapes have been
/// run before, unless an output's lengths depend on the data. One thread runs it at a time; <see cref="Terminate"/> may
/// be called from any thread.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private static readonly TotalCounter NonFinite = new(
        "edge_perception.model.outputs.non_finite", "{run}", "Runs whose outputs held NaN or infinity", "model");

    private readonly InferenceSession _session;
    private readonly ShapeBindings _bindings;
    private readonly RunOptions _runOptions = new();
    private readonly BoundTensor[] _inputs;
    private readonly BoundTensor[] _outputs;
    private readonly string _folder;
    private readonly Lock _termination = new();
    private bool _disposed;

    private OnnxModel(OpenedSession opened, ModelManifest manifest, string folder, InferenceSettings settings)
    {
        (_session, _folder, Manifest, Provider) =
            (opened.Session, folder, manifest, ExecutionProviders.Name(opened.Provider));
        (MissingProviders, RequestedEngine) = (opened.Missing, opened.Wanted);
        var batched = manifest.Inputs[0].Shape[0] == -1;
        MaxBatch = batched ? Math.Min(manifest.Inputs[0].Profile!.Max[0], settings.MaxBatch) : 1;
        _inputs = [.. manifest.Inputs.Select(tensor => new BoundTensor(tensor, MaxBatch, isSizedByModel: false))];
        _outputs = [.. manifest.Outputs.Select(tensor => new BoundTensor(
            tensor, MaxBatch, tensor.Profile is null && tensor.Shape.Skip(batched ? 1 : 0).Contains(-1)))];
        _bindings = new ShapeBindings(_session, _inputs, _outputs);
    }

    /// <summary>What the model is.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>What runs it: TensorRT, CUDA or CPU.</summary>
    public string Provider { get; }

    /// <summary>How many images one run may take.</summary>
    public int MaxBatch { get; }

    /// <summary>
    /// The providers that the manifest puts before <see cref="Provider"/>, each with what it lacks here.
    /// </summary>
    public IReadOnlyList<string> MissingProviders { get; }

    /// <summary>
    /// The engine with which TensorRT would run the model once it is built; null if TensorRT is not in question.
    /// </summary>
    public EngineRequest? RequestedEngine { get; }

    /// <summary>
    /// Checks all of a model that can be told without a session, which takes long to open: its files, and what they
    /// are.
    /// </summary>
    /// <param name="manifest">What the model must be.</param>
    /// <param name="modelsFolder">The folder that the manifest's files are relative to.</param>
    /// <exception cref="ModelException">
    /// A file is missing, damaged or not the one that the manifest names, or is no model.
    /// </exception>
    public static void Check(ModelManifest manifest, string modelsFolder)
    {
        ReadModel(manifest, modelsFolder);
        foreach (var file in manifest.Files) ReadVerified(manifest, modelsFolder, file.File, file.Sha256);
    }

    /// <summary>
    /// Loads a model after checking its file against the manifest, and its graph against the tensors there.
    /// </summary>
    /// <param name="manifest">What the model must be.</param>
    /// <param name="modelsFolder">The folder that the manifest's file is relative to.</param>
    /// <param name="settings">How to run it.</param>
    /// <exception cref="ModelException">
    /// The file is missing, damaged, not a model, or does not fit the manifest.
    /// </exception>
    public static OnnxModel Load(ModelManifest manifest, string modelsFolder, InferenceSettings settings) =>
        Load(manifest, modelsFolder, settings, InferencePlatform.Machine);

    internal static OnnxModel Load(
        ModelManifest manifest, string modelsFolder, InferenceSettings settings, InferencePlatform platform)
    {
        OnnxRuntimeLibrary.Prepare();
        return Compared(
            ExecutionProviders.Open(ReadModel(manifest, modelsFolder), manifest, modelsFolder, settings, platform),
            manifest, modelsFolder, settings);
    }

    /// <summary>The model on TensorRT, its engine being built into the draft.</summary>
    internal static OnnxModel LoadForBuild(
        ModelManifest manifest, string modelsFolder, InferenceSettings settings, InferencePlatform platform,
        EngineDraft draft)
    {
        var bytes = ReadVerified(manifest, modelsFolder, manifest.File, manifest.Sha256);
        return Compared(
            ExecutionProviders.OpenForBuild(bytes, manifest, modelsFolder, settings, platform, draft), manifest,
            modelsFolder, settings);
    }

    /// <summary>Reads a file that the manifest names beside the graph.</summary>
    /// <exception cref="ModelException">The file is missing or not the one that the manifest names.</exception>
    public byte[] ReadFile(ModelFile file) => ReadVerified(Manifest, _folder, file.File, file.Sha256);

    /// <summary>The same without a session.</summary>
    internal static byte[] ReadFile(ModelManifest manifest, string modelsFolder, ModelFile file) =>
        ReadVerified(manifest, modelsFolder, file.File, file.Sha256);

    /// <summary>An input, in the manifest's order; the caller fills it before <see cref="Run"/>.</summary>
    public BoundTensor Input(int index) => _inputs[index];

    /// <summary>An output, in the manifest's order; it holds the last run's answer.</summary>
    public BoundTensor Output(int index) => _outputs[index];

    /// <summary>Sets the batch of the coming runs: the first axis of every tensor that leaves it free.</summary>
    /// <param name="batch">1 to <see cref="MaxBatch"/>.</param>
    public void SetBatch(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        foreach (var input in _inputs) input.SetBatch(batch);
        foreach (var output in _outputs)
        {
            if (!output.IsSizedByModel) output.SetBatch(batch);
        }
    }

    /// <summary>Runs the model once over the inputs in their present shapes.</summary>
    /// <exception cref="ModelException">The run failed, was terminated, or answered with NaN or infinity.</exception>
    public void Run()
    {
        RunUnchecked();
        foreach (var output in _outputs)
        {
            if (!output.HoldsNonFinite()) continue;
            NonFinite.Add(1, Manifest.Name);
            throw new ModelException($"model '{Manifest.Name}': output '{output.Name}' holds NaN or infinity");
        }
    }

    /// <summary>The same, whatever it answers.</summary>
    internal void RunUnchecked()
    {
        _runOptions.Terminate = false;
        try
        {
            _bindings.Run(_runOptions);
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

        _bindings.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static byte[] ReadVerified(ModelManifest manifest, string folder, string file, string sha256)
    {
        var path = Path.Combine(folder, file);
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAll(path, OnnxFile.MaxBytes, within: folder);
        }
        catch (FileNotFoundException e)
        {
            var remedy = manifest.Url is null
                ? $"get it from {manifest.Source} (eng/setup.sh models fetches those of this repository)"
                : $"edge-perception models fetch {manifest.Name} gets it";
            throw new ModelException($"model '{manifest.Name}': {path} cannot be read; {remedy}", e);
        }
        catch (IOException e)
        {
            throw new ModelException($"model '{manifest.Name}': {path} {e.Message}", e);
        }

        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return actual == sha256
            ? bytes
            : throw new ModelException(
                $"model '{manifest.Name}': {path} is not the file that the manifest names: its sha256 is "
                                       + $"{actual[..12]}…, expected {sha256[..12]}…; fetch it again or mend the "
                                       + "manifest");
    }

    private static OnnxModel Compared(
        OpenedSession opened, ModelManifest manifest, string modelsFolder, InferenceSettings settings)
    {
        try
        {
            Compare(manifest, "input", manifest.Inputs, opened.Session.InputMetadata, complete: true);
            Compare(manifest, "output", manifest.Outputs, opened.Session.OutputMetadata, complete: false);
            return new OnnxModel(opened, manifest, modelsFolder, settings);
        }
        catch
        {
            opened.Session.Dispose();
            throw;
        }
    }

    // ONNX Runtime calls everything that is no model a failure to parse, and misses weights one by one.
    private static byte[] ReadModel(ModelManifest manifest, string folder)
    {
        var bytes = ReadVerified(manifest, folder, manifest.File, manifest.Sha256);
        try
        {
            if (!OnnxFile.Parse(bytes).HasExternalWeights) return bytes;
        }
        catch (FormatException e)
        {
            throw new ModelException($"model '{manifest.Name}': {manifest.File} {e.Message}", e);
        }

        throw new ModelException($"model '{manifest.Name}': {manifest.File} {OnnxFile.NeedsOneFile}");
    }

    private static void Compare(
        ModelManifest manifest, string kind, IReadOnlyList<TensorManifest> tensors,
        IReadOnlyDictionary<string, NodeMetadata> actual, bool complete)
    {
        foreach (var tensor in tensors)
        {
            if (!actual.TryGetValue(tensor.Name, out var node))
                throw Mismatch($"there is no {kind} '{tensor.Name}'; the model has {string.Join(", ", actual.Keys)}");
            if (!node.IsTensor || node.ElementDataType != BoundTensor.ElementTypeOf(tensor.Type))
                throw Mismatch(
                    $"{kind} '{tensor.Name}' is {NameOf(node)}, the manifest says "
                    + $"{tensor.Type.ToString().ToLowerInvariant()}");
            if (node.Dimensions.Length != tensor.Shape.Count
                || node.Dimensions.Zip(tensor.Shape).Any(axis => axis.First >= 0 && axis.First != axis.Second))
            {
                throw Mismatch($"{kind} '{tensor.Name}' has shape [{string.Join(", ", node.Dimensions)}], "
                               + $"the manifest says [{string.Join(", ", tensor.Shape)}]");
            }
        }

        if (tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Mismatch($"the manifest names the {kind} '{twice.Key}' twice");
        if (complete && actual.Keys.FirstOrDefault(name => tensors.All(t => t.Name != name)) is { } extra)
            throw Mismatch($"the model needs the {kind} '{extra}', which the manifest does not name");

        static string NameOf(NodeMetadata node) => !node.IsTensor ? "no tensor"
            : node.ElementDataType == TensorElementType.Float ? "float32"
            : node.ElementDataType.ToString().ToLowerInvariant();

        ModelException Mismatch(string problem) => new($"model '{manifest.Name}' ({manifest.File}): {problem}");
    }
}
