using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// The memory of one input or output of a model, pinned for the model's life and large enough for the largest shape
/// that its manifest allows. Written and read between two runs by whoever runs the model.
/// </summary>
public sealed class BoundTensor
{
    private readonly TensorManifest _manifest;
    private readonly int[] _shape;
    private byte[] _memory;
    private float[] _floats = [];

    /// <param name="manifest">What the tensor is.</param>
    /// <param name="maxBatch">The largest batch that is run; bounds a free first axis.</param>
    /// <param name="isSizedByModel">
    /// Whether only a run tells the lengths of all axes; the memory then grows with the answers.
    /// </param>
    internal BoundTensor(TensorManifest manifest, int maxBatch, bool isSizedByModel)
    {
        (_manifest, IsSizedByModel) = (manifest, isSizedByModel);
        _shape = [.. manifest.MaxShape];
        if (isSizedByModel) Array.Clear(_shape);
        else if (HasFreeBatch) _shape[0] = maxBatch;
        // ONNX Runtime keeps the address.
        _memory = GC.AllocateArray<byte>(Count * ElementSize, pinned: true);
    }

    /// <summary>The tensor's name in the graph.</summary>
    public string Name => _manifest.Name;

    /// <summary>The element type.</summary>
    public TensorType Type => _manifest.Type;

    /// <summary>The lengths of the axes in the coming run (inputs) or the last one (outputs).</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The elements' bytes, in the order of the axes.</summary>
    public Span<byte> Bytes => _memory.AsSpan(0, Count * ElementSize);

    internal bool IsSizedByModel { get; }

    internal bool HasFreeBatch => _manifest.Shape[0] == -1;

    private int Count
    {
        get
        {
            var count = 1;
            foreach (var axis in _shape) count *= axis;
            return count;
        }
    }

    private int ElementSize => Type switch
    {
        TensorType.Float32 or TensorType.Int32 => 4,
        TensorType.Float16 => 2,
        TensorType.Int64 => 8,
        _ => 1,
    };

    /// <summary>The elements, in the order of the axes.</summary>
    /// <exception cref="InvalidOperationException">The tensor's elements are of another type.</exception>
    public Span<T> Elements<T>() where T : unmanaged
    {
        var fits = Type switch
        {
            TensorType.Float32 => typeof(T) == typeof(float),
            TensorType.Float16 => typeof(T) == typeof(Half),
            TensorType.Uint8 => typeof(T) == typeof(byte),
            TensorType.Int32 => typeof(T) == typeof(int),
            TensorType.Int64 => typeof(T) == typeof(long),
            _ => typeof(T) == typeof(bool),
        };
        return fits ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException(
                $"tensor '{Name}' holds {Type.ToString().ToLowerInvariant()}, not {typeof(T).Name}");
    }

    /// <summary>
    /// The elements as single precision; half precision is widened into memory that the next call reuses.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor does not hold floating-point numbers.</exception>
    public ReadOnlySpan<float> Floats() => Type != TensorType.Float16 ? Elements<float>() : Widen(Elements<Half>());

    /// <summary>
    /// One item of the batch as single precision: a step of the first axis. Half precision is widened into memory that
    /// the next call reuses.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor does not hold floating-point numbers.</exception>
    public ReadOnlySpan<float> Floats(int item)
    {
        var length = Count / _shape[0];
        return Type != TensorType.Float16
            ? Elements<float>().Slice(item * length, length)
            : Widen(Elements<Half>().Slice(item * length, length));
    }

    /// <summary>
    /// Gives the free axes of an input, or of an output with a profile, their lengths for the coming run.
    /// </summary>
    /// <exception cref="ModelException">
    /// A length lies outside the manifest's profile, or the axis is not free.
    /// </exception>
    public void Resize(params ReadOnlySpan<int> shape)
    {
        for (var axis = 0; axis < Math.Max(shape.Length, _shape.Length); axis++)
        {
            var (least, most) = _manifest.Profile is { } profile && axis < _shape.Length
                ? (profile.Min[axis], profile.Max[axis])
                : (_manifest.Shape[Math.Min(axis, _shape.Length - 1)],
                    _manifest.Shape[Math.Min(axis, _shape.Length - 1)]);
            if (shape.Length == _shape.Length && shape[axis] >= least && shape[axis] <= most) continue;
            throw new ModelException(
                $"tensor '{Name}' cannot be [{string.Join(", ", shape.ToArray())}]: the manifest bounds "
                                     + (shape.Length == _shape.Length ? $"axis {axis} to {least}..{most}"
                                         : $"{_shape.Length} axes"));
        }

        if (shape.SequenceEqual(_shape)) return;
        shape.CopyTo(_shape);
    }

    internal void SetBatch(int batch)
    {
        if (HasFreeBatch) _shape[0] = batch;
    }

    /// <summary>The tensor over this memory in its present shape; the caller frees it.</summary>
    internal OrtValue ToOrtValue() => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, ElementTypeOf(Type), [.. _shape.Select(axis => (long)axis)],
        Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0), Count * ElementSize);

    /// <summary>Copies what the model itself allocated.</summary>
    internal void Take(OrtValue value)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        for (var axis = 0; axis < _shape.Length; axis++) _shape[axis] = checked((int)shape[axis]);
        var bytes = value.GetTensorMutableRawData();
        if (bytes.Length > _memory.Length) _memory = GC.AllocateArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(_memory);
    }

    /// <summary>Whether it holds NaN or infinity where the manifest does not allow them; integers have none.</summary>
    internal bool HoldsNonFinite()
    {
        if (_manifest.AllowNonFinite || Type is not (TensorType.Float32 or TensorType.Float16)) return false;
        if (Type == TensorType.Float16) return HalfPrecision.HoldsNonFinite(Elements<Half>());
        var values = Elements<float>();
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            // x − x is zero for every finite x, and NaN for NaN and infinity.
            var x = Vector.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i);
            if (!Vector.EqualsAll(x - x, Vector<float>.Zero)) return true;
        }

        for (; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i])) return true;
        }

        return false;
    }

    internal static TensorElementType ElementTypeOf(TensorType type) => type switch
    {
        TensorType.Float32 => TensorElementType.Float,
        TensorType.Float16 => TensorElementType.Float16,
        TensorType.Uint8 => TensorElementType.UInt8,
        TensorType.Int32 => TensorElementType.Int32,
        TensorType.Int64 => TensorElementType.Int64,
        _ => TensorElementType.Bool,
    };

    private ReadOnlySpan<float> Widen(ReadOnlySpan<Half> halves)
    {
        if (_floats.Length < halves.Length) _floats = new float[halves.Length];
        HalfPrecision.Widen(halves, _floats);
        return _floats.AsSpan(0, halves.Length);
    }
}
