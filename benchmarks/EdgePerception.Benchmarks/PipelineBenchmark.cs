using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>
/// The service's own loop over decoded images, beside nothing but the model's runs on the same images: same session,
/// same threads, in turn.
/// </summary>
internal static class PipelineBenchmark
{
    // Long rounds, so that starting and ending the loop weigh nothing.
    private const int Rounds = 9, Images = 120;
    private const string Camera = "clip";
    private static readonly SensorClock Clock = SensorClock.System;

    public static async Task MeasureAsync(Workbench bench)
    {
        await using var loop = new BenchedLoop(bench.Configuration, Camera);
        List<double> model = [], pipeline = [], bytes = [];
        RunModel(loop, bench.Clip);
        RunPipeline(loop, bench.Clip);
        using var stages = new StageTimes();
        for (var round = 1; round <= Rounds; round++)
        {
            bench.Progress($"the loop beside the bare model, round {round} of {Rounds}");
            model.Add(RunModel(loop, bench.Clip));
            var (milliseconds, allocated) = RunPipeline(loop, bench.Clip);
            pipeline.Add(milliseconds);
            bytes.Add(allocated);
        }

        bench.Results.Add(Result.Of("pipeline-over-model", "ms", pipeline, model,
            $"wall time a picture of the whole loop over bound runs of the model alone, {Images} decoded pictures of "
            + $"{bench.Clip.Width}x{bench.Clip.Height}, unpaced, same session and threads, {Rounds} rounds in turn"));
        bench.Results.Add(Result.Of("managed-bytes-per-tick", "B", bytes,
            "managed bytes of all threads a picture, messages for MQTT (JSON) and ZeroMQ (protobuf) included"));
        bench.Results.AddRange(stages.Results());
    }

    // Milliseconds an image of nothing but the model.
    private static double RunModel(BenchedLoop loop, DecodedClip clip)
    {
        loop.FillModel(clip, 1);
        var start = Clock.Monotonic;
        for (var i = 0; i < Images; i++) loop.Model.Run();
        return (Clock.Monotonic - start).TotalMilliseconds / Images;
    }

    // Milliseconds and managed bytes (of all threads) an image of the whole loop.
    private static (double Milliseconds, double Bytes) RunPipeline(BenchedLoop loop, DecodedClip clip)
    {
        var settings = new CameraSettings { Name = Camera, Kind = CameraKind.File, Path = "decoded", Paced = false };
        using var source =
            CameraSource.Of(settings, notBefore => clip.Open(notBefore, Images), Clock, NullLogger.Instance);
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Clock.Monotonic;
        loop.Run([source], TimeSpan.FromMinutes(1), CancellationToken.None);
        return ((Clock.Monotonic - start).TotalMilliseconds / Images,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / Images);
    }
}
