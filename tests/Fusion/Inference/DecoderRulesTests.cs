using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Vision.Decoders;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>What each family refuses, in one line that names model, file, tensor and rule.</summary>
public sealed class DecoderRulesTests : IDisposable
{
    private readonly FramePool _pool = new(1);

    public static TheoryData<string, int, int[], string> Shapes => new()
    {
        { "yolov8_seg", 0, [-1, 8, 40],
            "[-1, 8, 40]; the decoder yolo reads [n, 12, rows] or [n, rows, 12] (4 + 4 labels + 4 mask coefficients) "
            + "or, with an objectness, [n, rows, 13] (5 + 4 labels + 4 mask coefficients), only n may be free" },
        { "yolov8_seg", 1, [-1, 4, 24],
            "[-1, 4, 24]; the decoder yolo reads [n, masks, height, width], only n may be free" },
        { "yolo_nms", 0, [-1, 20, 7], "[-1, 20, 7]; the decoder yolo_nms reads [n, rows, 6], only n may be free" },
        { "yolo_nms_seg", 0, [-1, 20, 6],
            "[-1, 20, 6]; the decoder yolo_nms reads [n, rows, 10] (6 + 4 mask coefficients), only n may be free" },
        { "detr", 0, [-1, 25, 4],
            "[-1, 25, 4]; the decoder detr reads [n, queries, 5] (4 labels + no object), only n may be free" },
        { "detr", 1, [-1, 24, 4], "[-1, 24, 4]; the decoder detr reads [n, 25, 4], only n may be free" },
        { "rtdetr", 0, [-1, 30, 5],
            "[-1, 30, 5]; the decoder rt_detr reads [n, queries, 4], one for each label, only n may be free" },
        { "rtdetr", 1, [-1, 30, 5], "[-1, 30, 5]; the decoder rt_detr reads [n, 30, 4], only n may be free" },
        { "rtdetr_ultralytics", 0, [-1, 30, 4],
            "[-1, 30, 4]; the decoder rt_detr reads [n, queries, 8] (4 + 4 labels), only n may be free" },
        { "rtdetr_deployed", 0, [-1, -1], "[-1, -1]; the decoder rt_detr reads [n, k] of labels, only n may be free" },
        { "rtdetr_deployed", 1, [-1, 24, 5], "[-1, 24, 5]; the decoder rt_detr reads [n, 24, 4], only n may be free" },
        { "rtdetr_deployed", 2, [-1, 23], "[-1, 23]; the decoder rt_detr reads [n, 24] of scores, only n may be free" },
        { "owlvit", 0, [1, 36, 4],
            "[1, 36, 4]; the decoder owl_vit reads [n, boxes, 5], one for each of the 5 words of input 'input_ids', "
            + "only n may be free" },
        { "owlvit", 1, [1, 36, 5], "[1, 36, 5]; the decoder owl_vit reads [n, 36, 4], only n may be free" },
    };

    public void Dispose() => _pool.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_output_of_another_shape_is_refused(string name, int index, int[] shape, string rule)
    {
        var manifest = ReferenceModels.Manifest(name);
        var outputs = manifest.Outputs.ToArray();
        outputs[index] = outputs[index] with { Shape = shape };
        Assert.Equal($"model '{name}' ({name}.onnx): output '{outputs[index].Name}' has shape {rule}",
            Refusal(manifest with { Outputs = outputs }));
    }

    [Theory]
    [InlineData(
        "yolov8", 0, TensorType.Int64, "output 'output0' is int64; the decoder yolo reads float32 or float16 there")]
    [InlineData(
        "rtdetr_deployed", 0, TensorType.Float32, "output 'labels' is float32; the decoder rt_detr reads int64 there")]
    [InlineData("owlvit", 1, TensorType.Uint8,
        "output 'pred_boxes' is uint8; the decoder owl_vit reads float32 or float16 there")]
    public void An_output_of_another_type_is_refused(string name, int index, TensorType type, string rule)
    {
        var manifest = ReferenceModels.Manifest(name);
        var outputs = manifest.Outputs.ToArray();
        outputs[index] = outputs[index] with { Type = type };
        Assert.Equal($"model '{name}' ({name}.onnx): {rule}", Refusal(manifest with { Outputs = outputs }));
    }

