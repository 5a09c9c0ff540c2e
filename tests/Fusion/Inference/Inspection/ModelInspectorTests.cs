using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Inspection;
using EdgePerception.Fusion.Preprocessing;
using EdgePerception.Tests.Support;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Inference.Inspection;

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
        { "yolov8-cls", "classifier [1,3,224,224] -> [1,2] crop 2" },
        { "centernet", "centernet [-1,512,512,3] -> [-1,100,6] letterbox 80" },
        { "detr", "detr [1,3,800,800] -> [1,100,92] [1,100,4] squash 91" },
        { "rtdetr", "rt_detr [-1,3,640,640] -> [-1,300,80] [-1,300,4] squash 80" },
        { "rtdetr-deployed", "rt_detr [-1,3,640,640] -> [-1,300] [-1,300,4] [-1,300] squash 80" },
        { "rtdetr-ultralytics", "rt_detr [1,3,640,640] -> [1,300,84] squash 80" },
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
            $"{Snake(manifest.Decoder)} [{string.Join(',', manifest.Inputs[0].Shape)}] -> {shapes} {Snake(manifest.Picture.Fit)} {manifest.Labels.Count}");
    }

    [Theory]
    [MemberData(nameof(Interfaces))]
    public void The_draft_is_read_back_as_it_was_meant_and_the_model_runs_with_it(string name, string expected)
    {
        _ = expected;
        var draft = Inspect(name);
        var manifest = ModelManifest.Read(_folder.Write($"{name}.yaml", draft.ToYaml()));
        Assert.Equal(Describe(draft.Manifest), Describe(manifest));
        using var model = OnnxModel.Load(manifest with { Providers = [ExecutionProvider.Cpu] }, _folder.Path, TestModels.OneThread);
        ModelTrial.Run(model);
    }

    [Fact]
    public void What_Ultralytics_notes_is_taken_over()
    {
        var manifest = Inspect("yolov8-free").Manifest;
        Assert.Equal(["cup", "driver's seat", "a \"b\""], manifest.Labels);
        Assert.Equal((114, PictureFit.Letterbox, ChannelOrder.Rgb), (manifest.Picture.Border, manifest.Picture.Fit, manifest.Picture.Channels));
        Assert.Equal([255, 255, 255], manifest.Picture.Std);
        Assert.Contains("the size that the exporter noted; the model leaves height or width open, any multiple of 32 goes",
            Inspect("yolov8-free").ToYaml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_guess_is_marked_with_its_reason()
    {
        var text = Inspect("yolov5").ToYaml();
        Assert.StartsWith("# yaml-language-server: $schema=manifest.schema.json\n", text, StringComparison.Ordinal);
        Assert.Contains("licence: unknown  # EDIT: its SPDX expression", text, StringComparison.Ordinal);
        Assert.Contains("decoder: yolo  # its output has a row a box: 4 coordinates, an objectness, classes, as YOLOv5", text, StringComparison.Ordinal);
        Assert.Contains("# A GUESS: the file names no classes; these are COCO's, whose number fits\nlabels: [person, bicycle,", text, StringComparison.Ordinal);
        Assert.Contains("picture:  # CHECK: as Ultralytics trains", text, StringComparison.Ordinal);
        Assert.Contains("  border: 114", text, StringComparison.Ordinal);
        Assert.Contains("thresholds:\n  score: 0.3", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 130));
        Assert.Contains("EDIT: the file names no classes; write the names of all 1000 here", Inspect("resnet").ToYaml(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_detectors_own_file_gives_its_committed_manifest_but_for_what_only_people_know()
    {
        var committed = TestModels.CenterNetManifest();
        var models = Path.Combine(TestModels.Repository, "models");
        var drafted = ModelInspector.Inspect(Path.Combine(models, committed.File), models).Manifest;
        Assert.Equal(Describe(committed), Describe(drafted with { Source = committed.Source, Licence = committed.Licence }));
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
        Assert.Contains("EDIT, NO FAMILY FITS; this is only the nearest: no family has the outputs depth float32 [1, 2, 32, 32]", Unwrapped(draft), StringComparison.Ordinal);
        ModelManifest.Read(_folder.Write("odd.yaml", draft.ToYaml()));
    }

    public static TheoryData<string, string> Hopeless => new()
    {
        { "sound", "takes neither a picture of three channels nor words (input float32 [1, 512]; sr int64 [1]); no decoder family reads it" },
        { "grey", "takes neither a picture of three channels nor words (image float32 [1, 1, 28, 28]); no decoder family reads it" },
        { "batch8", "has the input image float32 [8, 3, 32, 32], a batch fixed to 8; export it with a batch of 1 or a free one" },
        { "two", "takes 2 pictures; one is what a family takes" },
        { "doubles", "has the input image float64 [1, 3, 32, 32], which cannot be bound" },
        { "nothing", "has no inputs" },
        { "grounding", "is an attention model that grounds commands; its intents and vocabulary do not stand in it, so copy configs/models/grounding.yaml" },
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

    [Property(MaxTest = 80, Replay = "17,31")]
    public void Whatever_a_file_names_its_tensors_and_classes_the_draft_reads_back(string tensor, string first, string second)
    {
        if (string.IsNullOrEmpty(tensor)) return;
        static string Python(string? text) => (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        var path = _folder.Write("any.onnx", new OnnxGraph().Input(tensor, 1, 3, 32, 32).Output("output0", 1, 6, 100)
            .Metadata("names", $"{{0: '{Python(first)}', 1: '{Python(second)}'}}").Metadata(tensor, first ?? "").ToBytes());
        var draft = ModelInspector.Inspect(path, _folder.Path);
        var manifest = ModelManifest.Read(_folder.Write("any.yaml", draft.ToYaml()));
        Assert.Equal(Describe(draft.Manifest), Describe(manifest));
    }

    public void Dispose() => _folder.Dispose();

    private ManifestDraft Inspect(string name) => ModelInspector.Inspect(Write(name), _folder.Path);

    private string Write(string name) => _folder.Write($"{name}.onnx", Graph(name).ToBytes());

    private static OnnxGraph Graph(string name) => name switch
    {
        "grounding" => new OnnxGraph()
            .TypedInput(6, "words", 1, "words", 40).TypedInput(6, "region_names", 1, "regions", 40).Input("regions", 1, "regions", 29)
            .TypedInput(6, "sound_names", 1, "sounds", 40).Input("sounds", 1, "sounds", 5)
            .Input("word_mask", 1, "words").Input("region_mask", 1, "regions").Input("sound_mask", 1, "sounds").Input("quality", 1, 3)
            .Output("referents", 1, 3, "regions"),
        "yolov8" => new OnnxGraph().Input("images", "batch", 3, 640, 640).Output("output0", "batch", 84, 8400),
        "yolov8-free" => Noted("{0: 'cup', 1: \"driver's seat\", 2: 'a \"b\"'}", "[320, 416]")
            .Input("images", "batch", 3, "height", "width").Output("output0", "batch", 7, "height"),
        "yolov5" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 25200, 85),
        "yolov8-seg" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 116, 8400).Output("output1", 1, 32, 160, 160),
        "yolov8-nms" => Noted("{0: 'cup', 1: 'mug'}", "[640, 640]").Input("images", 1, 3, 640, 640).Output("output0", 1, 300, 6),
        "yolov8-cls" => Noted("{0: 'cup', 1: 'mug'}", "[224, 224]").Input("images", 1, 3, 224, 224).Output("output0", 1, 2),
        "centernet" => new OnnxGraph().Input("images", "n", 512, 512, 3).Output("detections", "n", 100, 6),
        "detr" => new OnnxGraph().Input("pixel_values", 1, 3, 800, 800).Output("logits", 1, 100, 92).Output("pred_boxes", 1, 100, 4),
        "rtdetr" => new OnnxGraph().Input("pixel_values", "n", 3, 640, 640).Output("logits", "n", 300, 80).Output("pred_boxes", "n", 300, 4),
        "rtdetr-deployed" => new OnnxGraph().Input("images", "N", 3, 640, 640).TypedInput(7, "orig_target_sizes", "N", 2)
            .TypedOutput(7, "labels", "N", 300).Output("boxes", "N", 300, 4).Output("scores", "N", 300),
        "rtdetr-ultralytics" => new OnnxGraph().Input("images", 1, 3, 640, 640).Output("output0", 1, 300, 84),
        "owlvit" => new OnnxGraph().TypedInput(7, "input_ids", "text", "sequence").Input("pixel_values", "image", 3, 768, 768).TypedInput(7, "attention_mask", "text", "sequence")
            .Output("logits", "image", 576, "text").Output("pred_boxes", "image", 576, 4).Output("text_embeds", "image", "text", 512),
        "resnet" => new OnnxGraph().Input("data", "N", 3, 224, 224).Output("logits", "N", 1000),
        "bytes" => new OnnxGraph().TypedInput(2, "image", "N", 224, 224, 3).Output("probs", "N", 10),
        "movenet" => new OnnxGraph().TypedInput(6, "input", 1, 192, 192, 3).Output("output_0", 1, 1, 17, 3),
        "blazeface" => new OnnxGraph().Input("input:0", 1, 128, 128, 3).Output("r0", 1, 512, 16).Output("c0", 1, 512, 1)
            .Output("r1", 1, 384, 16).Output("c1", 1, 384, 1),
        "ppocr-det" => new OnnxGraph().Input("x", "n", 3, "h", "w").Output("sigmoid_0.tmp_0", "n", 1, "h", "w"),
        "ppocr-rec" => new OnnxGraph().Input("x", "n", 3, 48, "w").Output("softmax_2.tmp_0", "n", "t", 6625),
        "clip-vision" => new OnnxGraph().Input("pixel_values", "n", 3, 224, 224).Output("last_hidden_state", "n", 50, 768).Output("image_embeds", "n", 512),
        "clip-text" => new OnnxGraph().TypedInput(7, "input_ids", "n", "length").TypedInput(7, "attention_mask", "n", "length").Output("text_embeds", "n", 512),
        "sound" => new OnnxGraph().Input("input", 1, 512).TypedInput(7, "sr", 1).Output("y", 1, 1),
        "grey" => new OnnxGraph().Input("image", 1, 1, 28, 28).Output("y", 1, 10),
        "batch8" => new OnnxGraph().Input("image", 8, 3, 32, 32).Output("y", 8, 10),
        "two" => new OnnxGraph().Input("left", 1, 3, 32, 32).Input("right", 1, 3, 32, 32).Output("y", 1, 10),
        "doubles" => new OnnxGraph().TypedInput(11, "image", 1, 3, 32, 32).Output("y", 1, 10),
        _ => new OnnxGraph().Output("y", 1, 10),
    };

    private static OnnxGraph Noted(string names, string size) => new OnnxGraph()
        .Metadata("task", "detect").Metadata("stride", "32").Metadata("imgsz", size).Metadata("names", names);

    private static string Describe(ModelManifest manifest) => string.Join('\n', Lines(manifest));

    private static IEnumerable<string> Lines(ModelManifest m)
    {
        yield return $"{m.Name} {m.File} {m.Sha256} {m.Source} {m.Licence} {m.Decoder} {m.Thresholds}";
        foreach (var tensor in m.Inputs.Concat(m.Outputs))
        {
            yield return $"{tensor.Name} {tensor.Type} {string.Join(',', tensor.Shape)} {string.Join(',', tensor.Profile?.Min ?? [])} "
                         + $"{string.Join(',', tensor.Profile?.Opt ?? [])} {string.Join(',', tensor.Profile?.Max ?? [])}";
        }

        yield return $"{m.Picture.Layout} {m.Picture.Channels} {m.Picture.Fit} {m.Picture.Sampling} {m.Picture.Border} {string.Join(',', m.Picture.Mean)} {string.Join(',', m.Picture.Std)}";
        yield return $"{string.Join(',', m.Labels)} {string.Join(',', m.Providers)}";
    }

    private static string Unwrapped(ManifestDraft draft) => draft.ToYaml().Replace("\n# ", " ", StringComparison.Ordinal);

    private static string Snake<T>(T member) where T : Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());
}
