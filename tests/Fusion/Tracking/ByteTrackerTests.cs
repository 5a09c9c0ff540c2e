using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Tracking;

public class ByteTrackerTests
{
    private static readonly TrackerSettings Settings = new();
    private readonly ByteTracker _tracker = new(Settings, new TrackIds());
    private double _seconds = 100;

    [Fact]
    public void A_track_is_shown_once_it_was_hit_often_enough()
    {
        Step(Person(10));
        Step(Person(12));
        Assert.Empty(_tracker.Tracks.ToArray());
        Assert.Empty(_tracker.Events.ToArray());

        Step(Person(14));

        var track = Assert.Single(_tracker.Tracks.ToArray());
        Assert.Equal(("1", "person", TrackState.Tracked, 3), (track.Id, track.Label, track.State, track.Hits));
        Assert.Equal(0.2, track.Age.TotalSeconds, 6);
        Assert.Equal([TrackEventKind.New], Kinds());
        Step(Person(16));
        Assert.Equal([TrackEventKind.Update], Kinds());
    }

    [Fact]
    public void A_flash_that_is_not_seen_again_never_becomes_a_track()
    {
        Step(Person(10));
        Step();
        Step(Person(10));
        Step();

        Assert.Empty(_tracker.Tracks.ToArray());
    }

    [Fact]
    public void A_track_keeps_its_id_through_an_occlusion()
    {
        for (var i = 0; i < 20; i++) Step(Person(10 + 6 * i));
        for (var i = 20; i < 30; i++) Step();
        var lost = Assert.Single(_tracker.Tracks.ToArray());
        Assert.Equal(TrackState.Lost, lost.State);
        Assert.InRange(lost.Box.X, 10 + 6 * 29 - 15, 10 + 6 * 29 + 15);

        Step(Person(10 + 6 * 30));

        var track = Assert.Single(_tracker.Tracks.ToArray());
        Assert.Equal(("1", TrackState.Tracked), (track.Id, track.State));
    }

    [Fact]
    public void A_track_ends_when_it_is_unseen_for_too_long_and_its_id_does_not_come_back()
    {
        for (var i = 0; i < 5; i++) Step(Person(10));
        for (var i = 0; i < 15; i++) Step();
        Assert.Single(_tracker.Tracks.ToArray());

        Step();

        Assert.Equal([TrackEventKind.End], Kinds());
        Assert.Equal("1", _tracker.Events[0].Track.Id);
        Assert.Empty(_tracker.Tracks.ToArray());
        for (var i = 0; i < 3; i++) Step(Person(10));
        Assert.Equal("2", Assert.Single(_tracker.Tracks.ToArray()).Id);
    }

    [Fact]
    public void Two_who_cross_keep_their_ids()
    {
        for (var i = 0; i <= 40; i++)
        {
            var left = new BoundingBox(10 + 8 * i, 100, 40, 100);
            var right = new BoundingBox(330 - 8 * i, 112, 40, 100);
            // While they overlap much, the detector sees the nearer one only.
            if (left.IntersectionOverUnion(right) > 0.4f) Step(new Detection("person", 0.7f, right));
            else Step(new Detection("person", 0.6f, left), new Detection("person", 0.7f, right));
            if (i == 5) Assert.Equal(2, _tracker.Tracks.Length);
        }

        Assert.Equal(2, _tracker.Tracks.Length);
        var rightmost = _tracker.Tracks[0].Box.X > 200 ? _tracker.Tracks[0] : _tracker.Tracks[1];
        var leftmost = _tracker.Tracks[0].Box.X > 200 ? _tracker.Tracks[1] : _tracker.Tracks[0];
        // The better score was born first: it came from the right and went left.
        Assert.Equal(("2", "1"), (rightmost.Id, leftmost.Id));
        Assert.True(rightmost.Velocity!.Value.X > 40 && leftmost.Velocity!.Value.X < -40);
    }

    [Fact]
    public void Colours_tell_apart_two_who_turn_back_behind_something()
    {
        // Both walk towards each other, meet unseen, and go back the way they came: by places alone they would swap.
        foreach (var withColors in new[] { false, true })
        {
            var tracker = new ByteTracker(Settings with { LostSeconds = 3 }, new TrackIds());
            ReadOnlySpan<ObjectColors> colors = withColors ? [All(NamedColor.Red), All(NamedColor.Blue)] : [];
            for (var i = 0; i <= 60; i++)
            {
                var step = Math.Min(i, 60 - i);
                if (step is > 25) tracker.Update([], At(i * 0.1));
                else tracker.Update([Person(100 + 2.5f * step), Person(260 - 2.5f * step)], colors, At(i * 0.1));
            }

            Assert.Equal(2, tracker.Tracks.Length);
            var left = tracker.Tracks[0].Box.X < tracker.Tracks[1].Box.X ? tracker.Tracks[0] : tracker.Tracks[1];
            Assert.Equal(withColors ? "1" : "2", left.Id);
        }
    }

