namespace EdgePerception.Fusion.Inference.Onnx;

/// <summary>
/// What an ONNX file says of itself (onnx.proto of the ONNX standard): versions, metadata, inputs and outputs. Weights
/// and nodes are passed over, so that reading costs little however large the model is. The file is not trusted: nothing
/// in it makes this class allocate more than a small multiple of its size, or throw anything but what is named here.
/// </summary>
public sealed class OnnxFile
{
    /// <summary>
    /// What is said of a model whose weights lie in other files: they have no checksum and may be anywhere.
    /// </summary>
    internal const string NeedsOneFile =
        "keeps its weights in other files beside it; save it as one file, in Python by onnx.save(onnx.load('FILE'), "
        + "'ONE-FILE')";

    /// <summary>How large a file may be: no protobuf message is larger.</summary>
    public const long MaxBytes = int.MaxValue - 64;

    internal const int MaxAxes = 64;

    // Models that list their weights as inputs, as old exporters did, have some thousands.
    private const int MaxTensors = 65_536;
    private const int MaxMetadata = 4_096;
    private const int External = 1;

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<OnnxTensor> _inputs = [];
    private readonly List<OnnxTensor> _outputs = [];

    private OnnxFile()
    {
    }

    /// <summary>Version of the file format.</summary>
    public int IrVersion { get; private set; }

    /// <summary>Version of the standard's operators that the graph is written in; 0 where it says none.</summary>
    public int Opset { get; private set; }

    /// <summary>What wrote the file, such as <c>pytorch 2.4.0</c>; may be empty.</summary>
    public string Producer { get; private set; } = "";

    /// <summary>
    /// What the exporter noted beside the graph; Ultralytics puts class names, task and stride there.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>What must be given to a run: weights that the graph lists as inputs are none.</summary>
    public IReadOnlyList<OnnxTensor> Inputs => _inputs;

    /// <summary>What a run answers.</summary>
    public IReadOnlyList<OnnxTensor> Outputs => _outputs;

    /// <summary>Whether weights lie in other files beside this one.</summary>
    public bool HasExternalWeights { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">It cannot be read, or is not an ONNX model.</exception>
    public static OnnxFile Read(string file) => Read(file, out _);

    /// <summary>Reads a file and gives out its bytes, too.</summary>
    /// <exception cref="ModelException">It cannot be read, or is not an ONNX model.</exception>
    public static OnnxFile Read(string file, out byte[] bytes)
    {
        try
        {
            bytes = RegularFile.ReadAll(file, MaxBytes);
        }
        catch (FileNotFoundException e)
        {
            throw new ModelException($"{file}: no such file", e);
        }
        catch (IOException e)
        {
            throw new ModelException($"{file}: {e.Message}; name an .onnx file", e);
        }

        try
        {
            return Parse(bytes);
        }
        catch (FormatException e)
        {
            throw new ModelException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>Reads what a model's bytes say.</summary>
    /// <exception cref="FormatException">
    /// They are not an ONNX model; the message says what is wrong, without the file's name.
    /// </exception>
    internal static OnnxFile Parse(ReadOnlySpan<byte> bytes)
    {
        if (ForeignFormat.Of(bytes) is { } format) throw new FormatException($"is {format}, not an ONNX model");
        try
        {
            return ParseModel(bytes) ?? throw new FormatException("is not an ONNX model: it holds no graph");
        }
        catch (EndOfStreamException e)
        {
            // Every exporter writes the format's version first.
            throw new FormatException(bytes is [0x08, ..]
                ? $"is truncated, or damaged: it has {bytes.Length} bytes and announces more; fetch or export it again"
                : "is not an ONNX model", e);
        }
        catch (FormatException e) when (!e.Message.StartsWith("is ", StringComparison.Ordinal))
        {
            throw new FormatException($"is not an ONNX model: {e.Message}", e);
        }
    }

    private static OnnxFile? ParseModel(ReadOnlySpan<byte> model)
    {
        var file = new OnnxFile();
        var graph = default(ReadOnlySpan<byte>);
        var (name, version) = ("", "");
        var reader = new ProtobufReader(model);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: file.IrVersion = Bounded(reader.Number); break;
                case 2: name = reader.Text; break;
                case 3: version = reader.Text; break;
                case 7: graph = reader.Bytes; break;
                case 8: file.TakeOpset(reader.Bytes); break;
                case 14: file.TakeMetadata(reader.Bytes); break;
            }
        }

        if (graph.IsEmpty) return null;
        file.Producer = $"{name} {version}".Trim();
        file.ParseGraph(graph);
        return file;
    }

    private void ParseGraph(ReadOnlySpan<byte> graph)
    {
        var reader = new ProtobufReader(graph);
        while (reader.Next())
        {
            if (reader.Field == 11) Add(_inputs, reader.Bytes);
            else if (reader.Field == 12) Add(_outputs, reader.Bytes);
        }

        var names = _inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        var weights = new HashSet<string>(StringComparer.Ordinal);
        reader = new ProtobufReader(graph);
        while (reader.Next())
        {
            if (reader.Field != 5) continue;
            var (weight, isExternal) = ParseWeight(reader.Bytes);
            HasExternalWeights |= isExternal;
            if (names.Contains(weight)) weights.Add(weight);
        }

        _inputs.RemoveAll(input => weights.Contains(input.Name));
    }

    private static void Add(List<OnnxTensor> tensors, ReadOnlySpan<byte> valueInfo)
    {
        if (tensors.Count == MaxTensors)
            throw new FormatException($"its graph has more than {MaxTensors} inputs or outputs");
        tensors.Add(OnnxTensor.Parse(valueInfo));
    }

    private static (string Name, bool IsExternal) ParseWeight(ReadOnlySpan<byte> tensor)
    {
        var (name, isExternal) = ("", false);
        var reader = new ProtobufReader(tensor);
        while (reader.Next())
        {
            if (reader.Field == 8) name = reader.Text;
            else if (reader.Field == 14) isExternal = reader.Number == External;
        }

        return (name, isExternal);
    }

    private void TakeOpset(ReadOnlySpan<byte> import)
    {
        var (domain, version) = ("", 0L);
        var reader = new ProtobufReader(import);
        while (reader.Next())
        {
            if (reader.Field == 1) domain = reader.Text;
            else if (reader.Field == 2) version = reader.Number;
        }

        if (domain is "" or "ai.onnx") Opset = Bounded(version);
    }

    private void TakeMetadata(ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        var reader = new ProtobufReader(entry);
        while (reader.Next())
        {
            if (reader.Field == 1) key = reader.Text;
            else if (reader.Field == 2) value = reader.Text;
        }

        if (_metadata.Count < MaxMetadata) _metadata[key] = value;
    }

    private static int Bounded(long number) => (int)Math.Clamp(number, 0, int.MaxValue);
}
