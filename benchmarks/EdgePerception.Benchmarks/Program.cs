using System.Runtime.InteropServices;
using EdgePerception.Benchmarks;

(string Name, Func<Workbench, Task> MeasureAsync)[] all =
[
    ("pipeline", PipelineBenchmark.MeasureAsync),
    ("preprocess", PreprocessBenchmark.MeasureAsync),
    ("clip", ClipBenchmark.MeasureAsync),
    ("opencv-dnn", OpenCvDnnBenchmark.MeasureAsync),
    ("cameras", CamerasBenchmark.MeasureAsync),
    ("motion-gate", MotionGateBenchmark.MeasureAsync),
    ("grounding-read", GroundingReadBenchmark.MeasureAsync),
    ("command", CommandBenchmark.MeasureAsync),
    ("messaging", MessagingBenchmark.MeasureAsync),
    ("safety", SafetyBenchmark.MeasureAsync),
    ("start", StartBenchmark.MeasureAsync),
];

if (args.Except(all.Select(benchmark => benchmark.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine(
        $"no benchmark is called '{unknown}'; there are {string.Join(", ", all.Select(benchmark => benchmark.Name))}");
    return 2;
}

var bench = new Workbench(Directory.GetCurrentDirectory());
foreach (var benchmark in all.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
    await benchmark.MeasureAsync(bench);

Console.WriteLine(
    $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} "
    + $"cores, {RuntimeInformation.FrameworkDescription}");
foreach (var line in Result.Table(bench.Results)) Console.WriteLine(line);
var file = Path.Combine(bench.Artifacts, "results.json");
Result.Write(bench.Results, file);
Console.WriteLine($"written to {Path.GetRelativePath(bench.Root, file)}");
var exceeded = Budgets.Exceeded(bench.Root, bench.Results).ToArray();
foreach (var line in exceeded) Console.Error.WriteLine(line);
return exceeded.Length == 0 ? 0 : 1;
