namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>The measures of a kind of lanes that tables and row lengths depend on.</summary>
/// <param name="Count">Elements of output in one vector.</param>
/// <param name="Samples">Samples (or pixels, or pairs of chroma) that are blended at once; a row has no fewer.</param>
/// <param name="Window">
/// Elements that are shuffled together out of one window of the row; 0: there are no windows.
/// </param>
/// <param name="WindowSamples">Samples in one vector of a window.</param>
/// <param name="WindowVectors">Vectors in a window at most.</param>
/// <param name="IndicesAreBytes">Whether the shuffle counts bytes rather than samples.</param>
internal readonly record struct LaneShape(
    int Count, int Samples, int Window, int WindowSamples, int WindowVectors, bool IndicesAreBytes);

/// <summary>
/// The arithmetic of <see cref="RowKernel{TLanes,TVector,TElement}"/> on one width of vectors. All widths, the one
/// without vectors included, compute the same fixed-point numbers to the last bit: a blended row holds pixels times
/// 2⁷, a resampled element is the pixel times 2²¹.
/// </summary>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Whether the machine has them.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Their measures.</summary>
    static abstract LaneShape Shape { get; }

    /// <summary>
    /// Blends samples of two rows; <paramref name="weight"/> is the lower one's, times 2¹⁵ and less than 1.
    /// </summary>
    static abstract void Blend(byte* upper, byte* lower, short weight, short* row);

    /// <summary>
    /// Blends pixels of three samples and parts them into three rows that lie <paramref name="plane"/> apart.
    /// </summary>
    static abstract void BlendPixels(byte* upper, byte* lower, short weight, short* rows, nint plane);

    /// <summary>Blends pairs of samples and parts them into two rows that lie <paramref name="plane"/> apart.</summary>
    static abstract void BlendPairs(byte* upper, byte* lower, short weight, short* rows, nint plane);

    /// <summary>The block of elements that begins at place <paramref name="at"/> of the table.</summary>
    static abstract TVector Resample<TReach>(short* row, in ResampleTaps taps, int at)
        where TReach : struct, IReach;

    /// <summary>The same number in all lanes.</summary>
    static abstract TVector Create(float value);

    /// <summary>Numbers from memory.</summary>
    static abstract TVector Load(float* source);

    /// <summary>a · b + c.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>What lies between 0 and 255.</summary>
    static abstract TVector ClampToByte(TVector value);

    /// <summary>Makes of three channels the vectors that hold them in turn.</summary>
    static abstract void Interleave(ref TVector first, ref TVector second, ref TVector third);

    /// <summary>Writes single precision.</summary>
    static abstract void Store(TVector value, float* target);

    /// <summary>Writes half precision, rounded to nearest even, infinite where too large.</summary>
    static abstract void Store(TVector value, Half* target);

    /// <summary>Writes bytes, rounded half up after clamping.</summary>
    static abstract void Store(TVector value, byte* target);
}
