using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

/// <summary>
/// The graphs and expectations that reference_decoders.py writes; an image's grey value chooses the scene it shows.
/// </summary>
internal static class ReferenceModels
{
    public const int InputWidth = 96;
    public const int InputHeight = 64;
    public static readonly IReadOnlyList<string> Labels = ["cup", "bottle", "person", "dog"];
    public static readonly IReadOnlyList<string> Prompts = ["a red cup", "a bottle of water", "somebody"];
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vision", "Decoders", "Models");
    private static readonly Dictionary<string, ExpectedImage[]> Expected = ReadExpected();

    /// <summary>The prompts as reference_decoders.py has them: five tokens each.</summary>
    public static ReadOnlySpan<long> PromptIds => [7, 2, 8, 0, 0, 7, 5, 3, 8, 0, 7, 0, 8, 0, 0];

    public static IEnumerable<string> Names => [.. Expected.Keys, "detr_mask", "rtdetr_ultralytics", "rfdetr"];

    /// <summary>What the reference finds in each scene at each size of image under each fit.</summary>
    public static IReadOnlyList<ExpectedImage> Images(string name) => Expected[name switch
    {
        // Other forms of the same answers.
        "detr_mask" => "detr",
        "rtdetr_ultralytics" or "rfdetr" => "rtdetr",
        _ => name,
    }];

    /// <summary>The same, for one fit.</summary>
    public static IReadOnlyList<ExpectedImage> Images(string name, ImageFit fit) =>
        [.. Images(name).Where(image => image.Fit == fit)];

