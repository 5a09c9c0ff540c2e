namespace EdgePerception.Fusion.Inference.Onnx;

/// <summary>One axis of a tensor.</summary>
/// <param name="Length">Its length; −1 where the model leaves it free.</param>
/// <param name="Symbol">The name that the model gives a free axis, such as <c>batch</c>; often empty.</param>
public readonly record struct OnnxAxis(int Length, string Symbol)
{
    /// <inheritdoc/>
    public override string ToString() => Length >= 0 ? $"{Length}" : Symbol.Length > 0 ? Symbol : "?";
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">
/// Its element type by ONNX's name, such as <c>float32</c>, or what it is instead of a tensor.
/// </param>
/// <param name="Axes">Its axes; none where the model does not state them.</param>
public sealed record OnnxTensor(string Name, string TypeName, IReadOnlyList<OnnxAxis> Axes)
{
    /// <summary>The element type as manifests have it; null if it cannot be bound.</summary>
    public TensorType? Type => TypeName switch
    {
        "float32" => TensorType.Float32,
        "float16" => TensorType.Float16,
        "uint8" => TensorType.Uint8,
        "int32" => TensorType.Int32,
        "int64" => TensorType.Int64,
        "bool" => TensorType.Bool,
        _ => null,
    };

    /// <summary>How many axes it has; 0 also where the model does not state them.</summary>
    public int Rank => Axes.Count;

    /// <summary>The length of an axis; −1 where it is free or there is none.</summary>
    public int Axis(int index) => index < Axes.Count ? Axes[index].Length : -1;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TypeName} [{string.Join(", ", Axes)}]";

    internal static OnnxTensor Parse(ReadOnlySpan<byte> valueInfo)
    {
        var (name, type, axes) = ("", "unknown", new List<OnnxAxis>());
        var reader = new ProtobufReader(valueInfo);
        while (reader.Next())
        {
            if (reader.Field == 1) name = reader.Text;
            else if (reader.Field == 2) type = ParseType(reader.Bytes, axes);
        }

        return new OnnxTensor(name, type, axes);
    }

    private static string ParseType(ReadOnlySpan<byte> typeProto, List<OnnxAxis> axes)
    {
        var type = "unknown";
        var reader = new ProtobufReader(typeProto);
        while (reader.Next())
        {
            type = reader.Field switch
            {
                1 => ParseTensorType(reader.Bytes, axes),
                4 => "a sequence",
                5 => "a map",
                8 => "a sparse tensor",
                9 => "an optional",
                _ => type,
            };
        }

        return type;
    }

    private static string ParseTensorType(ReadOnlySpan<byte> tensorType, List<OnnxAxis> axes)
    {
        var element = 0L;
        var reader = new ProtobufReader(tensorType);
        while (reader.Next())
        {
            if (reader.Field == 1) element = reader.Number;
            else if (reader.Field == 2) ParseShape(reader.Bytes, axes);
        }

        // TensorProto.DataType, in its order.
        string[] names =
        [
            "unknown", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
            "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16",
        ];
        return element >= 0 && element < names.Length ? names[element] : $"element type {element}";
    }

    private static void ParseShape(ReadOnlySpan<byte> shape, List<OnnxAxis> axes)
    {
        var reader = new ProtobufReader(shape);
        while (reader.Next())
        {
            if (reader.Field != 1) continue;
            if (axes.Count == OnnxFile.MaxAxes)
                throw new FormatException($"a tensor has more than {OnnxFile.MaxAxes} axes");
            axes.Add(ParseAxis(reader.Bytes));
        }
    }

    private static OnnxAxis ParseAxis(ReadOnlySpan<byte> dimension)
    {
        var axis = new OnnxAxis(-1, "");
        var reader = new ProtobufReader(dimension);
        while (reader.Next())
        {
            // A length that no tensor can have says as little as none.
            if (reader.Field == 1)
                axis = new OnnxAxis(reader.Number is >= 0 and <= int.MaxValue ? (int)reader.Number : -1, "");
            else if (reader.Field == 2) axis = new OnnxAxis(-1, reader.Text);
        }

        return axis;
    }
}
