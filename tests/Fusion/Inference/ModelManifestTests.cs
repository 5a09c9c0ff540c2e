using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference;

public class ModelManifestTests
{
    private const string Fitting = """
        name: test
        file: fetched/test.onnx
        sha256: 7281a7a7fb13e22e49310e18924a6ee9c81007e92da52820839b0c5225f8ea91
        source: here
        licence: MIT
        decoder: centernet
        inputs: [{name: images, shape: [1, 8, 16, 3]}]
        outputs: [{name: detections, shape: [1, 2, 6]}]
        picture: {layout: nhwc}
        labels: [cup, bottle]
        """;

    [Fact]
    public void The_detectors_manifest_is_read()
    {
        var manifest = TestModels.CenterNetManifest();
        Assert.Equal("centernet-mobilenetv3-coco", manifest.Name);
        Assert.Equal(80, manifest.Labels.Count);
        Assert.Equal(80, manifest.Labels.Distinct().Count());
        Assert.Equal(("person", "sports ball", "cup", "toothbrush"),
            (manifest.Labels[0], manifest.Labels[32], manifest.Labels[41], manifest.Labels[79]));
        Assert.Equal([-1, 512, 512, 3], manifest.Inputs[0].Shape);
        Assert.Equal([-1, 100, 6], manifest.Outputs[0].Shape);
        Assert.Equal(TensorLayout.Nhwc, manifest.Picture.Layout);
        Assert.Equal(
            (0.3f, 0.1f, 0.4f), (manifest.Thresholds.Score, manifest.Thresholds.LowScore, manifest.Thresholds.Overlap));
        Assert.Equal([ExecutionProvider.Tensorrt, ExecutionProvider.Cuda, ExecutionProvider.Cpu], manifest.Providers);
    }