    [Theory]
    [InlineData("yolov8",
        "the decoder yolo reads the outputs boxes and, where it has them, mask prototypes; the manifest names 4")]
    [InlineData("yolo_nms",
        "the decoder yolo_nms reads the outputs boxes and, where it has them, mask prototypes; the manifest names 4")]
    [InlineData("detr", "the decoder detr reads the outputs logits, boxes; the manifest names 4")]
    [InlineData(
        "rtdetr",
        "the decoder rt_detr reads logits and boxes, or labels, boxes and scores, or boxes with probabilities; the "
        + "manifest names 4 outputs")]
    [InlineData("owlvit", "the decoder owl_vit reads the outputs logits, boxes; the manifest names 4")]
    public void Another_number_of_outputs_is_refused(string name, string rule)
    {
        var manifest = ReferenceModels.Manifest(name);
        Assert.Equal($"model '{name}' ({name}.onnx): {rule}",
            Refusal(manifest with { Outputs = [.. Enumerable.Repeat(manifest.Outputs[0], 4)] }));
    }

    [Theory]
    [InlineData("yolov8", "the decoder yolo fills the picture alone, not the input 'pixel_mask'")]
    [InlineData("yolo_nms", "the decoder yolo_nms fills the picture alone, not the input 'pixel_mask'")]
    [InlineData("rtdetr", "the decoder rt_detr fills the picture alone, not the input 'pixel_mask'")]
    public void An_input_beside_the_picture_that_nobody_would_fill_is_refused(string name, string rule)
    {
        var manifest = ReferenceModels.Manifest(name);
        Assert.Equal($"model '{name}' ({name}.onnx): {rule}",
            Refusal(manifest with { Inputs = [manifest.Inputs[0], TestModels.Tensor("pixel_mask", 1, 8, 8)] }));
    }

    [Fact]
    public void Inputs_of_another_kind_than_the_family_fills_are_refused()
    {
        var detr = ReferenceModels.Manifest("detr_mask");
        Assert.EndsWith("export the model without other inputs",
            Refusal(detr with { Inputs = [detr.Inputs[0], detr.Inputs[1] with { Type = TensorType.Bool }] }));
        var deployed = ReferenceModels.Manifest("rtdetr_deployed");
        Assert.EndsWith("needs two inputs, the picture and its size [n, 2] of int64",
            Refusal(deployed with { Inputs = [deployed.Inputs[0]] }));
        var owl = ReferenceModels.Manifest("owlvit");
        Assert.EndsWith("one picture, token ids [words, length] and their attention mask, both int64",
            Refusal(owl with
            {
                Inputs = [owl.Inputs[0], owl.Inputs[1],
                    TestModels.Tensor("attention_mask", 5, 4) with { Type = TensorType.Int64 }],
            }));
        Assert.Contains("needs three inputs without free axes",
            Refusal(owl with
            {
                Inputs = [TestModels.Tensor("pixel_values", -1, 3, 64, 96), owl.Inputs[1], owl.Inputs[2]],
            }));
    }

    [Theory]
    [InlineData("yolo_nms")]
    [InlineData("rtdetr_deployed")]
    public void A_class_beyond_the_labels_is_told(string name)
    {
        using var model = ReferenceModels.Load(ReferenceModels.Manifest(name) with { Labels = ["cup"] });
        var detector = new ObjectDetector(model);
        using var frame = ReferenceModels.Rent(_pool, ReferenceModels.Images(name)[0]);
        var message = Assert.Throws<ModelException>(() => detector.Detect(frame)).Message;
        Assert.StartsWith(
            $"model '{name}' ({name}.onnx): output '{model.Manifest.Outputs[0].Name}' holds a row that is no "
            + "detection (score ", message);
        Assert.EndsWith("there are 1 labels)", message);
    }

    [Fact]
    public void A_family_that_finds_no_objects_is_no_detector() => Assert.Contains(
        "finds no objects", Refusal(ReferenceModels.Manifest("yolov8") with { Decoder = DecoderFamily.Movenet }));

    private static string Refusal(ModelManifest manifest) =>
        Assert.Throws<ModelException>(() => DetectionDecoders.For(manifest)).Message;
}
