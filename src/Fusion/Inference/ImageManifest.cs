using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>The order of an image tensor's axes.</summary>
public enum TensorLayout
{
    /// <summary>Batch, height, width, channel: channels interleaved.</summary>
    Nhwc,

    /// <summary>Batch, channel, height, width: one plane a channel.</summary>
    Nchw,
}

/// <summary>The order of an image tensor's channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red, as models trained on OpenCV's images want it.</summary>
    Bgr,
}

/// <summary>How an image of another shape is brought into the model's input.</summary>
public enum ImageFit
{
    /// <summary>Scaled by one factor to fit, centred, with borders around it.</summary>
    Letterbox,

    /// <summary>Scaled by one factor to fit, in the top left corner, with borders right and below.</summary>
    Corner,

    /// <summary>Each axis scaled by its own factor to fill the input.</summary>
    Squash,

    /// <summary>Scaled by one factor to cover the input; what stands over on two sides is cut off.</summary>
    Crop,
}

/// <summary>
/// Where a sample falls among source pixels. For output i of n over m pixels: see each value; positions are clamped to
/// the pixels that are there.
/// </summary>
public enum SamplingConvention
{
    /// <summary>
    /// (i + ½) · m / n − ½: OpenCV's INTER_LINEAR, PyTorch's align_corners=False, ONNX Resize's half_pixel.
    /// </summary>
    HalfPixel,

    /// <summary>i · (m − 1) / (n − 1): PyTorch's align_corners=True.</summary>
    AlignCorners,

    /// <summary>i · m / n: TensorFlow 1's default, ONNX Resize's asymmetric.</summary>
    Asymmetric,
}

/// <summary>What the pixels go through before the model sees them: value = (pixel − mean) / std, per channel.</summary>
public sealed record ImageManifest
{
    /// <summary>The order of the axes.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>The order of the channels.</summary>
    public ChannelOrder Channels { get; init; } = ChannelOrder.Rgb;

    /// <summary>How the image is brought into the input's shape.</summary>
    public ImageFit Fit { get; init; } = ImageFit.Letterbox;

    /// <summary>Where bilinear samples fall.</summary>
    public SamplingConvention Sampling { get; init; } = SamplingConvention.HalfPixel;

    /// <summary>Subtracted from each channel, in pixel values 0 to 255, in the tensor's channel order.</summary>
    [Length(3, 3)]
    public IReadOnlyList<float> Mean { get; init; } = [0, 0, 0];

    /// <summary>Divides each channel, in pixel values, in the tensor's channel order; not zero.</summary>
    [Length(3, 3)]
    public IReadOnlyList<float> Std { get; init; } = [1, 1, 1];

    /// <summary>The grey value of the borders that the fit leaves, 0 to 255.</summary>
    [Range(0, 255)]
    public int Border { get; init; }
}
