using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// How detections become tracks. The defaults are ByteTrack's (Zhang et al., ECCV 2022) where nothing else is said.
/// Scores, overlaps and factors are from 0 to 1; an overlap is intersection over union.
/// </summary>
public sealed record TrackerSettings
{
    /// <summary>
    /// Detections from this score on are matched first. Half of the paper's 0.6, which fits a large detector: a small
    /// one gives its right boxes 0.35 to 0.7.
    /// </summary>
    [Range(0.0, 1.0)]
    public float HighScore { get; init; } = 0.3f;

    /// <summary>
    /// Detections from this score on may prolong a track that no high-score detection fits; others are ignored.
    /// </summary>
    [Range(0.0, 1.0)]
    public float LowScore { get; init; } = 0.1f;

    /// <summary>A detection that fits no track starts one from this score on.</summary>
    [Range(0.0, 1.0)]
    public float NewTrackScore { get; init; } = 0.35f;

    /// <summary>
    /// Least overlap of a track's predicted box with a high-score detection. Half of the paper's 0.2, as robots see ten
    /// pictures a second rather than thirty.
    /// </summary>
    [Range(0.0, 1.0)]
    public float HighMatchOverlap { get; init; } = 0.1f;

    /// <summary>Least overlap with a low-score detection; stricter, as those are often background.</summary>
    [Range(0.0, 1.0)]
    public float LowMatchOverlap { get; init; } = 0.5f;

    /// <summary>Least overlap for a track that is not confirmed yet.</summary>
    [Range(0.0, 1.0)]
    public float TentativeMatchOverlap { get; init; } = 0.3f;

    /// <summary>
    /// What an overlap counts when the labels differ: detectors waver between neighbours such as car and truck, so
    /// another label makes a match worse, not impossible. 0 forbids such matches.
    /// </summary>
    [Range(0.0, 1.0)]
    public float OtherLabelFactor { get; init; } = 0.7f;

    /// <summary>
    /// By how much entirely different colours lessen what a match is worth, 0 to less than 1. Colours choose between
    /// matches; they never forbid one, as light changes.
    /// </summary>
    [Range(0.0, 0.99)]
    public float ColorWeight { get; init; } = 0.8f;

    /// <summary>
    /// A detection that overlaps one already taken in this picture by as much is a second name for the same object: it
    /// counts in the vote on the label and starts no track.
    /// </summary>
    [Range(0.0, 1.0)]
    public float DuplicateOverlap { get; init; } = 0.7f;

    /// <summary>How many matched pictures in a row confirm a track; until then it is not shown.</summary>
    [Range(1, 100)]
    public int ConfirmHits { get; init; } = 3;

    /// <summary>How long a track that is not seen keeps its id, in seconds.</summary>
    [Range(0.01, 600.0)]
    public float LostSeconds { get; init; } = 1.5f;

    /// <summary>
    /// A gap between pictures longer than this ends all tracks: the scene may be another, in seconds.
    /// </summary>
    [Range(0.01, 600.0)]
    public float MaxGapSeconds { get; init; } = 2;

    /// <summary>
    /// Over how long scores are averaged, and how fast the score of an unseen track fades, in seconds.
    /// </summary>
    [Range(0.01, 600.0)]
    public float ScoreMemorySeconds { get; init; } = 0.5f;

    /// <summary>Over how long the votes on the label count, in seconds.</summary>
    [Range(0.01, 600.0)]
    public float LabelMemorySeconds { get; init; } = 2;

    /// <summary>Over how long colours are averaged, in seconds.</summary>
    [Range(0.01, 600.0)]
    public float ColorMemorySeconds { get; init; } = 2;

    /// <summary>
    /// A velocity is stated once its standard deviation is below so many object sizes a second, where the size is the
    /// square root of the box's area.
    /// </summary>
    [Range(0.0, 1000.0)]
    public float VelocityMaxDeviationPerSecond { get; init; } = 0.75f;

    /// <summary>Most tracks at a time, 1 to 512; a detection that would start another is counted and dropped.</summary>
    [Range(1, 512)]
    public int MaxTracks { get; init; } = 128;

    /// <summary>Most detections of a picture that are looked at, best scores first, 1 to 512.</summary>
    [Range(1, 512)]
    public int MaxDetections { get; init; } = 300;
}
