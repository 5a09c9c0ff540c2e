using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Decoders;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

/// <summary>The table of decoders opens each family that detects objects, and refuses each other one.</summary>
public class DetectionDecodersTests
{
    public static TheoryData<DecoderFamily> Detectors => [.. ObjectDetector.Families];

    public static TheoryData<DecoderFamily> Others =>
        [.. Enum.GetValues<DecoderFamily>().Except(ObjectDetector.Families)];

    [Theory]
    [MemberData(nameof(Detectors))]
    public void A_family_that_detects_objects_opens(DecoderFamily family)
    {
        var manifest = ManifestOf(family);
        Assert.Equal(family, manifest.Decoder);
        Assert.NotNull(DetectionDecoders.For(manifest));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_family_is_refused_by_its_name(DecoderFamily family)
    {
        var manifest = TestModels.Manifest() with { Decoder = family };
        Assert.Equal(
            $"model 'test' (detector.onnx): the decoder {ModelFamily.Of(family).Name} finds no objects; "
            + "a detector is needed here",
            Assert.Throws<ModelException>(() => DetectionDecoders.For(manifest)).Message);
    }

    private static ModelManifest ManifestOf(DecoderFamily family) => family switch
    {
        DecoderFamily.Centernet => TestModels.Manifest(),
        DecoderFamily.Yolo => ReferenceModels.Manifest("yolov8"),
        DecoderFamily.YoloNms => ReferenceModels.Manifest("yolo_nms_seg"),
        DecoderFamily.Nanodet => ReferenceModels.Manifest("nanodet"),
        DecoderFamily.Detr => ReferenceModels.Manifest("detr"),
        DecoderFamily.RtDetr => ReferenceModels.Manifest("rtdetr"),
        DecoderFamily.BoxesLabelsScores => TestModels.Manifest() with
        {
            Decoder = family,
            Outputs =
            [
                TestModels.Tensor("boxes", 3, 4), TestModels.Tensor("labels", 3), TestModels.Tensor("scores", 3),
            ],
        },
        DecoderFamily.OwlVit => ReferenceModels.Manifest("owlvit"),
        DecoderFamily.Blazeface => FetchedModels.Manifest("blazeface-front"),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "this detector has no manifest here yet"),
    };
}
