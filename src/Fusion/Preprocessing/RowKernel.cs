using System.Runtime.Intrinsics;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Preprocessing;

/// <summary>
/// Turns rows of a picture into a row of a tensor in two steps: two rows are blended into one of 16-bit fixed point,
/// which stays in the first-level cache, and that is sampled, normalized and written in the tensor's type.
/// </summary>
/// <param name="shape">The measures of the lanes it works with.</param>
internal abstract unsafe class RowKernel(LaneShape shape)
{
    /// <summary>Samples that may be read beyond the end of a row.</summary>
    public const int Padding = 64;

    /// <summary>The measures of the lanes it works with.</summary>
    public LaneShape Shape { get; } = shape;

    /// <summary>Bytes of an element of the tensor.</summary>
    public abstract int ElementSize { get; }

    /// <summary>The kernels of this machine for a tensor's type, the widest vectors first, one without vectors last.</summary>
    /// <param name="type">Float32, float16 or uint8.</param>
    /// <param name="widest">Bits of the widest vectors to use; 0 for none.</param>
    public static RowKernel[] For(TensorType type, int widest) => type switch
    {
        TensorType.Float32 => For<float>(widest),
        TensorType.Float16 => For<Half>(widest),
        TensorType.Uint8 => For<byte>(widest),
        _ => throw new ArgumentException($"a picture becomes float32, float16 or uint8, not {type}", nameof(type)),
    };

    /// <summary>The bytes of one element.</summary>
    public abstract byte[] Element(float value);

    /// <summary>Blends a row of samples.</summary>
    public abstract void Blend(RowPair pair, int samples, short* row);

    /// <summary>Blends a row of pixels into three rows.</summary>
    public abstract void BlendPixels(RowPair pair, int pixels, short* rows, nint plane);

    /// <summary>Blends a row of pairs into two rows.</summary>
    public abstract void BlendPairs(RowPair pair, int pairs, short* rows, nint plane);

    /// <summary>Samples three rows, one a channel, into three planes.</summary>
    public abstract void ResamplePlanes(
        short* row0, short* row1, short* row2, ResampleTable columns, ChannelTransform transform, byte* target, nint plane);

    /// <summary>Samples one row of interleaved channels into another.</summary>
    public abstract void ResampleInterleaved(short* row, ResampleTable columns, ChannelTransform transform, byte* target);

    /// <summary>Samples luma and chroma into three planes.</summary>
    public abstract void ResampleYuvPlanes(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, byte* target, nint targetPlane);

    /// <summary>Samples luma and chroma into interleaved channels.</summary>
    public abstract void ResampleYuvInterleaved(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, byte* target);

    private static RowKernel[] For<TElement>(int widest)
        where TElement : unmanaged
    {
        var kernels = new List<RowKernel>();
        if (widest >= 512 && Lanes512.IsSupported) kernels.Add(new RowKernel<Lanes512, Vector512<float>, TElement>());
        if (widest >= 256 && Lanes256.IsSupported) kernels.Add(new RowKernel<Lanes256, Vector256<float>, TElement>());
        if (widest >= 128 && Lanes128.IsSupported) kernels.Add(new RowKernel<Lanes128, Vector128<float>, TElement>());
        kernels.Add(new RowKernel<ScalarLanes, float, TElement>());
        return [.. kernels];
    }
}

