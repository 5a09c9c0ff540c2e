using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// What pixels go through before a model of some family, as its usual exporters train it. The graph does not tell, so
/// that all of it is to be checked against where the model is from.
/// </summary>
internal static class PictureGuess
{
    // Of ImageNet's training pictures, as torchvision has them, and of CLIP's, in pixel values.
    private static readonly float[] ImageNetMean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] ImageNetStd = [58.395f, 57.12f, 57.375f];
    private static readonly float[] ClipMean = [122.771f, 116.746f, 104.094f];
    private static readonly float[] ClipStd = [68.501f, 66.632f, 70.323f];
    private static readonly float[] Grey = [127.5f, 127.5f, 127.5f];
    private static readonly float[] White = [255, 255, 255];

    /// <summary>The preprocessing, and why.</summary>
    public static (PictureManifest Picture, string Why) Of(DecoderFamily family, TensorType type, TensorLayout layout, bool isClassifierOfYolo)
    {
        var (picture, why) = family switch
        {
            DecoderFamily.Yolo or DecoderFamily.YoloNms => (new PictureManifest { Border = 114, Std = White }, "as Ultralytics trains: 0 to 1, grey borders"),
            DecoderFamily.Detr => (new PictureManifest { Fit = PictureFit.Squash, Mean = ImageNetMean, Std = ImageNetStd }, "as DETR trains: ImageNet's mean and std"),
            DecoderFamily.RtDetr => (new PictureManifest { Fit = PictureFit.Squash, Std = White }, "as RT-DETR trains: squashed, 0 to 1"),
            DecoderFamily.BoxesLabelsScores when layout == TensorLayout.Nhwc => (new PictureManifest { Mean = Grey, Std = Grey }, "as TensorFlow Lite's SSD takes them: -1 to 1"),
            DecoderFamily.BoxesLabelsScores => (new PictureManifest { Std = White }, "as Torchvision's detectors take them, which normalize by themselves: 0 to 1"),
            DecoderFamily.OwlVit => (new PictureManifest { Fit = PictureFit.Squash, Mean = ClipMean, Std = ClipStd },
                "as OWL-ViT trains; OWLv2 has fit corner and border 128 instead"),
            DecoderFamily.Classifier when isClassifierOfYolo => (new PictureManifest { Fit = PictureFit.Crop, Std = White }, "as Ultralytics trains classifiers: 0 to 1"),
            DecoderFamily.Classifier => (new PictureManifest { Fit = PictureFit.Crop, Mean = ImageNetMean, Std = ImageNetStd },
                "as torchvision trains: ImageNet's mean and std"),
            DecoderFamily.ImageEmbedding => (new PictureManifest { Fit = PictureFit.Crop, Mean = ClipMean, Std = ClipStd }, "as CLIP trains; SigLIP has mean and std 127.5, squashed"),
            DecoderFamily.Blazeface => (new PictureManifest { Mean = Grey, Std = Grey }, "as MediaPipe trains: -1 to 1"),
            DecoderFamily.TextDetection => (new PictureManifest { Channels = ChannelOrder.Bgr, Mean = ImageNetMean, Std = ImageNetStd },
                "as PP-OCR trains: BGR, with ImageNet's mean and std in that order"),
            DecoderFamily.TextRecognition => (new PictureManifest { Channels = ChannelOrder.Bgr, Fit = PictureFit.Corner, Mean = Grey, Std = Grey },
                "as PP-OCR trains: BGR, -1 to 1, room to the right"),
            _ => (new PictureManifest(), "pixels as they are, 0 to 255"),
        };
        if (type is TensorType.Uint8 or TensorType.Int32)
            (picture, why) = (picture with { Mean = [0, 0, 0], Std = [1, 1, 1] }, "the input takes pixel values as whole numbers, so that the graph itself normalizes");
        return (picture with { Layout = layout }, why);
    }
}
