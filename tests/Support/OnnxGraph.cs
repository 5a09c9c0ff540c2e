using System.Text;

namespace EdgePerception.Tests.Support;

/// <summary>
/// Writes ONNX models that have the interface of a real one and answer zeros, so that a test needs neither weights nor
/// a Python exporter. Axes are lengths, or names of free ones; a free axis of an output is as long as the input's of
/// that name. Inputs come before outputs.
/// </summary>
internal sealed class OnnxGraph(int opset = 17)
{
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _weights = [];
    private readonly List<byte[]> _metadata = [];
    private readonly Dictionary<string, (string Input, int Index)> _freeAxes = [];
    private string _firstInput = "";

    public OnnxGraph Input(string name, params object[] axes) => TypedInput(1, name, axes);

    public OnnxGraph TypedInput(int type, string name, params object[] axes)
    {
        _inputs.Add(ValueInfo(name, type, axes));
        if (_firstInput.Length == 0) _firstInput = name;
        for (var i = 0; i < axes.Length; i++)
            if (axes[i] is string free) _freeAxes.TryAdd(free, (name, i));
        return this;
    }

    public OnnxGraph Output(string name, params object[] axes) => TypedOutput(1, name, axes);

    public OnnxGraph TypedOutput(int type, string name, params object[] axes)
    {
        _outputs.Add(ValueInfo(name, type, axes));
        var parts =
            axes.Select((axis, index) => axis is int length ? Constant($"{name}_{index}", length)
                : FreeAxis($"{name}_{index}", (string)axis)).ToArray();
        Node("Concat", parts, [$"{name}_shape"], Join(Text(1, "axis"), Number(3, 0), Number(20, 2)));
        var size = type switch { 1 or 6 => 4, 7 => 8, 10 => 2, _ => 1 };
        var zero = Join(Number(1, 1), Number(2, type), Field(9, new byte[size]));
        var value = Join(Text(1, "value"), Field(5, zero), Number(20, 4));
        return Node("ConstantOfShape", [$"{name}_shape"], [name], value);
    }

    /// <summary>
    /// An output that always answers the same: its axes as the model states them, and as they are. Nobody can tell the
    /// length of a first axis that is free before a run; the first input is an image then.
    /// </summary>
    public OnnxGraph Answer(string name, int type, object[] axes, int[] lengths, byte[] values)
    {
        _outputs.Add(ValueInfo(name, type, axes));
        Weight($"{name}_values", type, lengths, values);
        if (axes[0] is int) return Node("Identity", [$"{name}_values"], [name]);
        Weight($"{name}_least", 1, [lengths[0]],
            [.. Enumerable.Repeat(BitConverter.GetBytes(float.MinValue), lengths[0]).SelectMany(bytes => bytes)]);
        Node("Cast", [_firstInput], [$"{name}_picture"], Join(Text(1, "to"), Number(3, 1), Number(20, 2)));
        Node("ReduceMax", [$"{name}_picture"], [$"{name}_largest"],
            Join(Text(1, "keepdims"), Number(3, 0), Number(20, 2)));
        Node("Greater", [$"{name}_largest", $"{name}_least"], [$"{name}_each"]);
        return Node(
            "Compress", [$"{name}_values", $"{name}_each"], [name], Join(Text(1, "axis"), Number(3, 0), Number(20, 2)));
    }

    /// <summary>An output that nodes of the test's own make.</summary>
    public OnnxGraph Made(string name, params object[] axes)
    {
        _outputs.Add(ValueInfo(name, 1, axes));
        return this;
    }

    public OnnxGraph Node(string operation, string[] inputs, string[] outputs, byte[]? attribute = null)
    {
        _nodes.Add(Join(
            [.. inputs.Select(name => Text(1, name)), .. outputs.Select(name => Text(2, name)), Text(4, operation),
                attribute is null ? [] : Field(5, attribute)]));
        return this;
    }

    public OnnxGraph Weight(string name, int type, int[] axes, byte[] values, bool isExternal = false)
    {
        _weights.Add(
            Join([.. axes.Select(axis => Number(1, axis)), Number(2, type), Text(8, name), Field(9, values),
                isExternal ? Number(14, 1) : []]));
        return this;
    }

    private string Constant(string name, long value)
    {
        Weight(name, 7, [1], BitConverter.GetBytes(value));
        return name;
    }

    // The length of the input's axis of that name, or of the first input's first axis where no input has one.
    private string FreeAxis(string name, string axis)
    {
        var (input, index) = _freeAxes.GetValueOrDefault(axis, _freeAxes.Values.First());
        Node("Shape", [input], [$"{name}_all"]);
        Node("Gather", [$"{name}_all", Constant($"{name}_index", index)], [name]);
        return name;
    }

    public OnnxGraph Metadata(string key, string value)
    {
        _metadata.Add(Join(Text(1, key), Text(2, value)));
        return this;
    }

    public byte[] ToBytes()
    {
        var graph = Join(
            [
                .. _nodes.Select(node => Field(1, node)), Text(2, "graph"),
                .. _weights.Select(weight => Field(5, weight)),
                .. _inputs.Select(input => Field(11, input)), .. _outputs.Select(output => Field(12, output)),
            ]);
        return Join(
            [
                Number(1, 8), Text(2, "pytorch"), Text(3, "2.4.0"), Field(7, graph), Field(8, Number(2, opset)),
                .. _metadata.Select(entry => Field(14, entry)),
            ]);
    }

    private static byte[] ValueInfo(string name, int type, object[] axes)
    {
        var shape =
            Join([.. axes.Select(axis => Field(1, axis is int length ? Number(1, length) : Text(2, (string)axis)))]);
        return Join(Text(1, name), Field(2, Field(1, Join(Number(1, type), Field(2, shape)))));
    }

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] bytes) =>
        [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