    [Fact]
    public void A_manifest_says_no_more_than_it_must()
    {
        var manifest = Read(Fitting);
        Assert.Equal(TensorType.Float32, manifest.Inputs[0].Type);
        Assert.Equal([1, 1, 1], manifest.Picture.Std);
        Assert.Equal(3, manifest.Providers.Count);
        Assert.Equal(new TensorRtManifest(), manifest.Tensorrt);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../other.onnx")]
    [InlineData("fetched/../../other.onnx")]
    [InlineData("..")]
    [InlineData("fetched\\\\..\\\\..\\\\other.onnx")]
    [InlineData("fetched/a\\0b.onnx")]
    public void A_file_outside_the_models_folder_is_refused(string file)
    {
        var fault = Fault("file: fetched/test.onnx", $"file: \"{file}\"");
        Assert.StartsWith("m.yaml:2: file: '", fault);
        Assert.EndsWith("must be a path inside the models folder", fault);
    }

    [Theory]
    [InlineData("..onnx")]
    [InlineData("a..b/c.onnx")]
    public void A_name_with_dots_in_it_is_a_name(string file) =>
        Assert.Equal(file, Read(Fitting.Replace("fetched/test.onnx", file)).File);

    [Theory]
    [InlineData("name: test", "name: Test", "m.yaml:1: name: 'Test' is not a name of")]
    [InlineData("name: test", "name: ''", "m.yaml:1: name: must not be empty")]
    [InlineData("file: fetched/test.onnx", "file: ''", "m.yaml:2: file: must not be empty")]
    [InlineData("sha256: 7281", "sha256: 728", "m.yaml:3: sha256: '728")]
    [InlineData("sha256: 7281", "sha256: 728A", "m.yaml:3: sha256: '728A")]
    [InlineData(
        "decoder: centernet", "decoder: ssd",
        "m.yaml:6: decoder: 'ssd' is not one of centernet, yolo, yolo_nms, nanodet, detr")]
    [InlineData("decoder: centernet", "decoder: centrenet", "did you mean 'centernet'?")]
    [InlineData("inputs: [{name: images, shape: [1, 8, 16, 3]}]", "inputs: []", "m.yaml:7: inputs: ")]
    [InlineData("shape: [1, 8, 16, 3]", "type: float32", "m.yaml:7: inputs.0.shape: is missing")]
    [InlineData("shape: [1, 8, 16, 3]", "shape: []", "m.yaml:7: inputs.0.shape: ")]
    [InlineData("shape: [1, 8, 16, 3]", "shape: [1, 8, x, 3]", "m.yaml:7: inputs.0.shape.2: 'x' is not a whole number")]
    [InlineData("shape: [1, 8, 16, 3]", "shape: [1, 8, 16]", "m.yaml:7: inputs: shape [1, 8, 16] is not one picture")]
    [InlineData(
        "shape: [1, 8, 16, 3]", "shape: [2, 8, 16, 3]", "m.yaml:7: inputs: shape [2, 8, 16, 3] is not one picture")]
    [InlineData("shape: [1, 8, 16, 3]", "shape: [1, 3, 8, 16]", "is not one picture of three channels in nhwc order")]
    [InlineData(
        "shape: [1, 8, 16, 3]",
        "shape: [1, -1, 16, 3], profile: {min: [1, 8, 16, 3], opt: [1, 8, 16, 3], max: [1, 8, 16, 3]}",
        "m.yaml:7: inputs: shape [1, -1, 16, 3] is not one picture of three channels in nhwc order; only its first "
        + "axis may be free")]
    [InlineData("shape: [1, 8, 16, 3]", "shape: [-1, 8, 16, 3]",
        "m.yaml:7: inputs: 'images' leaves axis 0 free and has no profile that bounds it")]
    [InlineData(
        "shape: [1, 8, 16, 3]",
        "shape: [-1, 8, 16, 3], profile: {min: [1, 8, 16, 3], opt: [4, 8, 16, 3], max: [2, 8, 16, 3]}",
        "m.yaml:7: inputs.0.profile: must rise from min over opt to max")]
    [InlineData(
        "shape: [1, 8, 16, 3]",
        "shape: [-1, 8, 16, 3], profile: {min: [1, 8, 16, 3], opt: [1, 8, 8, 3], max: [2, 8, 16, 3]}",
        "m.yaml:7: inputs.0.profile: opt [1, 8, 8, 3] must give a length to each free axis of [-1, 8, 16, 3] and "
        + "repeat the others")]
    [InlineData(
        "shape: [1, 8, 16, 3]",
        "shape: [-1, 8, 16, 3], profile: {min: [1, 8, 16], opt: [1, 8, 8, 3], max: [2, 8, 16, 3]}",
        "m.yaml:7: inputs.0.profile: min [1, 8, 16] must give")]
    [InlineData("shape: [1, 8, 16, 3]", "shape: [1, -2, 16, 3]", "m.yaml:7: inputs.0.shape: ")]
    [InlineData("shape: [1, 8, 16, 3]", "shape: [1, 65536, 65536, 3]", "m.yaml:7: inputs.0.shape: ")]
    [InlineData("shape: [1, 2, 6]", "shape: [1, 0, 6]", "m.yaml:8: outputs.0.shape: ")]
    [InlineData("{name: detections,", "{name: detections, type: int128,",
        "m.yaml:8: outputs.0.type: 'int128' is not one of float32, float16, uint8, int32, int64, bool")]
    [InlineData("layout: nhwc", "layout: nhwc, std: [1, 0, 1]", "m.yaml:9: picture: std must not be zero")]
    [InlineData("layout: nhwc", "layout: nhwc, std: [1, 1]", "m.yaml:9: picture.std: ")]
    [InlineData("layout: nhwc", "layout: nhwc, border: 256", "m.yaml:9: picture.border: 256 is out of range, 0 to 255")]
    [InlineData("labels: [cup, bottle]", "labels: []", "m.yaml:10: labels: ")]
    [InlineData("labels: [cup, bottle]", "labels: [cup, bottle]\nproviders: []", "m.yaml:11: providers: ")]
    [InlineData("labels: [cup, bottle]", "labels: [cup, bottle]\nproviders: [gpu]",
        "m.yaml:11: providers.0: 'gpu' is not one of tensorrt, cuda, cpu")]
    [InlineData("labels: [cup, bottle]", "labels: [cup, bottle]\nthresholds: {score: 1.5}",
        "m.yaml:11: thresholds.score: 1.5 is out of range, 0 to 1")]
    [InlineData("labels: [cup, bottle]", "labels: [cup, bottle]\nthresholds: {score: 0.2, lowScore: 0.3}",
        "m.yaml:11: thresholds.lowScore: 0.3 must not be more than score, 0.2")]
    [InlineData("labels: [cup, bottle]", "labels: [cup, bottle]\nproviders: [cpu, tensorr]",
        "m.yaml:11: providers.1: 'tensorr' is not one of tensorrt, cuda, cpu; did you mean 'tensorrt'?")]
    [InlineData(
        "labels: [cup, bottle]", "labels: [cup, bottle]\ntensorrt: {precision: int8}",
        "m.yaml:11: tensorrt.calibrationTable: is needed for precision int8; a graph that holds its own quantization "
        + "has precision qdq")]
    [InlineData(
        "labels: [cup, bottle]", "labels: [cup, bottle]\ntensorrt: {precision: fp16, calibrationTable: a.table}",
        "m.yaml:11: tensorrt.calibrationTable: has no use but with precision int8")]
    [InlineData(
        "labels: [cup, bottle]", "labels: [cup, bottle]\ntensorrt: {precision: int8, calibrationTable: ../a.table}",
        "m.yaml:11: tensorrt.calibrationTable: '../a.table' must be a path inside the models folder")]
    [InlineData("labels: [cup, bottle]", "labels: [cup, bottle]\ntensorrt: {precision: bf16}",
        "m.yaml:11: tensorrt.precision: 'bf16' is not one of fp32, fp16, int8, qdq")]
    [InlineData("labels: [cup, bottle]", "labels: [cup, bottle]\ntensorrt: {workspaceMb: -1}",
        "m.yaml:11: tensorrt.workspaceMb: -1 is out of range, 0 to 65536")]
    public void What_does_not_fit_is_told_by_itself(string good, string bad, string fault) =>
        Assert.Contains(fault, Fault(good, bad));

    [Theory]
    [InlineData("decoder: text_recognition", "characters: must name the file of the characters that the model tells")]
    [InlineData("decoder: sentence_embedding", "wordPieces: must name the file of the word pieces")]
    [InlineData("decoder: text_embedding", "tokenizer: must say how words become token ids")]
    [InlineData("decoder: text_embedding\ntokenizer: {contextLength: 77}", "m.yaml:7: tokenizer.merges: is missing")]
    [InlineData("decoder: text_embedding\ntokenizer: {contextLength: 1}",
        "m.yaml:7: tokenizer.contextLength: 1 is out of range, 2 to 4096")]
    [InlineData(
        "decoder: centernet\ncharacters: {file: ../a, sha256: "
        + "7281a7a7fb13e22e49310e18924a6ee9c81007e92da52820839b0c5225f8ea91}",
        "m.yaml:7: characters.file: '../a' must be a path inside the models folder")]
    [InlineData(
        "decoder: centernet\ncharacters: {file: a, sha256: 1}", "m.yaml:7: characters.sha256: '1' is not a SHA-256")]
    [InlineData(
        "decoder: centernet\ntokenizer: {vocabularySize: 600, padding: 600, merges: {file: a, sha256: "
        + "7281a7a7fb13e22e49310e18924a6ee9c81007e92da52820839b0c5225f8ea91}}",
        "m.yaml:7: tokenizer.padding: 600 must be less than vocabularySize, 600")]
    [InlineData(
        "decoder: centernet\nscores: percent", "m.yaml:7: scores: 'percent' is not one of probabilities, logits")]
    public void What_some_families_need_beside_is_asked_for(string decoder, string fault) =>
        Assert.Contains(
            fault, Assert.Throws<YamlException>(() => Read(Fitting.Replace("decoder: centernet", decoder))).Message);

    [Fact]
    public void Families_that_tell_no_classes_need_no_labels() =>
        Assert.Empty(Read(Fitting.Replace("centernet", "movenet").Replace("labels: [cup, bottle]", "")).Labels);

    [Fact]
    public void Every_manifest_of_the_repository_fits_its_model()
    {
        var names = Directory.GetFiles(Path.Combine(TestModels.Repository, "configs", "models"), "*.yaml")
            .Select(Path.GetFileNameWithoutExtension).ToList();
        Assert.True(names.Count >= 6);
        foreach (var name in names)
        {
            using var model = FetchedModels.Load(name!);
            Assert.Equal(name, model.Manifest.Name);
        }
    }

    [Fact]
    public void The_engines_section_is_read() => Assert.Equal(
        new TensorRtManifest
        {
            Precision = TensorRtPrecision.Int8,
            CalibrationTable = "fetched/test.table",
            NativeCalibrationTable = true,
            WorkspaceMb = 2048,
        },
        Read(Fitting
            + "\ntensorrt: {precision: int8, calibrationTable: fetched/test.table, nativeCalibrationTable: true, "
            + "workspaceMb: 2048}").Tensorrt);

    [Fact]
    public void Several_faults_come_at_once()
    {
        var e =
            Assert.Throws<YamlException>(() => Read(Fitting.Replace("nhwc", "nwhc").Replace("name: test", "name: T")));
        Assert.Contains("m.yaml:9: picture.layout: 'nwhc' is not one of nhwc, nchw; did you mean 'nhwc'?", e.Message);
        Assert.Contains("m.yaml:1: name: ", e.Message);
    }

    [Fact]
    public void A_planar_manifest_has_its_channels_second() =>
        Assert.Equal(TensorLayout.Nchw,
            Read(Fitting.Replace("[1, 8, 16, 3]", "[1, 3, 8, 16]").Replace("nhwc", "nchw")).Picture.Layout);

    private static string Fault(string good, string bad)
    {
        Assert.Contains(good, Fitting);
        return Assert.Single(Assert.Throws<YamlException>(() => Read(Fitting.Replace(good, bad))).Faults).ToString();
    }

    private static ModelManifest Read(string text)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("m.yaml", text);
        try
        {
            return YamlBinder.Read<ModelManifest>(file);
        }
        catch (YamlException e)
        {
            throw new YamlException([.. e.Faults.Select(fault => fault with { File = Path.GetFileName(fault.File) })]);
        }
    }
}