    [Fact]
    public void Colours_must_be_as_many_as_detections()
        => Assert.Throws<ArgumentException>(() => _tracker.Update([Person(1), Person(100)], [default], At(1)));

    [Fact]
    public void A_low_score_keeps_a_track_alive_but_starts_none()
    {
        for (var i = 0; i < 5; i++) Step(Person(10 + i));
        for (var i = 5; i < 40; i++) Step(Person(10 + i, score: 0.2f), Person(400, score: 0.2f));

        var track = Assert.Single(_tracker.Tracks.ToArray());
        Assert.Equal(TrackState.Tracked, track.State);
        Assert.InRange(track.Score, 0.19f, 0.3f);
    }

    [Fact]
    public void A_label_that_flips_now_and_then_does_not_change_the_track()
    {
        for (var i = 0; i < 30; i++) Step(Person(10 + 2 * i, label: i % 4 == 3 ? "truck" : "car"));

        var track = Assert.Single(_tracker.Tracks.ToArray());
        Assert.Equal(("1", "car"), (track.Id, track.Label));
    }

    [Fact]
    public void A_label_that_changes_for_good_wins_in_time()
    {
        for (var i = 0; i < 20; i++) Step(Person(10, label: "cup"));
        for (var i = 0; i < 40; i++) Step(Person(10, label: "bowl"));

        Assert.Equal(("1", "bowl"), (_tracker.Tracks[0].Id, _tracker.Tracks[0].Label));
    }

    [Fact]
    public void Two_names_for_one_object_make_one_track()
    {
        for (var i = 0; i < 10; i++)
            Step(Person(10, label: "car", score: 0.5f), Person(11, label: "truck", score: 0.6f));

        Assert.Equal("truck", Assert.Single(_tracker.Tracks.ToArray()).Label);
    }

    [Fact]
    public void Ids_are_unique_over_all_cameras()
    {
        var ids = new TrackIds();
        var trackers = Enumerable.Range(0, 3).Select(_ => new ByteTracker(Settings, ids)).ToList();
        for (var i = 0; i < 4; i++)
        {
            foreach (var tracker in trackers) tracker.Update([Person(10), Person(300)], At(i * 0.1));
        }

        var all = trackers.SelectMany(t => t.Tracks.ToArray()).Select(t => t.Id).ToList();
        Assert.Equal(6, all.Distinct().Count());
    }

    [Fact]
    public void An_uneven_frame_rate_does_not_spoil_the_velocity()
    {
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var elapsed = 0.02 + random.NextDouble() * 0.18;
            Step(elapsed, Person((float)(_seconds + elapsed - 100) * 50));
        }

