using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Tracking;

/// <summary>Where a track is in its life.</summary>
[Flags]
public enum TrackState
{
    /// <summary>Not in use.</summary>
    None = 0,

    /// <summary>Seen, but not often enough to be shown; it has no id yet.</summary>
    Tentative = 1,

    /// <summary>Confirmed and seen in the latest image.</summary>
    Tracked = 2,

    /// <summary>Confirmed, not seen in the latest image; its box is predicted.</summary>
    Lost = 4,

    /// <summary>Unseen for too long. The id will not come back.</summary>
    Ended = 8,
}

/// <summary>What happened to a track in an update.</summary>
public enum TrackEventKind
{
    /// <summary>It was confirmed and got its id.</summary>
    New,

    /// <summary>It was seen again.</summary>
    Update,

    /// <summary>It ended.</summary>
    End,
}

/// <summary>One thing that happened to one track in the latest update.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Track">To which track; valid until the tracker's next update.</param>
public readonly record struct TrackEvent(TrackEventKind Kind, Track Track);

/// <summary>
/// One object followed through the images of one camera. It belongs to its <see cref="ByteTracker"/>, which reuses it
/// for another object after the end: consumers read within the tick and copy what they keep. Not thread-safe.
/// </summary>
public sealed class Track
{
    private readonly TrackerSettings _settings;
    private LabelVote _labels;
    private BoxFilter _filter;
    private float _score;
    private ColorAverage _colors;
    private ColorAverage _lower;
    private ColorAverage _head;

    internal Track(TrackerSettings settings) => _settings = settings;

    /// <summary>Stable while the object is followed, unique over all cameras; empty before confirmation.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Where the track is in its life.</summary>
    public TrackState State { get; private set; }

    /// <summary>The label that most of the recent detections gave, weighted by their scores.</summary>
    public string Label { get; private set; } = "";

    /// <summary>What else it may be: labels with their share of the votes that <see cref="Label"/> got.</summary>
    public NearLabels Near => _labels.Near;

    /// <summary>
    /// Confidence that the object is there, 0 to 1: the scores averaged; it fades while the object is unseen.
    /// </summary>
    public float Score { get; private set; }

    /// <summary>
    /// The filtered box in pixels; predicted while the object is unseen. It may reach beyond the image.
    /// </summary>
    public BoundingBox Box { get; private set; }

    /// <summary>Pixels a second, right and down positive; none until it can be relied on.</summary>
    public Vector2? Velocity { get; private set; }

    /// <summary>When it was first detected.</summary>
    public SensorTime FirstSeen { get; private set; }

    /// <summary>When it was last detected.</summary>
    public SensorTime LastSeen { get; private set; }

    /// <summary>Time of the latest update.</summary>
    public SensorTime Time { get; private set; }

    /// <summary>From the first detection to the latest update.</summary>
    public TimeSpan Age => Time.Monotonic - FirstSeen.Monotonic;

    /// <summary>For how long it has not been seen; zero while it is.</summary>
    public TimeSpan Unseen => Time.Monotonic - LastSeen.Monotonic;

    /// <summary>How many detections it consists of.</summary>
    public int Hits { get; private set; }

    /// <summary>Its colours averaged over its recent life; none before the first observation.</summary>
    public ColorShares? Colors => _colors.Shares;

    /// <summary>The same of a person's lower body; none where it was never seen.</summary>
    public ColorShares? LowerColors => _lower.Shares;

    /// <summary>The same of a person's head.</summary>
    public ColorShares? HeadColors => _head.Shares;

    internal bool Matched { get; private set; }

    /// <summary>
    /// Takes in colours measured in the latest image. Early ones are averaged alike, later ones fade over
    /// <see cref="TrackerSettings.ColorMemorySeconds"/>. Shares that are all zero say nothing and change nothing.
    /// </summary>
    public void ObserveColors(in ObjectColors colors)
    {
        _colors.Take(colors.Own, Time, _settings.ColorMemorySeconds);
        _lower.Take(colors.Lower, Time, _settings.ColorMemorySeconds);
        _head.Take(colors.Head, Time, _settings.ColorMemorySeconds);
    }

    /// <summary>How much of the colours differs, 0 to 1; 0 where either are not known.</summary>
    internal float ColorDistance(in ObjectColors colors) => _colors.Distance(colors.Own);

    internal void Begin(in Detection detection, SensorTime time)
    {
        (Id, State, Matched, Hits) = ("", TrackState.Tentative, true, 1);
        (FirstSeen, LastSeen, Time) = (time, time, time);
        _filter = BoxFilter.Start(detection.Box);
        _labels = default;
        _labels.Add(detection);
        (Label, Score, _score) = (detection.Label, detection.Score, detection.Score);
        (Box, Velocity) = (detection.Box, null);
        (_colors, _lower, _head) = (default, default, default);
    }

    internal void Predict(SensorTime time)
    {
        var seconds = (time.Monotonic - Time.Monotonic).TotalSeconds;
        _filter.Predict(seconds, State != TrackState.Lost);
        _labels.Fade(Fading((float)seconds, _settings.LabelMemorySeconds));
        (Time, Matched, Box) = (time, false, _filter.Box);
        Score = _score * Fading((float)Unseen.TotalSeconds, _settings.ScoreMemorySeconds);
    }

    internal void See(in Detection detection)
    {
        _filter.Correct(detection.Box);
        Vote(detection);
        var elapsed = (float)Unseen.TotalSeconds;
        _score += (detection.Score - _score) * (1 - Fading(elapsed, _settings.ScoreMemorySeconds));
        (Matched, LastSeen, Score, Box) = (true, Time, _score, _filter.Box);
        Hits++;
        if (State == TrackState.Lost) State = TrackState.Tracked;
    }

    internal void Vote(in Detection detection)
    {
        _labels.Add(detection);
        Label = _labels.Winner;
    }

    internal void Confirm(string id) => (Id, State) = (id, TrackState.Tracked);

    internal void Lose() => State = TrackState.Lost;

    internal void End() => State = TrackState.Ended;

    internal void StateVelocity()
        => Velocity = _filter.VelocityDeviation <= _settings.VelocityMaxDeviationPerSecond ? _filter.Velocity : null;

    /// <summary>What is left, of 1, of what was learned so long ago.</summary>
    internal static float Fading(float elapsedSeconds, float memorySeconds)
        => memorySeconds > 0 ? MathF.Exp(-elapsedSeconds / memorySeconds) : 0;
}
