using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Benchmarks;

/// <summary>
/// The detector over the clip, picture to objects, beside the ways that JavaScript has: onnxruntime-node with the same
/// converted model, and TensorFlow.js' wasm backend with the model as it was published.
/// </summary>
internal sealed class ClipBenchmark : IDisposable
{
    private const int Rounds = 7, WasmRounds = 4;
    private const int RowLength = 6;

    private readonly OnnxModel _model;
    private readonly ObjectDetector _detector;
    private readonly FramePool _pool;
    private readonly List<Frame> _frames = [];

    private ClipBenchmark(Workbench bench, int threads)
    {
        var models = bench.Configuration.Models;
        _model = OnnxModel.Load(ModelManifest.Read(models.Detector), models.Folder, new InferenceSettings { Threads = threads });
        _detector = new ObjectDetector(_model);
        _pool = new FramePool(bench.Clip.Frames.Count);
        foreach (var picture in bench.Clip.Frames)
        {
            _pool.TryRent(bench.Clip.Width, bench.Clip.Height, out var frame);
            frame!.CopyFrom(picture, frame.Stride);
            _frames.Add(frame);
        }
    }

    public static async Task MeasureAsync(Workbench bench)
    {
        var onnx = Path.Combine(bench.Root, "models/fetched/centernet-mobilenetv3-coco.onnx");
        var published = Path.Combine(bench.Root, ".cache/npm/@vladmandic/human/models/centernet.json");
        var cores = Environment.ProcessorCount;
        using (var ours = new ClipBenchmark(bench, threads: 0))
        {
            await ours.BesideAsync(bench, "clip-over-onnxruntime-node", Rounds, $"{cores} threads", sameObjects: true,
                () => ExternalProgram.NodeAsync(bench, "onnxruntime.js", onnx));
            await ours.BesideAsync(bench, "clip-over-tfjs-wasm", WasmRounds, $"{cores} threads, which the wasm backend cannot have in Node.js",
                sameObjects: false, () => ExternalProgram.NodeAsync(bench, "tfjs-wasm.js", published));
        }

        using (var ours = new ClipBenchmark(bench, threads: 1))
        {
            await ours.BesideAsync(bench, "clip-over-tfjs-wasm-1-thread", WasmRounds, "1 thread", sameObjects: false,
                () => ExternalProgram.NodeAsync(bench, "tfjs-wasm.js", published));
        }
    }

    public void Dispose()
    {
        _frames.ForEach(frame => frame.Dispose());
        _pool.Dispose();
        _model.Dispose();
    }

    private Task BesideAsync(Workbench bench, string name, int rounds, string threads, bool sameObjects, Func<Task<ExternalProgram>> start) =>
        SideBySide.MeasureAsync(bench, name, rounds, start, baseline => AgreeAsync(baseline, sameObjects), Round,
            $"CenterNet, picture to objects, {_frames.Count} pictures of {bench.Clip.Width}x{bench.Clip.Height}; ours: {threads}");

    private double Round()
    {
        var start = SensorClock.System.Monotonic;
        foreach (var frame in _frames) _detector.Detect(frame);
        return (SensorClock.System.Monotonic - start).TotalMilliseconds / _frames.Count;
    }

    // The same model on the same letterbox must see the same; squashed, as TensorFlow.js' users do it, about the same.
    private async Task<string> AgreeAsync(ExternalProgram baseline, bool sameObjects)
    {
        var theirs = await baseline.FirstAsync("output");
        var ours = _detector.Detect(_frames[0]);
        var reported = ours.Where(detection => detection.Score >= _model.Manifest.Thresholds.Score).ToList();
        var shared = reported.Count(detection => theirs.Chunk(RowLength).Any(row => IsSame(detection, row, sameObjects ? 0.95f : 0.5f)));
        return shared > 0 && (!sameObjects || shared == reported.Count)
            ? $"of {reported.Count} objects of ours in the first picture it sees {shared}"
            : throw new BaselineException($"of {reported.Count} objects of ours in the first picture it sees {shared}");
    }

    private bool IsSame(Detection detection, float[] row, float overlap) =>
        _model.Manifest.Labels[(int)row[5]] == detection.Label
        && detection.Box.IntersectionOverUnion(new BoundingBox(row[0], row[1], row[2], row[3])) >= overlap;
}
