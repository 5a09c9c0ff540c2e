using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>How one image of a batch lies in the model's input, and how large it is.</summary>
/// <param name="Placement">Where the image lies in the input.</param>
/// <param name="Width">Width of the image, pixels.</param>
/// <param name="Height">Height of the image, pixels.</param>
internal readonly record struct ImageInBatch(ImagePlacement Placement, int Width, int Height)
{
    /// <summary>Takes a box given by two corners in input pixels back to the image, clipped to it; empty when outside.</summary>
    public BoundingBox ToImage(float x1, float y1, float x2, float y2)
    {
        var left = Math.Clamp(Placement.ToImageX(x1), 0, Width);
        var top = Math.Clamp(Placement.ToImageY(y1), 0, Height);
        var right = Math.Clamp(Placement.ToImageX(x2), 0, Width);
        var bottom = Math.Clamp(Placement.ToImageY(y2), 0, Height);
        return right > left && bottom > top ? new BoundingBox(left, top, right - left, bottom - top) : default;
    }

    /// <summary>Takes a column of the image to the input.</summary>
    public float ToInputX(float x) => x * Placement.ScaleX + Placement.OffsetX;

    /// <summary>Takes a row of the image to the input.</summary>
    public float ToInputY(float y) => y * Placement.ScaleY + Placement.OffsetY;
}

/// <summary>
/// Turns a model's outputs into detections, one implementation for each family. Made once for a model, whose manifest it
/// checks; allocates nothing while it decodes. Not thread-safe. Every family's doubles are suppressed by the manifest's
/// overlap, also where the graph or the training has done so already: an overlap of 1 leaves it to them.
/// </summary>
internal interface IDetectionDecoder
{
    /// <summary>Where the coefficients of instance masks are; null if the model makes no masks.</summary>
    MaskCoefficients? Masks => null;

    /// <summary>Fills those inputs beside the image that are the same in every run; called once, before the first.</summary>
    void Prepare(OnnxModel model)
    {
    }

    /// <summary>
    /// Adds what is seen in one image of the last run, best first, down to the manifest's low score, doubles suppressed.
    /// </summary>
    /// <param name="model">The model that was run; its floating-point outputs hold only finite numbers.</param>
    /// <param name="item">Which image of the batch.</param>
    /// <param name="image">How that image lies in the input.</param>
    /// <param name="detections">Empty; receives the detections.</param>
    /// <exception cref="ModelException">An output holds something that is no detection.</exception>
    void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections);
}

/// <summary>The decoders of the families that detect objects.</summary>
internal static class DetectionDecoders
{
    /// <summary>The decoder of the manifest's family.</summary>
    /// <exception cref="ModelException">The family detects no objects, or an output is not one that it can read.</exception>
    public static IDetectionDecoder For(ModelManifest manifest) => manifest.Decoder switch
    {
        DecoderFamily.Centernet or DecoderFamily.YoloNms => new BoxRowDecoder(manifest),
        DecoderFamily.Yolo => new YoloDecoder(manifest),
        DecoderFamily.Detr => new DetrDecoder(manifest),
        DecoderFamily.RtDetr => manifest.Outputs.Count switch
        {
            1 or 2 => new RtDetrDecoder(manifest),
            3 => new DeployedRtDetrDecoder(manifest),
            _ => throw DecoderRules.Refusal(manifest, "the decoder rt_detr reads logits and boxes, or labels, boxes and scores, or boxes "
                                                      + $"with probabilities; the manifest names {manifest.Outputs.Count} outputs"),
        },
        DecoderFamily.BoxesLabelsScores => new BoxesLabelsScoresDecoder(manifest),
        DecoderFamily.OwlVit => new OwlVitDecoder(manifest),
        DecoderFamily.Blazeface => new BlazeFaceDecoder(manifest),
        _ => throw DecoderRules.Refusal(manifest, $"the decoder {manifest.Decoder.Name()} finds no objects; a detector is needed here"),
    };
}
