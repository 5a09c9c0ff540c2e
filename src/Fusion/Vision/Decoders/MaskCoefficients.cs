namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>Where the mask coefficients of a row lie in an image's part of the output.</summary>
/// <param name="First">Channel of the first coefficient.</param>
/// <param name="Count">How many there are: one for each prototype.</param>
/// <param name="RowStride">From one row to the next.</param>
/// <param name="ChannelStride">From one channel to the next.</param>
internal readonly record struct MaskCoefficients(int First, int Count, int RowStride, int ChannelStride)
{
    /// <summary>Position of a row's coefficient.</summary>
    public int At(int row, int index) => row * RowStride + (First + index) * ChannelStride;
}
