using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Turns rows of an image into a row of a tensor in two steps: two rows are blended into one of 16-bit fixed point,
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

    /// <summary>
    /// The kernels of this machine for a tensor's type, the widest vectors first, one without vectors last.
    /// </summary>
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
        short* row0, short* row1, short* row2, ResampleTable columns, ChannelTransform transform, byte* target,
        nint plane);

    /// <summary>Samples one row of interleaved channels into another.</summary>
    public abstract void ResampleInterleaved(
        short* row, ResampleTable columns, ChannelTransform transform, byte* target);

    /// <summary>
    /// Samples luma and chroma into three planes, or interleaved channels where <paramref name="targetPlane"/> is 0.
    /// </summary>
    public abstract void ResampleYuv(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, byte* target,
        nint targetPlane);

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
/// The kernel for one kind of lanes and one type of element. A row that is no multiple of the lanes ends with a step
/// that overlaps the one before it, which writes the same values again. Its loops are compiled optimized at once: a
/// frame takes ten times as long without, and at the first ones a robot waits.
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Blend(RowPair pair, int samples, short* row)
    {
        var (step, last) = (TLanes.Shape.Samples, samples - TLanes.Shape.Samples);
        for (var i = 0; i < last; i += step) TLanes.Blend(pair.Upper + i, pair.Lower + i, pair.Weight, row + i);
        TLanes.Blend(pair.Upper + last, pair.Lower + last, pair.Weight, row + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void BlendPixels(RowPair pair, int pixels, short* rows, nint plane)
    {
        var (step, last) = (TLanes.Shape.Samples, pixels - TLanes.Shape.Samples);
        for (var i = 0; i < last; i += step)
            TLanes.BlendPixels(pair.Upper + 3 * i, pair.Lower + 3 * i, pair.Weight, rows + i, plane);
        TLanes.BlendPixels(pair.Upper + 3 * last, pair.Lower + 3 * last, pair.Weight, rows + last, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void BlendPairs(RowPair pair, int pairs, short* rows, nint plane)
    {
        var (step, last) = (TLanes.Shape.Samples, pairs - TLanes.Shape.Samples);
        for (var i = 0; i < last; i += step)
            TLanes.BlendPairs(pair.Upper + 2 * i, pair.Lower + 2 * i, pair.Weight, rows + i, plane);
        TLanes.BlendPairs(pair.Upper + 2 * last, pair.Lower + 2 * last, pair.Weight, rows + last, plane);
    }

    public override void ResamplePlanes(
        short* row0, short* row1, short* row2, ResampleTable columns, ChannelTransform transform, byte* target,
        nint plane)
    {
        if (columns.Vectors == 1) Planes<OneVector>(row0, row1, row2, columns, transform, (TElement*)target, plane);
        else if (columns.Vectors == 2)
            Planes<TwoVectors>(row0, row1, row2, columns, transform, (TElement*)target, plane);
        else Planes<Apart>(row0, row1, row2, columns, transform, (TElement*)target, plane);
    }

    public override void ResampleInterleaved(
        short* row, ResampleTable columns, ChannelTransform transform, byte* target)
    {
        if (columns.Vectors == 1) Interleaved<OneVector>(row, columns, transform, (TElement*)target);
        else if (columns.Vectors == 2) Interleaved<TwoVectors>(row, columns, transform, (TElement*)target);
        else Interleaved<Apart>(row, columns, transform, (TElement*)target);
    }

    public override void ResampleYuv(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, byte* target,
        nint targetPlane)
    {
        // Chroma's samples lie closer together than luma's.
        if (luma.Vectors == 1) Yuv<OneVector>(rows, plane, luma, chroma, transform, (TElement*)target, targetPlane);
        else if (luma.Vectors == 2)
            Yuv<TwoVectors>(rows, plane, luma, chroma, transform, (TElement*)target, targetPlane);
        else Yuv<Apart>(rows, plane, luma, chroma, transform, (TElement*)target, targetPlane);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Planes<TReach>(
        short* row0, short* row1, short* row2, ResampleTable columns, ChannelTransform transform, TElement* target,
        nint plane)
        where TReach : struct, IReach
    {
        var taps = columns.Taps;
        var (count, elements, last) = (TLanes.Shape.Count, columns.Elements, columns.Elements - TLanes.Shape.Count);
        var scale = transform.Scale;
        var offset = transform.Offset;
        var (scale0, scale1, scale2) = (TLanes.Create(scale[0]), TLanes.Create(scale[1]), TLanes.Create(scale[2]));
        var (offset0, offset1, offset2) =
            (TLanes.Create(offset[0]), TLanes.Create(offset[1]), TLanes.Create(offset[2]));
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleaved<TReach>(
        short* row, ResampleTable columns, ChannelTransform transform, TElement* target)
        where TReach : struct, IReach
    {
        var taps = columns.Taps;
        var (count, last) = (TLanes.Shape.Count, columns.Elements - TLanes.Shape.Count);
        var scale = transform.Scale;
        var offset = transform.Offset;
        // Three vectors begin at each channel once.
        var (scale0, offset0) = (TLanes.Load(scale), TLanes.Load(offset));
        var (scale1, offset1) = (TLanes.Load(scale + count % 3), TLanes.Load(offset + count % 3));
        var (scale2, offset2) = (TLanes.Load(scale + 2 * count % 3), TLanes.Load(offset + 2 * count % 3));
        var at = 0;
        for (; at <= last - 2 * count; at += 3 * count)
        {
            var value0 = TLanes.Resample<TReach>(row, taps, at);
            var value1 = TLanes.Resample<TReach>(row, taps, at + count);
            var value2 = TLanes.Resample<TReach>(row, taps, at + 2 * count);
            Store(TLanes.MultiplyAdd(value0, scale0, offset0), target + at);
            Store(TLanes.MultiplyAdd(value1, scale1, offset1), target + at + count);
            Store(TLanes.MultiplyAdd(value2, scale2, offset2), target + at + 2 * count);
        }

        for (; at < columns.Elements; at += count)
        {
            var element = Math.Min(at, last);
            var channel = element % 3;
            var value = TLanes.Resample<TReach>(row, taps, at);
            Store(TLanes.MultiplyAdd(value, TLanes.Load(scale + channel), TLanes.Load(offset + channel)),
                target + element);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Yuv<TReach>(
        short* rows, nint plane, ResampleTable luma, ResampleTable chroma, ChannelTransform transform, TElement* target,
        nint targetPlane)
        where TReach : struct, IReach
    {
        var (lumaTaps, chromaTaps) = (luma.Taps, chroma.Taps);
        var (count, elements, last) = (TLanes.Shape.Count, luma.Elements, luma.Elements - TLanes.Shape.Count);
        var (color0, color1, color2) = (new Color(transform, 0), new Color(transform, 1), new Color(transform, 2));
        for (var at = 0; at < elements; at += count)
        {
            var y = TLanes.Resample<TReach>(rows, lumaTaps, at);
            var u = TLanes.Resample<TReach>(rows + plane, chromaTaps, at);
            var v = TLanes.Resample<TReach>(rows + 2 * plane, chromaTaps, at);
            var (value0, value1, value2) = (color0.Of(y, u, v), color1.Of(y, u, v), color2.Of(y, u, v));
            var element = Math.Min(at, last);
            if (targetPlane == 0)
            {
                TLanes.Interleave(ref value0, ref value1, ref value2);
                Store(value0, target + 3 * element);
                Store(value1, target + 3 * element + count);
                Store(value2, target + 3 * element + 2 * count);
            }
            else
            {
                Store(value0, target + element);
                Store(value1, target + targetPlane + element);
                Store(value2, target + 2 * targetPlane + element);
            }
        }
    }

    private static void Store(TVector value, TElement* target)
    {
        if (typeof(TElement) == typeof(float)) TLanes.Store(value, (float*)target);
        else if (typeof(TElement) == typeof(Half)) TLanes.Store(value, (Half*)target);
        else TLanes.Store(value, (byte*)target);
    }

    private readonly struct Color(ChannelTransform transform, int channel)
    {
        private readonly TVector _luma = TLanes.Create(transform.FromLuma[channel]);
        private readonly TVector _u = TLanes.Create(transform.FromU[channel]);
        private readonly TVector _v = TLanes.Create(transform.FromV[channel]);
        private readonly TVector _bias = TLanes.Create(transform.Bias[channel]);
        private readonly TVector _scale = TLanes.Create(transform.Scale[channel]);
        private readonly TVector _offset = TLanes.Create(transform.Offset[channel]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of(TVector y, TVector u, TVector v)
        {
            var value = TLanes.MultiplyAdd(y, _luma, TLanes.MultiplyAdd(u, _u, TLanes.MultiplyAdd(v, _v, _bias)));
            return TLanes.MultiplyAdd(TLanes.ClampToByte(value), _scale, _offset);
        }
    }
}
