using System.Runtime.InteropServices;
using EdgePerception.Benchmarks;
using EdgePerception.Runtime.Configuration;

const int Frames = 40, Rounds = 7, Starts = 5;

var root = args is [var given, ..] ? given : Directory.GetCurrentDirectory();
var configuration = ConfigurationFile.Read(Path.Combine(root, "configs", "demo.yaml")) with { Mqtt = null, Zeromq = null };
var results = new List<Result>();

Console.Error.WriteLine($"decoding {Frames} pictures of the demo's clip");
var clip = new DecodedClip(configuration.Cameras[0].Path!, Frames);
await using (var bench = new PipelineBenchmark(clip, configuration with { Cameras = [configuration.Cameras[0] with { Name = "clip" }] }))
{
    List<double> model = [], pipeline = [], bytes = [];
    bench.RunModel();
    bench.RunPipeline();
    using var stages = new StageTimes();
    for (var round = 1; round <= Rounds; round++)
    {
        Console.Error.WriteLine($"the loop beside the bare model, round {round} of {Rounds}");
        model.Add(bench.RunModel());
        var (milliseconds, allocated) = bench.RunPipeline();
        pipeline.Add(milliseconds);
        bytes.Add(allocated);
    }

    results.Add(Result.Of("pipeline-over-model", "ms", pipeline, model,
        $"wall time a picture of the whole loop over bound runs of the model alone, {Frames} decoded pictures of {clip.Width}x{clip.Height}, unpaced, same session and threads, {Rounds} rounds in turn"));
    results.Add(Result.Of("managed-bytes-per-tick", "B", bytes,
        "managed bytes of all threads a picture, messages for MQTT (JSON) and ZeroMQ (protobuf) included"));
    results.AddRange(stages.Results());
}

await using (var start = new StartBenchmark(root))
{
    List<double> times = [];
    for (var round = 1; round <= Starts; round++)
    {
        Console.Error.WriteLine($"from start to first detection, round {round} of {Starts}");
        times.Add(await start.RunAsync());
    }

    results.Add(Result.Of("start-to-first-detection", "ms", times,
        "from the start of the process to the first message with a detection at an MQTT client; the clip plays as a live camera"));
}

Console.WriteLine($"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}");
foreach (var line in Result.Table(results)) Console.WriteLine(line);
var file = Path.Combine(root, "artifacts", "bench", "results.json");
Result.Write(results, file);
Console.WriteLine($"written to {Path.GetRelativePath(root, file)}");