/// <summary>
/// The kernel for one kind of lanes and one type of element. A row that is no multiple of the lanes ends with a step that
/// overlaps the one before it, which writes the same values again.
/// </summary>
internal sealed unsafe class RowKernel<TLanes, TVector, TElement>() : RowKernel(TLanes.Shape)
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
    where TElement : unmanaged
{
    public override int ElementSize => sizeof(TElement);

    public override byte[] Element(float value)
    {
        var bytes = new byte[TLanes.Shape.Count * sizeof(TElement)];
        fixed (byte* target = bytes) Store(TLanes.Create(value), (TElement*)target);
        return bytes[..sizeof(TElement)];
    }

    public override void Blend(RowPair pair, int samples, short* row)
    {
        var (step, last) = (TLanes.Shape.Samples, samples - TLanes.Shape.Samples);
        for (var i = 0; i < last; i += step) TLanes.Blend(pair.Upper + i, pair.Lower + i, pair.Weight, row + i);
        TLanes.Blend(pair.Upper + last, pair.Lower + last, pair.Weight, row + last);
    }

    public override void BlendPixels(RowPair pair, int pixels, short* rows, nint plane)
    {
        var (step, last) = (TLanes.Shape.Samples, pixels - TLanes.Shape.Samples);
        for (var i = 0; i < last; i += step) TLanes.BlendPixels(pair.Upper + 3 * i, pair.Lower + 3 * i, pair.Weight, rows + i, plane);
        TLanes.BlendPixels(pair.Upper + 3 * last, pair.Lower + 3 * last, pair.Weight, rows + last, plane);
    }

    public override void BlendPairs(RowPair pair, int pairs, short* rows, nint plane)
    {
        var (step, last) = (TLanes.Shape.Samples, pairs - TLanes.Shape.Samples);
        for (var i = 0; i < last; i += step) TLanes.BlendPairs(pair.Upper + 2 * i, pair.Lower + 2 * i, pair.Weight, rows + i, plane);
        TLanes.BlendPairs(pair.Upper + 2 * last, pair.Lower + 2 * last, pair.Weight, rows + last, plane);
    }

    public override void ResamplePlanes(
        short* row0, short* row1, short* row2, ResampleTable columns, ChannelTransform transform, byte* target, nint plane)
    {
        if (columns.Vectors == 1) Planes<OneVector>(row0, row1, row2, columns, transform, (TElement*)target, plane);
        else if (columns.Vectors == 2) Planes<TwoVectors>(row0, row1, row2, columns, transform, (TElement*)target, plane);
        else Planes<Apart>(row0, row1, row2, columns, transform, (TElement*)target, plane);
    }

    public override void ResampleInterleaved(short* row, ResampleTable columns, ChannelTransform transform, byte* target)
    {
        if (columns.Vectors == 1) Interleaved<OneVector>(row, columns, transform, (TElement*)target);
        else if (columns.Vectors == 2) Interleaved<TwoVectors>(row, columns, transform, (TElement*)target);
        else Interleaved<Apart>(row, columns, transform, (TElement*)target);
    }

    public override void ResampleYuvPlanes(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, byte* target, nint targetPlane)
    {
        // Chroma's samples lie closer together than luma's.
        if (luma.Vectors == 1) YuvPlanes<OneVector>(rows, plane, luma, chroma, transform, (TElement*)target, targetPlane);
        else if (luma.Vectors == 2) YuvPlanes<TwoVectors>(rows, plane, luma, chroma, transform, (TElement*)target, targetPlane);
        else YuvPlanes<Apart>(rows, plane, luma, chroma, transform, (TElement*)target, targetPlane);
    }

    public override void ResampleYuvInterleaved(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, byte* target)
    {
        if (luma.Vectors == 1) YuvInterleaved<OneVector>(rows, plane, luma, chroma, transform, (TElement*)target);
        else if (luma.Vectors == 2) YuvInterleaved<TwoVectors>(rows, plane, luma, chroma, transform, (TElement*)target);
        else YuvInterleaved<Apart>(rows, plane, luma, chroma, transform, (TElement*)target);
    }

    private static void Planes<TReach>(
        short* row0, short* row1, short* row2, ResampleTable columns, ChannelTransform transform, TElement* target, nint plane)
        where TReach : struct, IReach
    {
        var taps = columns.Taps;
        var (count, elements, last) = (TLanes.Shape.Count, columns.Elements, columns.Elements - TLanes.Shape.Count);
        var scale = transform.Scale;
        var offset = transform.Offset;
        var (scale0, scale1, scale2) = (TLanes.Create(scale[0]), TLanes.Create(scale[1]), TLanes.Create(scale[2]));
        var (offset0, offset1, offset2) = (TLanes.Create(offset[0]), TLanes.Create(offset[1]), TLanes.Create(offset[2]));
        for (var at = 0; at < elements; at += count)
        {
            var element = Math.Min(at, last);
            var value0 = TLanes.Resample<TReach>(row0, taps, at);
            var value1 = TLanes.Resample<TReach>(row1, taps, at);
            var value2 = TLanes.Resample<TReach>(row2, taps, at);
            Store(TLanes.MultiplyAdd(value0, scale0, offset0), target + element);
            Store(TLanes.MultiplyAdd(value1, scale1, offset1), target + plane + element);
            Store(TLanes.MultiplyAdd(value2, scale2, offset2), target + 2 * plane + element);
        }
    }

    private static void Interleaved<TReach>(short* row, ResampleTable columns, ChannelTransform transform, TElement* target)
        where TReach : struct, IReach
    {
        var taps = columns.Taps;
        var (count, elements, last) = (TLanes.Shape.Count, columns.Elements, columns.Elements - TLanes.Shape.Count);
        var scale = transform.Scale;
        var offset = transform.Offset;
        for (var at = 0; at < elements; at += count)
        {
            var element = Math.Min(at, last);
            var channel = (int)((uint)element % 3);
            var value = TLanes.MultiplyAdd(TLanes.Resample<TReach>(row, taps, at), TLanes.Load(scale + channel), TLanes.Load(offset + channel));
            Store(value, target + element);
        }
    }

    private static void YuvPlanes<TReach>(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, TElement* target, nint targetPlane)
        where TReach : struct, IReach
    {
        var (lumaTaps, chromaTaps) = (luma.Taps, chroma.Taps);
        var (count, elements, last) = (TLanes.Shape.Count, luma.Elements, luma.Elements - TLanes.Shape.Count);
        var t = transform;
        for (var at = 0; at < elements; at += count)
        {
            var y = TLanes.Resample<TReach>(rows, lumaTaps, at);
            var u = TLanes.Resample<TReach>(rows + plane, chromaTaps, at);
            var v = TLanes.Resample<TReach>(rows + 2 * plane, chromaTaps, at);
            var element = target + Math.Min(at, last);
            for (var c = 0; c < 3; c++, element += targetPlane)
            {
                var value = TLanes.MultiplyAdd(v, TLanes.Create(t.FromV[c]), TLanes.Create(t.Bias[c]));
                value = TLanes.MultiplyAdd(u, TLanes.Create(t.FromU[c]), value);
                value = TLanes.ClampToByte(TLanes.MultiplyAdd(y, TLanes.Create(t.FromLuma[c]), value));
                Store(TLanes.MultiplyAdd(value, TLanes.Create(t.Scale[c]), TLanes.Create(t.Offset[c])), element);
            }
        }
    }

    private static void YuvInterleaved<TReach>(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, TElement* target)
        where TReach : struct, IReach
    {
        var (lumaTaps, chromaTaps) = (luma.Taps, chroma.Taps);
        var (count, elements, last) = (TLanes.Shape.Count, luma.Elements, luma.Elements - TLanes.Shape.Count);
        var t = transform;
        for (var at = 0; at < elements; at += count)
        {
            var element = Math.Min(at, last);
            var channel = (int)((uint)element % 3);
            var y = TLanes.Resample<TReach>(rows, lumaTaps, at);
            var u = TLanes.Resample<TReach>(rows + plane, chromaTaps, at);
            var v = TLanes.Resample<TReach>(rows + 2 * plane, chromaTaps, at);
            var value = TLanes.MultiplyAdd(v, TLanes.Load(t.FromV + channel), TLanes.Load(t.Bias + channel));
            value = TLanes.MultiplyAdd(u, TLanes.Load(t.FromU + channel), value);
            value = TLanes.ClampToByte(TLanes.MultiplyAdd(y, TLanes.Load(t.FromLuma + channel), value));
            value = TLanes.MultiplyAdd(value, TLanes.Load(t.Scale + channel), TLanes.Load(t.Offset + channel));
            Store(value, target + element);
        }
    }

    private static void Store(TVector value, TElement* target)
    {
        if (typeof(TElement) == typeof(float)) TLanes.Store(value, (float*)target);
        else if (typeof(TElement) == typeof(Half)) TLanes.Store(value, (Half*)target);
        else TLanes.Store(value, (byte*)target);
    }
}