    public static ModelManifest Manifest(string name) => name switch
    {
        "yolov8" => Of(name, DecoderFamily.Yolo, [ImageTensor("images")], [Free("output0", 8, 40)]),
        "yolov8_half" =>
            Of(name, DecoderFamily.Yolo, [ImageTensor("images") with { Type = TensorType.Float16 }],
                [Free("output0", 8, 40) with { Type = TensorType.Float16 }]),
        "yolov5" => Of(name, DecoderFamily.Yolo, [ImageTensor("images")], [Free("output0", 40, 9)]),
        "yolov8_seg" =>
            Of(name, DecoderFamily.Yolo, [ImageTensor("images")],
                [Free("output0", 12, 40), Free("output1", 4, 16, 24)]),
        "yolov5_seg" =>
            Of(name, DecoderFamily.Yolo, [ImageTensor("images")],
                [Free("output0", 40, 13), Free("output1", 4, 16, 24)]),
        "yolo_nms" => Of(name, DecoderFamily.YoloNms, [ImageTensor("images")], [Free("output0", 20, 6)]),
        "yolo_nms_seg" =>
            Of(name, DecoderFamily.YoloNms, [ImageTensor("images")],
                [Free("output0", 20, 10), Free("output1", 4, 16, 24)]),
        "detr" =>
            Of(name, DecoderFamily.Detr, [ImageTensor("pixel_values")],
                [Free("logits", 25, 5), Free("pred_boxes", 25, 4)]),
        "detr_mask" => Of(name, DecoderFamily.Detr, [ImageTensor("pixel_values"), Ids("pixel_mask", 8, 8)],
            [Free("logits", 25, 5), Free("pred_boxes", 25, 4)]),
        "rtdetr" =>
            Of(name, DecoderFamily.RtDetr, [ImageTensor("pixel_values")],
                [Free("logits", 30, 4), Free("pred_boxes", 30, 4)]),
        "rtdetr_ultralytics" => Of(name, DecoderFamily.RtDetr, [ImageTensor("images")], [Free("output0", 30, 8)]),
        "rtdetr_deployed" => Of(name, DecoderFamily.RtDetr, [ImageTensor("images"), Ids("orig_target_sizes", 2)],
            [Free("labels", 24) with { Type = TensorType.Int64 }, Free("boxes", 24, 4), Free("scores", 24)]),
        "rfdetr" =>
            Of(name, DecoderFamily.RtDetr, [ImageTensor("input")], [Free("labels", 30, 4), Free("dets", 30, 4)]),
        "nanodet" => Of(name, DecoderFamily.Nanodet, [ImageTensor("data")],
            [
                Free("classes_8", 96, 4), Free("distances_8", 96, 32), Free("classes_16", 24, 4),
                Free("distances_16", 24, 32), Free("classes_32", 6, 4), Free("distances_32", 6, 32),
            ]),
        "nanodet_plus" => Of(name, DecoderFamily.Nanodet, [ImageTensor("data")], [Free("output", 128, 36)]),
        "owlvit" => Of(name, DecoderFamily.OwlVit,
            [
                TestModels.Tensor("pixel_values", 1, 3, InputHeight, InputWidth),
                TestModels.Tensor("input_ids", 5, 5) with { Type = TensorType.Int64 },
                TestModels.Tensor("attention_mask", 5, 5) with { Type = TensorType.Int64 },
            ],
            [TestModels.Tensor("logits", 1, 36, 5), TestModels.Tensor("pred_boxes", 1, 36, 4)]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such graph"),
    };

    public static OnnxModel Load(string name, ImageFit fit = ImageFit.Letterbox) =>
        Load(Manifest(name) with { Picture = new ImageManifest { Fit = fit } });

    public static OnnxModel Load(ModelManifest manifest) => OnnxModel.Load(manifest, Folder, TestModels.OneThread);

    /// <summary>A detector that knows what to look for.</summary>
    public static ObjectDetector Detector(OnnxModel model)
    {
        var detector = new ObjectDetector(model);
        detector.Prompts?.Set(Prompts, PromptIds);
        return detector;
    }

    /// <summary>A grey image that shows a scene.</summary>
    public static Frame Rent(FramePool pool, ExpectedImage image)
    {
        Assert.True(pool.TryRent(image.Width, image.Height, out var frame));
        frame.Pixels.Fill((byte)image.Scene);
        return frame;
    }

    private static ModelManifest Of(
        string name, DecoderFamily family, IReadOnlyList<TensorManifest> inputs,
        IReadOnlyList<TensorManifest> outputs) =>
        TestModels.Manifest($"{name}.onnx", Folder) with
        {
            Name = name,
            Decoder = family,
            Inputs = inputs,
            Outputs = outputs,
            Labels = family == DecoderFamily.OwlVit ? [] : Labels,
            Picture = new(),
            Thresholds = new(),
        };

    private static TensorManifest ImageTensor(string name) =>
        Profiled(name, TensorType.Float32, 3, InputHeight, InputWidth);

    private static TensorManifest Ids(string name, params int[] axes) => Profiled(name, TensorType.Int64, axes);

    private static TensorManifest Profiled(string name, TensorType type, params int[] axes) => Free(name, axes) with
    {
        Type = type,
        Profile = new TensorProfile { Min = [1, .. axes], Opt = [1, .. axes], Max = [4, .. axes] },
    };

    private static TensorManifest Free(string name, params int[] axes) => TestModels.Tensor(name, [-1, .. axes]);

    private static Dictionary<string, ExpectedImage[]> ReadExpected()
    {
        using var file = File.OpenRead(Path.Combine(Folder, "expected.json"));
        return JsonSerializer.Deserialize<Dictionary<string, ExpectedImage[]>>(file, JsonSerializerOptions.Web)!;
    }
}

/// <summary>What the reference finds in one scene shown by an image of one size, fitted into the input.</summary>
internal sealed record ExpectedImage(
    [property: JsonConverter(typeof(JsonStringEnumConverter))]
    ImageFit Fit, int Width, int Height, int Scene, IReadOnlyList<ExpectedDetection> Detections);

internal sealed record ExpectedDetection(int Label, float Score, float[] Box, ExpectedMask? Mask);

/// <summary>A mask's place in the image (x, y, width, height) and its bytes.</summary>
internal sealed record ExpectedMask(int[] Area, byte[] Values);
