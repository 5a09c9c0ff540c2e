using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Runtime.Models.Inspection;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Models.Inspection;

public sealed class ModelInspectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Interfaces => new()
    {
        { "yolov8", "yolo [-1,3,640,640] -> [-1,84,8400] letterbox 80" },
        { "yolov8-free", "yolo [-1,3,320,416] -> [-1,7,320] letterbox 3" },
        { "yolov5", "yolo [1,3,640,640] -> [1,25200,85] letterbox 80" },
        { "yolov8-seg", "yolo [1,3,640,640] -> [1,116,8400] [1,32,160,160] letterbox 80" },
        { "yolov8-nms", "yolo_nms [1,3,640,640] -> [1,300,6] letterbox 2" },
        { "yolov8-nms-names", "yolo_nms [1,3,64,64] -> [1,300,6] letterbox 2" },
        { "yolov8-transposed", "yolo [1,3,64,64] -> [1,84,6] letterbox 2" },
        { "yolov8-transposed-three", "yolo [1,3,64,64] -> [1,84,7] letterbox 3" },
        { "yolov8-transposed-coco", "yolo [1,3,640,640] -> [1,8400,84] letterbox 80" },
        { "yolov5-one-class", "yolo [1,3,64,64] -> [1,252,6] letterbox 1" },
        { "yolov5-one-class-few", "yolo [1,3,64,64] -> [1,84,6] letterbox 1" },
        { "yolov8-transposed-free", "yolo [-1,3,64,64] -> [-1,84,6] letterbox 2" },
        { "yolov5-list", "yolo [1,3,64,64] -> [1,84,7] letterbox 2" },
        { "yolov8-square", "yolo [-1,3,96,96] -> [-1,6,189] letterbox 2" },
        { "extra-first", "yolo [1,3,64,64] -> [1,6,84] letterbox 2" },
        { "extra-last", "yolo [1,3,64,64] -> [1,6,84] letterbox 2" },
        { "extra-nameless", "yolo [1,3,640,640] -> [1,84,8400] letterbox 80" },
        { "extra-heads", "yolo [1,3,640,640] -> [1,25200,85] letterbox 80" },
        { "extra-masks", "yolo [1,3,640,640] -> [1,116,8400] [1,32,160,160] letterbox 80" },
        { "extra-detr", "detr [1,3,800,800] -> [1,100,92] [1,100,4] squash 91" },
        { "extra-classes", "classifier [-1,3,224,224] -> [-1,1000] crop 1000" },
        { "torchvision", "boxes_labels_scores [1,3,320,320] -> [-1,4] [-1] [-1] letterbox 91" },
        { "torchvision-numbered", "boxes_labels_scores [1,3,320,320] -> [-1,4] [-1] [-1] letterbox 91" },
        { "torchvision-masks", "boxes_labels_scores [1,3,320,320] -> [-1,4] [-1] [-1] letterbox 91" },
        { "ssd-tensorflow", "boxes_labels_scores [1,300,300,3] -> [1,100,4] [1,100] [1,100] [1] letterbox 91" },
        { "ssd-lite", "boxes_labels_scores [1,300,300,3] -> [1,10,4] [1,10] [1,10] [1] letterbox 90" },
        { "efficient-nms", "boxes_labels_scores [1,3,640,640] -> [1,100,4] [1,100] [1,100] [1,1] letterbox 91" },
        { "yolov8-cls", "classifier [1,3,224,224] -> [1,2] crop 2" },
        { "centernet", "centernet [-1,512,512,3] -> [-1,100,6] letterbox 80" },
        { "detr", "detr [1,3,800,800] -> [1,100,92] [1,100,4] squash 91" },
        { "rtdetr", "rt_detr [-1,3,640,640] -> [-1,300,80] [-1,300,4] squash 80" },
        { "rtdetr-deployed", "rt_detr [-1,3,640,640] -> [-1,300] [-1,300,4] [-1,300] squash 80" },
        { "rtdetr-ultralytics", "rt_detr [1,3,640,640] -> [1,300,84] squash 80" },
        { "rfdetr", "rt_detr [1,3,560,560] -> [1,300,91] [1,300,4] squash 91" },
        { "yolo26", "yolo_nms [1,3,640,640] -> [1,300,6] letterbox 80" },
        { "yolo26-seg", "yolo_nms [1,3,640,640] -> [1,300,38] [1,32,160,160] letterbox 80" },
        {
            "nanodet",
            "nanodet [-1,3,416,416] -> [-1,2704,80] [-1,676,80] [-1,169,80] [-1,2704,44] [-1,676,44] [-1,169,44] "
            + "letterbox 80"
        },
        { "nanodet-plus", "nanodet [1,3,320,320] -> [1,2125,112] letterbox 80" },
        { "owlvit", "owl_vit [1,3,768,768] -> [1,576,8] [1,576,4] squash 0" },
        { "resnet", "classifier [-1,3,224,224] -> [-1,1000] crop 1000" },
        { "bytes", "classifier [-1,224,224,3] -> [-1,10] crop 10" },
        { "movenet", "movenet [1,192,192,3] -> [1,1,17,3] letterbox 0" },
        { "blazeface", "blazeface [1,128,128,3] -> [1,512,1] [1,384,1] [1,512,16] [1,384,16] letterbox 0" },
        { "ppocr-det", "text_detection [1,3,-1,-1] -> [1,1,-1,-1] letterbox 0" },
        { "ppocr-rec", "text_recognition [-1,3,48,-1] -> [-1,-1,6625] corner 0" },
        { "clip-vision", "image_embedding [-1,3,224,224] -> [-1,512] crop 0" },
        { "clip-text", "text_embedding [-1,77] -> [-1,512] letterbox 0" },
    };

    [Theory]
    [MemberData(nameof(Interfaces))]
    public void The_family_and_the_tensors_are_told_from_the_file(string name, string expected)
    {
        var draft = Inspect(name);
        Assert.True(draft.IsSure);
        var manifest = draft.Manifest;
        var shapes = string.Join(' ', manifest.Outputs.Select(output => $"[{string.Join(',', output.Shape)}]"));
        Assert.Equal(expected,
            $"{Snake(manifest.Decoder)} [{string.Join(',', manifest.Inputs[0].Shape)}] -> {shapes} "
            + $"{Snake(manifest.Picture.Fit)} {manifest.Labels.Count}");
    }

    [Theory]
    [MemberData(nameof(Interfaces))]
    public void The_draft_is_read_back_as_it_was_meant_and_the_model_runs_with_it(string name, string expected)
    {
        _ = expected;
        var draft = Inspect(name);
        var manifest = YamlBinder.Read<ModelManifest>(_folder.Write($"{name}.yaml", draft.ToYaml()));
        Assert.Equal(Describe(draft.Manifest), Describe(manifest));
        using var model =
            OnnxModel.Load(manifest with { Providers = [ExecutionProvider.Cpu] }, _folder.Path, TestModels.OneThread);
        ModelTrial.Run(model);
    }

    [Fact]
    public void What_Ultralytics_notes_is_taken_over()
    {
        var manifest = Inspect("yolov8-free").Manifest;
        Assert.Equal(["cup", "driver's seat", "a \"b\""], manifest.Labels);
        Assert.Equal((114, ImageFit.Letterbox, ChannelOrder.Rgb),
            (manifest.Picture.Border, manifest.Picture.Fit, manifest.Picture.Channels));
        Assert.Equal([255, 255, 255], manifest.Picture.Std);
        Assert.Contains(
            "the size that the exporter noted; the model leaves height or width open, any multiple of 32 goes",
            Inspect("yolov8-free").ToYaml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_guess_is_marked_with_its_reason()
    {
        var text = Inspect("yolov5").ToYaml();
        Assert.StartsWith("# yaml-language-server: $schema=manifest.schema.json\n", text, StringComparison.Ordinal);
        Assert.Contains("licence: unknown  # EDIT: its SPDX expression", text, StringComparison.Ordinal);
        Assert.Contains("decoder: yolo  # its output has a row a box: 4 coordinates, an objectness, classes, as YOLOv5",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "# A GUESS: the file names no classes; these are COCO's, whose number fits\nlabels: [person, bicycle,",
            text, StringComparison.Ordinal);
        Assert.Contains("picture:  # CHECK: as Ultralytics trains", text, StringComparison.Ordinal);
        Assert.Contains("  border: 114", text, StringComparison.Ordinal);
        Assert.Contains("thresholds:\n  score: 0.3", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 130));
        Assert.Contains("EDIT: the file names no classes; write the names of all 1000 here", Inspect("resnet").ToYaml(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_detectors_own_file_gives_its_committed_manifest_but_for_what_only_people_know()
    {
        var committed = TestModels.CenterNetManifest();
        var models = Path.Combine(TestModels.Repository, "models");
        var drafted = ModelInspector.Inspect(Path.Combine(models, committed.File), models).Manifest;
        Assert.Equal(
            Describe(committed), Describe(drafted with { Source = committed.Source, Licence = committed.Licence }));
    }

    [Fact]
    public void A_file_outside_the_models_folder_is_named_alone_with_what_to_do()
    {
        var draft = ModelInspector.Inspect(Write("resnet"), "/somewhere/models");
        Assert.Equal("resnet.onnx", draft.Manifest.File);
        Assert.Contains("copy resnet.onnx into /somewhere/models", draft.ToYaml(), StringComparison.Ordinal);
        Assert.Equal("resnet.onnx", ModelInspector.Inspect(Write("resnet"), _folder.Path).Manifest.File);
    }

    [Fact]
    public void An_unknown_family_gets_the_nearest_and_is_said_to_be_none()
    {
        _folder.Write("odd.onnx", new OnnxGraph().Input("image", 1, 3, 32, 32).Output("depth", 1, 2, 32, 32).ToBytes());
        var draft = ModelInspector.Inspect(Path.Combine(_folder.Path, "odd.onnx"), _folder.Path);
        Assert.False(draft.IsSure);
        Assert.Contains(
            "EDIT, NO FAMILY FITS; this is only the nearest: no family has the outputs depth float32 [1, 2, 32, 32]",
            Unwrapped(draft), StringComparison.Ordinal);
        YamlBinder.Read<ModelManifest>(_folder.Write("odd.yaml", draft.ToYaml()));
    }

    public static TheoryData<string, string> Hopeless => new()
    {
        { "sound",
            "takes neither a picture of three channels nor words (input float32 [1, 512]; sr int64 [1]); no decoder "
            + "family reads it" },
        { "grey",
            "takes neither a picture of three channels nor words (image float32 [1, 1, 28, 28]); no decoder family "
            + "reads it" },
        { "batch8",
            "has the input image float32 [8, 3, 32, 32], a batch fixed to 8; export it with a batch of 1 or a free "
            + "one" },
        { "two", "takes 2 pictures; one is what a family takes" },
        { "doubles", "has the input image float64 [1, 3, 32, 32], which cannot be bound" },
        { "long", "has the input image int64 [1, 3, 32, 32], which no picture is prepared for" },
        { "weights", "keeps its weights in other files beside it; save it as one file" },
        { "nothing", "has no inputs" },
        { "grounding",
            "is an attention model that grounds commands; its intents and vocabulary do not stand in it, so copy "
            + "configs/models/grounding.yaml" },
    };

    [Theory]
    [MemberData(nameof(Hopeless))]
    public void What_no_family_could_read_is_refused_in_a_line(string name, string problem)
    {
        var path = Write(name);
        var e = Assert.Throws<ModelException>(() => ModelInspector.Inspect(path, _folder.Path));
        Assert.StartsWith($"{path}: {problem}", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    [Fact]
    public void How_boxes_are_given_and_from_what_classes_are_counted_is_a_guess_that_says_so()
    {
        var draft = Inspect("torchvision");
        Assert.Equal(("background", "person"), (draft.Manifest.Labels[0], draft.Manifest.Labels[1]));
        Assert.Equal(new BoxManifest(), draft.Manifest.Boxes);
        Assert.Contains(
            "A GUESS: the model counts its classes from 1, as Torchvision's, whose class 0 is the background; the "
            + "names are COCO's, since the file notes none",
            Unwrapped(draft), StringComparison.Ordinal);
        Assert.Contains("boxes:  # CHECK: as PyTorch's detectors give them\n  corners: xyxy\n  unit: pixels",
            draft.ToYaml(), StringComparison.Ordinal);
        var shares = new BoxManifest { Corners = BoxCorners.Yxyx, Unit = BoxUnit.Shares };
        Assert.Equal((shares, "background"),
            (Inspect("ssd-tensorflow").Manifest.Boxes, Inspect("ssd-tensorflow").Manifest.Labels[0]));
        Assert.Equal((shares, "person"), (Inspect("ssd-lite").Manifest.Boxes, Inspect("ssd-lite").Manifest.Labels[0]));
        Assert.Equal(["det_boxes", "det_classes", "det_scores", "num_dets"],
            Inspect("efficient-nms").Manifest.Outputs.Select(output => output.Name));
        Assert.Equal(
            ["3502", "3508", "3499"], Inspect("torchvision-numbered").Manifest.Outputs.Select(output => output.Name));
        Assert.Equal(
            ["", ":1", ":2", ":3"],
            Inspect("ssd-lite").Manifest.Outputs.Select(output =>
                output.Name["TFLite_Detection_PostProcess".Length..]));
    }

    [Theory]
    [InlineData("", 0, 0.9f, 20, "person, bicycle", BoxUnit.Pixels,
        "counts its classes from 0, since one run answered with class 0; the names are COCO's")]
    [InlineData("", 3, 0.9f, 0.9f, "background, person", BoxUnit.Shares, "counts its classes from 1, as Torchvision's")]
    [InlineData("", 0, 0, 0.9f, "background, person", BoxUnit.Pixels, "counts its classes from 1, as Torchvision's")]
    [InlineData("['cup', 'mug']", 0, 0.9f, 20, "cup, mug", BoxUnit.Pixels,
        "counts its classes from 0, since one run answered with class 0")]
    [InlineData("['cup', 'mug']", 2, 0.9f, 20, "background, cup", BoxUnit.Pixels,
        "counts its classes from 1, since one run answered with class 2")]
    [InlineData("['__background__', 'cup']", 1, 0.9f, 20, "__background__, cup", BoxUnit.Pixels,
        "counts its classes from 1, as Torchvision's")]
    public void What_names_do_not_tell_of_picked_boxes_one_run_tells(
        string names, long label, float score, float right, string labels, BoxUnit unit, string why)
    {
        var graph = new OnnxGraph().Input("images", 1, 3, 32, 32)
            .Answer("boxes", 1, ["k", 4], [1, 4], Floats(0.1f, 0.1f, right, right))
            .Answer("labels", 7, ["l"], [1], BitConverter.GetBytes(label))
            .Answer("scores", 1, ["m"], [1], Floats(score));
        if (names.Length > 0) graph.Metadata("names", names);
        var draft = ModelInspector.Inspect(_folder.Write("picked.onnx", graph.ToBytes()), _folder.Path);
        Assert.Equal((labels, unit), (string.Join(", ", draft.Manifest.Labels.Take(2)), draft.Manifest.Boxes.Unit));
        Assert.Contains(why, Unwrapped(draft), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_outputs_that_no_name_and_no_type_tells_apart_the_one_of_whole_numbers_holds_the_classes()
    {
        var graph = new OnnxGraph().Input("images", 1, 3, 32, 32)
            .Answer("a", 1, [1, 2, 4], [1, 2, 4], Floats(0, 0, 1, 1, 0, 0, 1, 1))
            .Answer("b", 1, [1, 2], [1, 2], Floats(0.9f, 0.4f)).Answer("c", 1, [1, 2], [1, 2], Floats(3, 1));
        var draft = ModelInspector.Inspect(_folder.Write("picked.onnx", graph.ToBytes()), _folder.Path);
        Assert.Equal(["a", "c", "b"], draft.Manifest.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void Names_that_cannot_be_read_are_not_said_to_be_none() => Assert.Contains(
        "A GUESS: what the file notes as names cannot be read; these are COCO's, whose number fits",
        Unwrapped(
            ModelInspector.Inspect(
                _folder.Write("odd.onnx", Noted("{0: 'cup', 2: 'mug'}", "640").Input("images", 1, 3, 640, 640)
            .Output("output0", 1, 84, 8400).ToBytes()), _folder.Path)), StringComparison.Ordinal);

    [Property(MaxTest = 80, Replay = "17,31")]
    public void Whatever_a_file_names_its_tensors_and_classes_the_draft_reads_back(
        string tensor, string first, string second)
    {
        if (string.IsNullOrEmpty(tensor)) return;
        static string Python(string? text) =>
            (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        var path = _folder.Write("any.onnx", new OnnxGraph().Input(tensor, 1, 3, 32, 32).Output("output0", 1, 6, 100)
            .Metadata("names", $"{{0: '{Python(first)}', 1: '{Python(second)}'}}").Metadata(tensor, first ?? "")
            .ToBytes());
        var draft = ModelInspector.Inspect(path, _folder.Path);
        var manifest = YamlBinder.Read<ModelManifest>(_folder.Write("any.yaml", draft.ToYaml()));
        Assert.Equal(Describe(draft.Manifest), Describe(manifest));
    }

    public void Dispose() => _folder.Dispose();

    private ManifestDraft Inspect(string name) => ModelInspector.Inspect(Write(name), _folder.Path);

    private string Write(string name) => _folder.Write($"{name}.onnx", Graph(name).ToBytes());

    private static OnnxGraph Graph(string name) => name switch
    {
        "grounding" => new OnnxGraph()
            .TypedInput(6, "words", 1, "words", 40).TypedInput(6, "region_names", 1, "regions", 40)
            .Input("regions", 1, "regions", 29)
            .TypedInput(6, "sound_names", 1, "sounds", 40).Input("sounds", 1, "sounds", 5)
            .Input("word_mask", 1, "words").Input("region_mask", 1, "regions").Input("sound_mask", 1, "sounds")
            .Input("quality", 1, 3)
            .Output("referents", 1, 3, "regions"),
        "yolov8" => new OnnxGraph().Input("images", "batch", 3, 640, 640).Output("output0", "batch", 84, 8400),
        "yolov8-free" => Noted("{0: 'cup', 1: \"driver's seat\", 2: 'a \"b\"'}", "[320, 416]")
            .Input("images", "batch", 3, "height", "width").Output("output0", "batch", 7, "height"),
        "yolov5" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 25200, 85),
        "yolov8-seg" =>
            new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 116, 8400)
                .Output("output1", 1, 32, 160, 160),
        "yolov8-nms" =>
            Noted("{0: 'cup', 1: 'mug'}", "[640, 640]").Input("images", 1, 3, 640, 640).Output("output0", 1, 300, 6),
        "yolov8-nms-names" => Small("{0: 'cup', 1: 'mug'}").Output("output0", 1, 300, 6),
        "yolov8-transposed" => Small("{0: 'cup', 1: 'mug'}").Output("output0", 1, 84, 6),
        "yolov8-transposed-three" => Small("{0: 'cup', 1: 'mug', 2: 'jug'}").Output("output0", 1, 84, 7),
        "yolov8-transposed-coco" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 8400, 84),
        "yolov5-one-class" => Small("['cup']").Output("output0", 1, 252, 6),
        "yolov5-one-class-few" => Small("['cup']").Output("output0", 1, 84, 6),
        "yolov8-transposed-free" =>
            Noted("['cup', 'mug']", "(64,)").Input("images", "b", 3, "h", "w").Output("output0", "b", 84, 6),
        "yolov5-list" => Small("['cup', 'mug']").Output("output0", 1, 84, 7),
        "yolov8-square" =>
            Noted("['cup', 'mug']", "96").Input("images", "b", 3, "h", "w").Output("output0", "b", 6, 189),
        "extra-first" => Small("['cup', 'mug']").Output("p3", 1, 66, 8, 8).Output("output0", 1, 6, 84),
        "extra-last" => Small("['cup', 'mug']").Output("output0", 1, 6, 84).Output("feat", 1, 16, 16, 16),
        "extra-nameless" =>
            new OnnxGraph().Input("images", 1, 3, 640, 640).Output("p3", 1, 144, 80, 80).Output("output0", 1, 84, 8400),
        "extra-heads" =>
            new OnnxGraph().Input("images", 1, 3, 640, 640).Output("341", 1, 3, 80, 80, 85)
                .Output("output", 1, 25200, 85),
        "extra-masks" =>
            new OnnxGraph().Input("images", 1, 3, 640, 640).Output("p5", 1, 512, 20, 20).Output("output0", 1, 116, 8400)
            .Output("output1", 1, 32, 160, 160),
        "extra-detr" => new OnnxGraph().Input("pixel_values", 1, 3, 800, 800).Output("last_hidden_state", 1, 100, 256)
            .Output("pred_boxes", 1, 100, 4).Output("logits", 1, 100, 92),
        "extra-classes" =>
            new OnnxGraph().Input("data", "N", 3, 224, 224).Output("features", "N", 2048).Output("logits", "N", 1000),
        "torchvision" => Torchvision("boxes", "labels", "scores"),
        "torchvision-numbered" => Torchvision("3502", "3508", "3499"),
        "torchvision-masks" => Torchvision("boxes", "labels", "scores", masks: true),
        "ssd-tensorflow" =>
            new OnnxGraph().TypedInput(2, "input_tensor:0", 1, 300, 300, 3).Output("detection_anchor_indices:0", 1, 100)
            .Output("detection_boxes:0", 1, 100, 4).Output("detection_classes:0", 1, 100)
            .Output("detection_multiclass_scores:0", 1, 100, 91)
            .Output("detection_scores:0", 1, 100).Output("num_detections:0", 1)
            .Output("raw_detection_boxes:0", 1, 1917, 4).Output("raw_detection_scores:0", 1, 1917, 91),
        "ssd-lite" =>
            new OnnxGraph().Input("normalized_input", 1, 300, 300, 3).Output("TFLite_Detection_PostProcess", 1, 10, 4)
            .Output("TFLite_Detection_PostProcess:1", 1, 10).Output("TFLite_Detection_PostProcess:2", 1, 10)
            .Output("TFLite_Detection_PostProcess:3", 1),
        "efficient-nms" =>
            new OnnxGraph().Input("images", 1, 3, 640, 640).TypedOutput(6, "num_dets", 1, 1)
                .Output("det_boxes", 1, 100, 4)
            .Output("det_scores", 1, 100).TypedOutput(6, "det_classes", 1, 100),
        "yolov8-cls" =>
            Noted("{0: 'cup', 1: 'mug'}", "[224, 224]").Input("images", 1, 3, 224, 224).Output("output0", 1, 2),
        "centernet" => new OnnxGraph().Input("images", "n", 512, 512, 3).Output("detections", "n", 100, 6),
        "detr" =>
            new OnnxGraph().Input("pixel_values", 1, 3, 800, 800).Output("logits", 1, 100, 92)
                .Output("pred_boxes", 1, 100, 4),
        "rtdetr" =>
            new OnnxGraph().Input("pixel_values", "n", 3, 640, 640).Output("logits", "n", 300, 80)
                .Output("pred_boxes", "n", 300, 4),
        "rtdetr-deployed" =>
            new OnnxGraph().Input("images", "N", 3, 640, 640).TypedInput(7, "orig_target_sizes", "N", 2)
            .TypedOutput(7, "labels", "N", 300).Output("boxes", "N", 300, 4).Output("scores", "N", 300),
        "rtdetr-ultralytics" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 300, 84),
        "rfdetr" =>
            new OnnxGraph().Input("input", 1, 3, 560, 560).Output("dets", 1, 300, 4).Output("labels", 1, 300, 91),
        "yolo26" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 300, 6),
        "yolo26-seg" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 300, 38)
            .Output("output1", 1, 32, 160, 160),
        "nanodet" => new OnnxGraph().Input("input", "n", 3, 416, 416)
            .Output("cls_pred_stride_8", "n", 2704, 80).Output("dis_pred_stride_8", "n", 2704, 44)
            .Output("cls_pred_stride_16", "n", 676, 80).Output("dis_pred_stride_16", "n", 676, 44)
            .Output("cls_pred_stride_32", "n", 169, 80).Output("dis_pred_stride_32", "n", 169, 44),
        "nanodet-plus" => new OnnxGraph().Input("data", 1, 3, 320, 320).Output("output", 1, 2125, 112),
        "owlvit" =>
            new OnnxGraph().TypedInput(7, "input_ids", "text", "sequence").Input("pixel_values", "image", 3, 768, 768)
                .TypedInput(7, "attention_mask", "text", "sequence")
            .Output("logits", "image", 576, "text").Output("pred_boxes", "image", 576, 4)
            .Output("text_embeds", "image", "text", 512),
        "resnet" => new OnnxGraph().Input("data", "N", 3, 224, 224).Output("logits", "N", 1000),
        "bytes" => new OnnxGraph().TypedInput(2, "image", "N", 224, 224, 3).Output("probs", "N", 10),
        "movenet" => new OnnxGraph().TypedInput(6, "input", 1, 192, 192, 3).Output("output_0", 1, 1, 17, 3),
        "blazeface" => new OnnxGraph().Input("input:0", 1, 128, 128, 3).Output("r0", 1, 512, 16).Output("c0", 1, 512, 1)
            .Output("r1", 1, 384, 16).Output("c1", 1, 384, 1),
        "ppocr-det" => new OnnxGraph().Input("x", "n", 3, "h", "w").Output("sigmoid_0.tmp_0", "n", 1, "h", "w"),
        "ppocr-rec" => new OnnxGraph().Input("x", "n", 3, 48, "w").Output("softmax_2.tmp_0", "n", "t", 6625),
        "clip-vision" =>
            new OnnxGraph().Input("pixel_values", "n", 3, 224, 224).Output("last_hidden_state", "n", 50, 768)
                .Output("image_embeds", "n", 512),
        "clip-text" =>
            new OnnxGraph().TypedInput(7, "input_ids", "n", "length").TypedInput(7, "attention_mask", "n", "length")
                .Output("text_embeds", "n", 512),
        "sound" => new OnnxGraph().Input("input", 1, 512).TypedInput(7, "sr", 1).Output("y", 1, 1),
        "grey" => new OnnxGraph().Input("image", 1, 1, 28, 28).Output("y", 1, 10),
        "batch8" => new OnnxGraph().Input("image", 8, 3, 32, 32).Output("y", 8, 10),
        "two" => new OnnxGraph().Input("left", 1, 3, 32, 32).Input("right", 1, 3, 32, 32).Output("y", 1, 10),
        "long" => new OnnxGraph().TypedInput(7, "image", 1, 3, 32, 32).Output("y", 1, 10),
        "weights" =>
            new OnnxGraph().Input("image", 1, 3, 32, 32).Output("y", 1, 10)
                .Weight("w", 1, [1], [0, 0, 0, 0], isExternal: true),
        "doubles" => new OnnxGraph().TypedInput(11, "image", 1, 3, 32, 32).Output("y", 1, 10),
        _ => new OnnxGraph().Output("y", 1, 10),
    };

    // Nobody can tell how many boxes there are before a run.
    private static OnnxGraph Torchvision(string boxes, string labels, string scores, bool masks = false)
    {
        var graph = new OnnxGraph().Input("images", 1, 3, 320, 320);
        if (masks) graph.Answer("masks", 1, ["m", 1, 320, 320], [1, 1, 320, 320], new byte[409_600]);
        return graph.Answer(scores, 1, ["k"], [1], new byte[4]).Answer(boxes, 1, ["l", 4], [1, 4], new byte[16])
            .Answer(labels, 7, ["n"], [1], new byte[8]);
    }

    private static OnnxGraph Small(string names) => Noted(names, "[64, 64]").Input("images", 1, 3, 64, 64);

    private static OnnxGraph Noted(string names, string size) => new OnnxGraph()
        .Metadata("task", "detect").Metadata("stride", "32").Metadata("imgsz", size).Metadata("names", names);

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static string Describe(ModelManifest manifest) => string.Join('\n', Lines(manifest));

    private static IEnumerable<string> Lines(ModelManifest m)
    {
        yield return $"{m.Name} {m.File} {m.Sha256} {m.Source} {m.Licence} {m.Decoder} {m.Thresholds}";
        foreach (var tensor in m.Inputs.Concat(m.Outputs))
        {
            yield return $"{tensor.Name} {tensor.Type} {string.Join(',', tensor.Shape)} "
                + $"{string.Join(',', tensor.Profile?.Min ?? [])} "
                         + $"{string.Join(',', tensor.Profile?.Opt ?? [])} "
                         + $"{string.Join(',', tensor.Profile?.Max ?? [])}";
        }

        yield return $"{m.Picture.Layout} {m.Picture.Channels} {m.Picture.Fit} {m.Picture.Sampling} "
            + $"{m.Picture.Border} {string.Join(',', m.Picture.Mean)} {string.Join(',', m.Picture.Std)}";
        yield return $"{string.Join(',', m.Labels)} {string.Join(',', m.Providers)} {m.Boxes}";
    }

    private static string Unwrapped(ManifestDraft draft) =>
        draft.ToYaml().Replace("\n# ", " ", StringComparison.Ordinal);

    private static string Snake<T>(T member) where T : Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());
}
