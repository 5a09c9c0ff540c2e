using System.Diagnostics;
using System.Globalization;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>
/// One model for 1, 2, 4 and 8 cameras that all give 15 images a second, more than the machine can take from some
/// number on: images a second of the whole loop beside the model alone at that batch, their age at publish, what an
/// image costs in processor time and memory, and how evenly the cameras are served.
/// </summary>
internal static class CamerasBenchmark
{
    private const int Rounds = 4;
    private static readonly TimeSpan ModelRound = TimeSpan.FromSeconds(3);

    // Longer, since cameras start one by one and the first ticks are not full.
    private static readonly TimeSpan LoopRound = TimeSpan.FromSeconds(8);
    private static readonly SensorClock Clock = SensorClock.System;

    public static async Task MeasureAsync(Workbench bench)
    {
        foreach (var cameras in (int[])[1, 2, 4, 8]) await MeasureAsync(bench, cameras);
    }

    private static async Task MeasureAsync(Workbench bench, int cameras)
    {
        var before = Environment.WorkingSet;
        string[] names = [.. Enumerable.Range(1, cameras).Select(number => $"camera{number}")];
        await using var loop = new BenchedLoop(bench.Configuration, names);
        List<double> alone = [], together = [], ages = [], oldest = [], aloneCpu = [], cpu = [], fairness = [];
        for (var round = 0; round <= Rounds; round++)
        {
            bench.Progress($"{cameras} cameras, round {round} of {Rounds}");
            var model = RunModel(loop, bench.Clip, cameras);
            var whole = RunLoop(loop, bench.Clip, names);
            // The first round warms up.
            if (round == 0) continue;
            (alone, aloneCpu).Add(model.FramesPerSecond, model.CpuMilliseconds);
            (together, cpu).Add(whole.FramesPerSecond, whole.CpuMilliseconds);
            fairness.Add(whole.Fairness);
            var (p50, p99, _) = loop.Ages.Percentiles();
            (ages, oldest).Add(p50, p99);
        }

        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"{cameras} cameras of {bench.Clip.Width}x{bench.Clip.Height} at {DecodedClip.LiveRate} pictures a "
            + $"second each");
        bench.Results.Add(Result.Of($"cameras-{cameras}-fps", "1/s", together, alone,
            $"{what}: pictures published a second; baseline: the model alone at that batch, in turn; higher is better; "
            + $"Jain's fairness over the cameras {fairness.Min():0.000} at least"));
        bench.Results.Add(
            Result.Of($"cameras-{cameras}-age", "ms", ages,
                $"{what}: age at publish of a tick's newest picture, p50 of each round; max is the largest p99") with
            {
                Max = Math.Round(oldest.Max(), 3),
            });
        bench.Results.Add(Result.Of($"cameras-{cameras}-cpu", "ms", cpu, aloneCpu,
            $"{what}: processor time of all threads a published picture, capture's copies included; baseline: the "
            + "model alone"));
        bench.Results.Add(Result.Of($"cameras-{cameras}-memory", "MiB", [(Environment.WorkingSet - before) / 1048576.0],
            $"{what}: growth of the process's working set, model included"));
    }

    private static (double FramesPerSecond, double CpuMilliseconds) RunModel(
        BenchedLoop loop, DecodedClip clip, int batch)
    {
        loop.FillModel(clip, batch);
        var (start, cpu) = (Clock.Monotonic, CpuTime());
        var runs = 0;
        for (; Clock.Monotonic - start < ModelRound; runs++) loop.Model.Run();
        var frames = runs * batch;
        return (frames / (Clock.Monotonic - start).TotalSeconds, (CpuTime() - cpu).TotalMilliseconds / frames);
    }

    private static (double FramesPerSecond, double CpuMilliseconds, double Fairness) RunLoop(
        BenchedLoop loop, DecodedClip clip, string[] names)
    {
        var settings = names.Select(name => new CameraSettings { Name = name, Kind = CameraKind.Synthetic });
        CaptureSource<FrameFeed>[] sources = [
            .. settings.Select(camera => CameraSource.Of(camera, clip.OpenLive, Clock, NullLogger.Instance))];
        var served = new ServedCounts(names);
        using var stop = new CancellationTokenSource(LoopRound);
        var (start, cpu) = (Clock.Monotonic, CpuTime());
        loop.Run(sources, TimeSpan.FromMinutes(1), stop.Token);
        var frames = served.Total;
        var result =
            (frames / (Clock.Monotonic - start).TotalSeconds, (CpuTime() - cpu).TotalMilliseconds / frames,
                served.Fairness);
        foreach (var source in sources) source.Dispose();
        return result;
    }

    private static TimeSpan CpuTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static void Add(this (List<double> First, List<double> Second) lists, double first, double second)
    {
        lists.First.Add(first);
        lists.Second.Add(second);
    }
}
