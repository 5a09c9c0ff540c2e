using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Time;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Tracking;

/// <summary>What holds for any objects, however badly the detector sees them.</summary>
public class ByteTrackerProperties
{
    private static readonly string[] Labels = ["person", "car", "truck"];

    [Property(MaxTest = 60, Replay = "17,31")]
    public bool The_order_of_the_detections_does_not_matter(int seed)
    {
        var random = new Random(seed);
        var world = new World(random);
        var straight = new ByteTracker(new TrackerSettings(), new TrackIds());
        var shuffled = new ByteTracker(new TrackerSettings(), new TrackIds());
        for (var step = 0; step < 60; step++)
        {
            var (detections, time) = world.Next();
            straight.Update(detections, time);
            random.Shuffle(detections);
            shuffled.Update(detections, time);
            if (!Describe(straight).SequenceEqual(Describe(shuffled))) return false;
        }

        return true;
    }

    [Property(MaxTest = 60, Replay = "17,31")]
    public bool An_id_is_never_used_again(int seed)
    {
        var world = new World(new Random(seed));
        var tracker = new ByteTracker(new TrackerSettings { LostSeconds = 0.3f }, new TrackIds());
        var (born, ended) = (new HashSet<string>(), new HashSet<string>());
        for (var step = 0; step < 150; step++)
        {
            var (detections, time) = world.Next();
            tracker.Update(detections, time);
            foreach (var (kind, track) in tracker.Events)
            {
                if (kind == TrackEventKind.New && !born.Add(track.Id)) return false;
                if (kind != TrackEventKind.New && !born.Contains(track.Id)) return false;
                if (kind == TrackEventKind.End ? !ended.Add(track.Id) : ended.Contains(track.Id)) return false;
            }

            foreach (var track in tracker.Tracks)
            {
                if (!born.Contains(track.Id) || ended.Contains(track.Id)) return false;
            }
        }

        return born.Count > 0;
    }

    [Property(MaxTest = 60, Replay = "17,31")]
    public bool What_is_stated_about_a_track_is_always_sound(int seed)
    {
        var world = new World(new Random(seed));
        var tracker = new ByteTracker(new TrackerSettings(), new TrackIds());
        for (var step = 0; step < 100; step++)
        {
            var (detections, time) = world.Next();
            tracker.Update(detections, time);
            foreach (var track in tracker.Tracks)
            {
                var box = track.Box;
                if (!float.IsFinite(box.X) || !float.IsFinite(box.Y) || !(box.Width > 0) || !(box.Height > 0))
                    return false;
                if (track.Score is not (>= 0 and <= 1) || !Labels.Contains(track.Label)) return false;
                if (track.Velocity is { } v && !(float.IsFinite(v.X) && float.IsFinite(v.Y))) return false;
                if (track.State == TrackState.Tracked != (track.Unseen == TimeSpan.Zero)) return false;
            }
        }

        return true;
    }

    private static List<(string, string, float, BoundingBox, TrackState)> Describe(ByteTracker tracker)
        => [.. tracker.Tracks.ToArray().Select(t => (t.Id, t.Label, t.Score, t.Box, t.State))];

    /// <summary>
    /// Objects that wander, overlap, vanish and come back, seen by a detector that misses and mistakes.
    /// </summary>
    private sealed class World(Random random)
    {
        private readonly (double X, double Y, double VX, double VY)[] _objects =
        [
            .. Enumerable.Range(0, 8).Select(_ => (
                random.NextDouble() * 400, random.NextDouble() * 300,
                random.NextDouble() * 80 - 40, random.NextDouble() * 80 - 40)),
        ];

        private double _seconds = 10;

        public (Detection[] Detections, SensorTime Time) Next()
        {
            var elapsed = 0.03 + random.NextDouble() * (random.Next(40) == 0 ? 3 : 0.1);
            _seconds += elapsed;
            var seen = new List<Detection>();
            for (var i = 0; i < _objects.Length; i++)
            {
                ref var o = ref _objects[i];
                (o.X, o.Y) = (o.X + o.VX * elapsed, o.Y + o.VY * elapsed);
                if (random.Next(4) == 0) continue;
                var box = new BoundingBox(
                    (float)o.X + random.Next(-3, 4), (float)o.Y + random.Next(-3, 4), 40 + random.Next(6),
                    80 + random.Next(6));
                var label = Labels[random.Next(10) == 0 ? random.Next(3) : i % 3];
                seen.Add(new Detection(label, 0.1f + 0.8f * random.NextSingle(), box));
            }

            return ([.. seen], new SensorTime(TimeSpan.FromSeconds(_seconds), DateTimeOffset.UnixEpoch));
        }
    }
}