        var track = Assert.Single(_tracker.Tracks.ToArray());
        Assert.InRange(track.Velocity!.Value.X, 35, 65);
        Assert.InRange(track.Velocity.Value.Y, -5, 5);
    }

    [Fact]
    public void A_velocity_is_not_stated_from_the_first_picture_on()
    {
        var track = default(Track);
        var settings = Settings with { ConfirmHits = 1 };
        var tracker = new ByteTracker(settings, new TrackIds());
        tracker.Update([Person(10)], At(0));
        track = Assert.Single(tracker.Tracks.ToArray());

        Assert.Null(track.Velocity);
        for (var i = 1; i < 20; i++) tracker.Update([Person(10)], At(i * 0.1));
        Assert.NotNull(track.Velocity);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(2.5)]
    public void A_jump_of_time_ends_all_tracks_and_starts_anew(double jump)
    {
        for (var i = 0; i < 5; i++) Step(Person(10));

        Step(jump, Person(10));

        Assert.Equal([TrackEventKind.End], Kinds());
        Assert.Empty(_tracker.Tracks.ToArray());
        Assert.Equal(1, _tracker.Resets);
        for (var i = 0; i < 2; i++) Step(Person(10));
        Assert.Equal("2", Assert.Single(_tracker.Tracks.ToArray()).Id);
    }

    [Fact]
    public void The_same_picture_again_changes_nothing()
    {
        for (var i = 0; i < 5; i++) Step(Person(10));

        Step(0, Person(300));

        Assert.Equal((1L, 5), (_tracker.RepeatedUpdates, _tracker.Tracks[0].Hits));
        Assert.Empty(_tracker.Events.ToArray());
    }

    [Fact]
    public void Unusable_detections_are_counted_and_harm_nothing()
    {
        for (var i = 0; i < 5; i++)
        {
            Step(
                Person(10),
                new Detection("person", 0.9f, new BoundingBox(float.NaN, 0, 10, 10)),
                new Detection("person", 0.9f, new BoundingBox(0, 0, float.PositiveInfinity, 10)),
                new Detection("person", 0.9f, new BoundingBox(0, 0, 0, 10)),
                new Detection("person", 0.9f, new BoundingBox(0, 0, 10, -1)),
                new Detection("person", float.NaN, new BoundingBox(0, 0, 10, 10)),
                new Detection("", 0.9f, new BoundingBox(0, 0, 10, 10)));
        }

        Assert.Single(_tracker.Tracks.ToArray());
        Assert.Equal(30, _tracker.InvalidDetections);
    }

    [Fact]
    public void A_flood_of_detections_is_bounded_and_counted()
    {
        var flood = new Detection[1000];
        for (var i = 0; i < flood.Length; i++)
            flood[i] = new Detection("person", 0.5f + i * 1e-4f, new BoundingBox(i % 40 * 50, i / 40 * 50, 40, 40));
        for (var i = 0; i < 5; i++) Step(flood);

        Assert.Equal(Settings.MaxTracks, _tracker.Tracks.Length);
        Assert.Equal(5 * (1000 - Settings.MaxDetections), _tracker.ExcessDetections);
        Assert.Equal(5 * (Settings.MaxDetections - Settings.MaxTracks), _tracker.ExcessTracks);
        Assert.Equal(0.5999f, _tracker.Tracks[0].Score, 4);
    }

    [Fact]
    public void Colours_are_averaged_over_the_life_of_the_track()
    {
        for (var i = 0; i < 3; i++) Step(Person(10));
        var track = _tracker.Tracks[0];
        Assert.Null(track.Colors);
        track.ObserveColors(default);
        Assert.Null(track.Colors);

        track.ObserveColors(All(NamedColor.Red));
        Step(Person(10));
        track.ObserveColors(All(NamedColor.Blue));
        Assert.Equal(0.5f, track.Colors!.Value[NamedColor.Red], 3);

        for (var i = 0; i < 100; i++)
        {
            Step(Person(10));
            track.ObserveColors(All(NamedColor.Blue));
        }

        Assert.InRange(track.Colors!.Value[NamedColor.Blue], 0.98f, 1);
    }

    [Fact]
    public void The_score_of_an_unseen_track_fades_and_comes_back()
    {
        for (var i = 0; i < 10; i++) Step(Person(10, score: 0.6f));
        Assert.Equal(0.6f, _tracker.Tracks[0].Score, 3);
        for (var i = 0; i < 5; i++) Step();
        Assert.InRange(_tracker.Tracks[0].Score, 0.2f, 0.25f);

        Step(Person(10, score: 0.6f));

        Assert.Equal(0.6f, _tracker.Tracks[0].Score, 3);
    }

    [Fact]
    public void Updating_allocates_nothing_in_steady_state()
    {
        var detections = new Detection[40];
        void Move(int step)
        {
            for (var i = 0; i < detections.Length; i++)
            {
                detections[i] = new Detection(
                    i % 7 == step % 7 ? "truck" : "car", (i + step) % 5 == 0 ? 0.25f : 0.7f,
                    new BoundingBox(i % 8 * 100 + MathF.Sin(step * 0.1f + i) * 20, i / 8 * 120, 60, 80));
            }
        }

        for (var i = 0; i < 50; i++)
        {
            Move(i);
            Step(detections);
        }

        Assert.Equal(40, _tracker.Tracks.Length);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Move(i);
                Step(detections);
            }
        }));
    }

    private static Detection Person(float x, float score = 0.7f, string label = "person")
        => new(label, score, new BoundingBox(x, 100, 40, 100));

    private static ColorShares All(NamedColor color)
    {
        var shares = default(ColorShares);
        shares[color] = 1;
        return shares;
    }

    private static SensorTime At(double seconds)
        => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch.AddSeconds(seconds));

    private void Step(params ReadOnlySpan<Detection> detections) => Step(0.1, detections);

    private void Step(double after, params ReadOnlySpan<Detection> detections)
    {
        _seconds += after;
        _tracker.Update(detections, At(_seconds));
    }

    private TrackEventKind[] Kinds()
    {
        var kinds = new TrackEventKind[_tracker.Events.Length];
        for (var i = 0; i < kinds.Length; i++) kinds[i] = _tracker.Events[i].Kind;
        return kinds;
    }
}
