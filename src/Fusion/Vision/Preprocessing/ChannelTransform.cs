using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// From sampled numbers to what the tensor holds, per channel in the tensor's order: value · scale + offset, for luma
/// and chroma after the matrix. The numbers repeat every three places, so that a vector may begin at any channel.
/// </summary>
internal sealed unsafe class ChannelTransform
{
    // Resampled elements are pixels times 2²¹.
    private const float Pixel = 1f / (1 << 21);
    private const int Stride = 32;
    private readonly AlignedBuffer<float> _numbers = new(6 * Stride);

    /// <summary>For RGB and BGR: the numbers that are scaled are samples.</summary>
    public ChannelTransform(ImageManifest manifest) => Normalize(manifest, Pixel);

    /// <summary>For luma and chroma: what is scaled are pixel values that the matrix made.</summary>
    public ChannelTransform(ImageManifest manifest, YuvEncoding encoding)
    {
        Normalize(manifest, 1);
        var full = encoding is YuvEncoding.Bt601Full or YuvEncoding.Bt709Full;
        var (red, blue) = encoding is YuvEncoding.Bt601 or YuvEncoding.Bt601Full ? (0.299, 0.114) : (0.2126, 0.0722);
        var green = 1 - red - blue;
        var (luma, chroma, black) = full ? (1.0, 1.0, 0) : (255 / 219.0, 255 / 224.0, 16);
        for (var c = 0; c < 3; c++)
        {
            // R, G or B: the tensor's channel c.
            var (u, v) = (manifest.Channels == ChannelOrder.Rgb ? c : 2 - c) switch
            {
                0 => (0, 2 * (1 - red)),
                1 => (-2 * (1 - blue) * blue / green, -2 * (1 - red) * red / green),
                _ => (2 * (1 - blue), 0),
            };
            Set(FromLuma, c, luma * Pixel);
            Set(FromU, c, u * chroma * Pixel);
            Set(FromV, c, v * chroma * Pixel);
            Set(Bias, c, -luma * black - (u + v) * chroma * 128);
        }
    }

    /// <summary>Multiplies.</summary>
    public float* Scale => _numbers.Pointer;

    /// <summary>Is added then.</summary>
    public float* Offset => _numbers.Pointer + Stride;

    /// <summary>The luma's part of a pixel value.</summary>
    public float* FromLuma => _numbers.Pointer + 2 * Stride;

    /// <summary>The part of U.</summary>
    public float* FromU => _numbers.Pointer + 3 * Stride;

    /// <summary>The part of V.</summary>
    public float* FromV => _numbers.Pointer + 4 * Stride;

    /// <summary>What black and colourless grey are away from zero.</summary>
    public float* Bias => _numbers.Pointer + 5 * Stride;

    /// <summary>What a pixel value becomes in channel <paramref name="c"/>.</summary>
    public static float Normalized(ImageManifest manifest, int c, float pixel) =>
        (pixel - manifest.Mean[c]) / manifest.Std[c];

    private void Normalize(ImageManifest manifest, float unit)
    {
        for (var c = 0; c < 3; c++)
        {
            Set(Scale, c, unit / manifest.Std[c]);
            Set(Offset, c, Normalized(manifest, c, 0));
        }
    }

    private static void Set(float* numbers, int channel, double value)
    {
        for (var i = channel; i < Stride; i += 3) numbers[i] = (float)value;
    }
}
