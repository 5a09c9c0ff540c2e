using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// What pixels go through before a model, as its family's usual exporters train it. The graph does not tell, so that
/// all of it is to be checked against where the model is from.
/// </summary>
/// <param name="Picture">The preprocessing.</param>
/// <param name="Why">Who does it so, and how that reads.</param>
internal sealed record ImageGuess(ImageManifest Picture, string Why)
{
    // Of ImageNet's training images, as torchvision has them, and of CLIP's, in pixel values.
    private static readonly float[] ImageNetMean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] ImageNetStd = [58.395f, 57.12f, 57.375f];
    private static readonly float[] ClipMean = [122.771f, 116.746f, 104.094f];
    private static readonly float[] ClipStd = [68.501f, 66.632f, 70.323f];
    private static readonly float[] Grey = [127.5f, 127.5f, 127.5f];
    private static readonly float[] White = [255, 255, 255];

    public static ImageGuess AsItIs { get; } = new(new ImageManifest(), "pixels as they are, 0 to 255");

    public static ImageGuess Yolo { get; } =
        new(new ImageManifest { Border = 114, Std = White }, "as Ultralytics trains: 0 to 1, grey borders");

    public static ImageGuess YoloClassifier { get; } =
        new(new ImageManifest { Fit = ImageFit.Crop, Std = White }, "as Ultralytics trains classifiers: 0 to 1");

    public static ImageGuess Nanodet { get; } = new(
        new ImageManifest
        {
            Channels = ChannelOrder.Bgr,
            Mean = [.. ImageNetMean.Reverse()],
            Std = [.. ImageNetStd.Reverse()],
        },
        "as NanoDet trains: BGR, with ImageNet's mean and std in that order");

    public static ImageGuess Detr { get; } = new(
        new ImageManifest { Fit = ImageFit.Squash, Mean = ImageNetMean, Std = ImageNetStd },
        "as DETR trains: ImageNet's mean and std");

    public static ImageGuess RtDetr { get; } =
        new(new ImageManifest { Fit = ImageFit.Squash, Std = White }, "as RT-DETR trains: squashed, 0 to 1");

    public static ImageGuess RfDetr { get; } = new(
        new ImageManifest { Fit = ImageFit.Squash, Mean = ImageNetMean, Std = ImageNetStd },
        "as RF-DETR trains: squashed, ImageNet's mean and std");

    public static ImageGuess SsdLite { get; } =
        new(new ImageManifest { Mean = Grey, Std = Grey }, "as TensorFlow Lite's SSD takes them: -1 to 1");

    public static ImageGuess Torchvision { get; } = new(
        new ImageManifest { Std = White },
        "as Torchvision's detectors take them, which normalize by themselves: 0 to 1");

    public static ImageGuess OwlVit { get; } = new(
        new ImageManifest { Fit = ImageFit.Squash, Mean = ClipMean, Std = ClipStd },
        "as OWL-ViT trains; OWLv2 has fit corner and border 128 instead");

    public static ImageGuess Classifier { get; } = new(
        new ImageManifest { Fit = ImageFit.Crop, Mean = ImageNetMean, Std = ImageNetStd },
        "as torchvision trains: ImageNet's mean and std");

    public static ImageGuess Clip { get; } = new(
        new ImageManifest { Fit = ImageFit.Crop, Mean = ClipMean, Std = ClipStd },
        "as CLIP trains; SigLIP has mean and std 127.5, squashed");

    public static ImageGuess BlazeFace { get; } =
        new(new ImageManifest { Mean = Grey, Std = Grey }, "as MediaPipe trains: -1 to 1");

    public static ImageGuess TextDetection { get; } = new(
        new ImageManifest { Channels = ChannelOrder.Bgr, Mean = ImageNetMean, Std = ImageNetStd },
        "as PP-OCR trains: BGR, with ImageNet's mean and std in that order");

    public static ImageGuess TextRecognition { get; } = new(
        new ImageManifest { Channels = ChannelOrder.Bgr, Fit = ImageFit.Corner, Mean = Grey, Std = Grey },
        "as PP-OCR trains: BGR, -1 to 1, room to the right");

    /// <summary>The same for an image of that type and layout.</summary>
    public ImageGuess For(TensorType type, TensorLayout layout)
    {
        var guess = type is TensorType.Uint8 or TensorType.Int32
            ? new ImageGuess(
                Picture with { Mean = [0, 0, 0], Std = [1, 1, 1] },
                "the input takes pixel values as whole numbers, so that the graph itself normalizes")
            : this;
        return guess with { Picture = guess.Picture with { Layout = layout } };
    }
}
