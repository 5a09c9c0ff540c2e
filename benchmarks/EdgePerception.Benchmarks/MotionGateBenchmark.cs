using System.Globalization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Benchmarks;

/// <summary>
/// What the motion gate spares and what it costs, on three cameras of ten images a second: one that sees a still scene
/// with a sensor's noise, one that sees the street, and one that sees the street a quarter of the time and stands still
/// in between.
/// </summary>
internal sealed class MotionGateBenchmark : IDisposable
{
    private const int Images = 40, Rounds = 5, Noise = 2;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly SensorClock Clock = SensorClock.System;

    private readonly ObjectDetector _detector;
    private readonly FramePool _pool = new(1);
    private readonly float _score;

    private MotionGateBenchmark(Workbench bench)
    {
        var models = bench.Configuration.Models;
        _detector = new ObjectDetector(
            OnnxModel.Load(YamlBinder.Read<ModelManifest>(models.Detector), models.Folder,
                bench.Configuration.Inference with { MaxBatch = 1 }));
        _score = _detector.Model.Manifest.Thresholds.Score;
    }

    public static Task MeasureAsync(Workbench bench)
    {
        using var benchmark = new MotionGateBenchmark(bench);
        var random = new Random(17);
        var clip = bench.Clip.Frames;
        benchmark.Measure(bench, "still", [.. Enumerable.Range(0, Images).Select(_ => WithNoise(clip[0], random))]);
        benchmark.Measure(bench, "street", [.. clip.Take(Images)]);
        benchmark.Measure(bench, "quarter",
            [.. Enumerable.Range(0, Images).Select(i => i % 20 < 5 ? clip[i % 20] : WithNoise(clip[4], random))]);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _detector.Dispose();
        _pool.Dispose();
    }

    private void Measure(Workbench bench, string scene, List<byte[]> images)
    {
        List<double> gated = [], ungated = [];
        var (all, missed, looks) = (0, 0, 0);
        for (var round = 0; round <= Rounds; round++)
        {
            bench.Progress($"motion gate, {scene}: round {round} of {Rounds}");
            var without = Run(bench.Clip, images, enabled: false);
            var with = Run(bench.Clip, images, enabled: true);
            // The first round warms up.
            if (round == 0) continue;
            ungated.Add(without.Milliseconds);
            gated.Add(with.Milliseconds);
            looks = with.Looks;
            foreach (var (seen, kept) in without.Seen.Zip(with.Seen))
            {
                all += seen.Count;
                missed +=
                    seen.Count(known =>
                        !kept.Exists(again =>
                            again.Label == known.Label && again.Box.IntersectionOverUnion(known.Box) >= 0.5f));
            }
        }

        bench.Results.Add(
            Result.Of($"motion-gate-{scene}", "ms", gated, ungated, string.Create(CultureInfo.InvariantCulture,
            $"a picture, to objects, with the gate; baseline: without; {looks} of {images.Count} pictures were "
            + $"looked at, {100.0 * missed / Math.Max(1, all):0.0}% of {all} objects missed or moved by more than "
            + $"half")));
    }

    private (double Milliseconds, List<List<Detection>> Seen, int Looks) Run(
        DecodedClip clip, List<byte[]> images, bool enabled)
    {
        var camera = new CameraPerception(
            "bench", null, new ByteTracker(new TrackerSettings(), new TrackIds()), new ColorMeter(),
            new MotionGateSettings { Enabled = enabled });
        List<List<Detection>> seen = [];
        var looks = 0;
        var start = Clock.Monotonic;
        for (var i = 0; i < images.Count; i++)
        {
            _pool.TryRent(clip.Width, clip.Height, out var frame);
            using (frame)
            {
                frame!.CopyFrom(images[i], frame.Stride);
                frame.Stamp("bench", i + 1, new SensorTime(Period * i, DateTimeOffset.UnixEpoch));
                if (camera.CanSkip(frame))
                {
                    seen.Add(seen[^1]);
                    continue;
                }

                seen.Add([.. _detector.Detect(frame).Where(each => each.Score >= _score)]);
                looks++;
            }
        }

        return ((Clock.Monotonic - start).TotalMilliseconds / images.Count, seen, looks);
    }

    private static byte[] WithNoise(byte[] image, Random random) =>
        [.. image.Select(value => (byte)Math.Clamp(value + random.Next(-Noise, Noise + 1), 0, 255))];
}
