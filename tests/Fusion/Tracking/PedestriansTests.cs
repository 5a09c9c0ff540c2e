using System.Globalization;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Tests.Tracking;

/// <summary>
/// What the real detector and the colour meter saw of the people in frames 220 to 427 of opencv-doc's vtest.avi, ten
/// images a second. Who is who at both ends of each walk was looked up in the images; on the way the six cross each
/// other, stand still, turn round and pass behind a sign. Scores below 0.2 were left out to keep the file small; with
/// them nobody changes the id, without them the one who passes behind the sign while another comes out of it does.
/// </summary>
public class PedestriansTests
{
    [Fact]
    public void Of_six_people_who_cross_for_twenty_seconds_at_most_one_changes_id()
    {
        (int Frame, float X, float Y)[] starts =
        [
            (224, 350, 195), (224, 571, 343), (233, 732, 335), (224, 726, 270), (224, 669, 134), (224, 691, 139),
        ];
        (int Frame, float X, float Y)[] ends =
        [
            (382, 687, 264), (427, 307, 250), (400, 714, 355), (427, 542, 186), (355, 700, 279), (355, 730, 279),
        ];
        var (from, to) = (new string?[6], new string?[6]);
        var tracker = new ByteTracker(new TrackerSettings(), new TrackIds());

        foreach (var (frame, people, colors) in Read())
        {
            var time = TimeSpan.FromSeconds(frame * 0.1);
            tracker.Update(people, colors, new SensorTime(time, DateTimeOffset.UnixEpoch + time));
            for (var i = 0; i < 6; i++)
            {
                if (starts[i].Frame == frame) from[i] = IdAt(tracker, starts[i].X, starts[i].Y);
                if (ends[i].Frame == frame) to[i] = IdAt(tracker, ends[i].X, ends[i].Y);
            }
        }

        Assert.All(from, Assert.NotNull);
        Assert.Equal(6, from.Distinct().Count());
        Assert.All(to, Assert.NotNull);
        Assert.Equal(6, to.Distinct().Count());
        Assert.InRange(from.Zip(to).Count(ids => ids.First == ids.Second), 5, 6);
    }

    private static string? IdAt(ByteTracker tracker, float x, float y)
    {
        var best = default(Track);
        foreach (var track in tracker.Tracks)
        {
            if (Distance(track) <= 25 && (best is null || Distance(track) < Distance(best))) best = track;
        }

        return best?.Id;

        float Distance(Track track) => MathF.Abs(track.Box.CenterX - x) + MathF.Abs(track.Box.CenterY - y) / 2;
    }

    // Columns: frame, x, y, width, height, score, and from a score of 0.3 on twelve colour shares in percent.
    private static IEnumerable<(int Frame, Detection[] People, ObjectColors[] Colors)> Read()
        => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Tracking", "vtest-people.csv"))
            .Select(line => line.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray())
            .GroupBy(v => (int)v[0])
            .Select(g => (
                g.Key,
                g.Select(v => new Detection("person", v[5], new BoundingBox(v[1], v[2], v[3], v[4]))).ToArray(),
                g.Select(v => (ObjectColors)Shares(v.AsSpan(6))).ToArray()));

    private static ColorShares Shares(ReadOnlySpan<float> percents)
    {
        var shares = default(ColorShares);
        for (var i = 0; i < percents.Length; i++) shares[i] = percents[i] / 100;
        return shares;
    }
}
