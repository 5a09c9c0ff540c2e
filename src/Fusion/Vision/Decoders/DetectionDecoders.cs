using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>The decoders of the families that detect objects, one a row.</summary>
internal static class DetectionDecoders
{
    private static readonly Dictionary<DecoderFamily, Func<ModelManifest, IDetectionDecoder>> Rows = new()
    {
        { DecoderFamily.Centernet, manifest => new BoxRowDecoder(manifest) },
        { DecoderFamily.Yolo, manifest => new YoloDecoder(manifest) },
        { DecoderFamily.YoloNms, manifest => new BoxRowDecoder(manifest, mayHaveMasks: true) },
        { DecoderFamily.Nanodet, manifest => new NanodetDecoder(manifest) },
        { DecoderFamily.Detr, manifest => new DetrDecoder(manifest) },
        { DecoderFamily.RtDetr, OfRtDetr },
        { DecoderFamily.BoxesLabelsScores, manifest => new BoxesLabelsScoresDecoder(manifest) },
        { DecoderFamily.OwlVit, manifest => new OwlVitDecoder(manifest) },
        { DecoderFamily.Blazeface, manifest => new BlazeFaceDecoder(manifest) },
    };

    /// <summary>The families that detect objects.</summary>
    public static IReadOnlyCollection<DecoderFamily> Families => Rows.Keys;

    /// <summary>The decoder of the manifest's family.</summary>
    /// <exception cref="ModelException">
    /// The family detects no objects, or an output is not one that it can read.
    /// </exception>
    public static IDetectionDecoder For(ModelManifest manifest) => Rows.TryGetValue(manifest.Decoder, out var open)
        ? open(manifest)
        : throw DecoderRules.Refusal(
            manifest, $"the decoder {manifest.Family.Name} finds no objects; a detector is needed here");

    private static IDetectionDecoder OfRtDetr(ModelManifest manifest) => manifest.Outputs.Count switch
    {
        1 or 2 => new RtDetrDecoder(manifest),
        3 => new DeployedRtDetrDecoder(manifest),
        _ => throw DecoderRules.Refusal(
            manifest, "the decoder rt_detr reads logits and boxes, or labels, boxes and scores, or boxes with "
                      + $"probabilities; the manifest names {manifest.Outputs.Count} outputs"),
    };
}
