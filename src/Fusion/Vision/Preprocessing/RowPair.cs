namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>Two neighbouring rows of a plane, and how they are blended.</summary>
internal readonly unsafe struct RowPair
{
    /// <summary>The rows that a tap names.</summary>
    /// <param name="plane">Row 0, at the first sample that is read.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="tap">Which rows.</param>
    public RowPair(byte* plane, int stride, Tap tap)
    {
        Weight = (short)Math.Min(Math.Round(tap.Weight * (1 << 15)), short.MaxValue);
        Upper = plane + (nint)tap.First * stride;
        // A row that weighs nothing is not touched, and may not be there.
        Lower = Weight == 0 ? Upper : Upper + stride;
    }

    /// <summary>The first row.</summary>
    public byte* Upper { get; }

    /// <summary>The one below it, or the same again.</summary>
    public byte* Lower { get; }

    /// <summary>How much of the lower row, times 2¹⁵.</summary>
    public short Weight { get; }
}
