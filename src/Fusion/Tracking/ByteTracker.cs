using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// Follows the objects of one camera: ByteTrack (Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every
/// Detection Box", ECCV 2022). High-score detections are matched to all confirmed tracks first; what is left of the
/// tracks may be prolonged by low-score detections, which are mostly objects half hidden; tentative tracks come last.
/// Unlike the paper's, the filter runs on real time, labels may waver, and the order of the detections does not matter.
/// Not thread-safe; nothing is allocated after construction but an id for each confirmed track.
/// </summary>
public sealed class ByteTracker
{
    private readonly TrackerSettings _settings;
    private readonly TrackIds _ids;
    private readonly DetectionList _detections;
    private readonly Assignment _assignment;
    private readonly Track[] _tracks;
    private readonly Track[] _confirmed;
    private readonly TrackEvent[] _events;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly int[] _columnOfRow;
    private readonly Track?[] _trackOfDetection;
    private SensorTime? _time;
    private int _trackCount;
    private int _confirmedCount;
    private int _eventCount;

    /// <summary>Makes a tracker for one camera.</summary>
    /// <param name="settings">How to match and for how long to remember.</param>
    /// <param name="ids">Where ids come from; shared by the trackers of all cameras.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit of the settings is out of its range.</exception>
    public ByteTracker(TrackerSettings settings, TrackIds ids)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxTracks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.MaxTracks, 512);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxDetections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.MaxDetections, 512);
        (_settings, _ids) = (settings, ids);
        // Twice the limit: tracks that end in an update keep their place beside those that start in it.
        _tracks = new Track[2 * settings.MaxTracks];
        for (var i = 0; i < _tracks.Length; i++) _tracks[i] = new Track(settings);
        _confirmed = new Track[settings.MaxTracks];
        _events = new TrackEvent[_tracks.Length];
        _rows = new int[settings.MaxTracks];
        _columnOfRow = new int[settings.MaxTracks];
        _columns = new int[settings.MaxDetections];
        _trackOfDetection = new Track?[settings.MaxDetections];
        _detections = new DetectionList(settings.MaxDetections);
        _assignment = new Assignment(settings.MaxTracks, settings.MaxDetections);
    }

    /// <summary>
    /// The confirmed tracks in the order of their birth, lost ones included; valid until the next update.
    /// </summary>
    public ReadOnlySpan<Track> Tracks => _confirmed.AsSpan(0, _confirmedCount);

    /// <summary>What happened in the latest update; valid until the next one.</summary>
    public ReadOnlySpan<TrackEvent> Events => _events.AsSpan(0, _eventCount);

    /// <summary>The settings it was made with.</summary>
    public TrackerSettings Settings => _settings;

    /// <summary>
    /// Detections refused so far because a number was not finite, the box empty or the label missing.
    /// </summary>
    public long InvalidDetections => _detections.Invalid;

    /// <summary>
    /// Detections left out so far because an image had more than <see cref="TrackerSettings.MaxDetections"/>.
    /// </summary>
    public long ExcessDetections => _detections.Excess;

    /// <summary>
    /// Detections so far that would have started a track beyond <see cref="TrackerSettings.MaxTracks"/>.
    /// </summary>
    public long ExcessTracks { get; private set; }

    /// <summary>Updates ignored so far because they carried the time of the one before.</summary>
    public long RepeatedUpdates { get; private set; }

    /// <summary>How often all tracks were ended because time ran backwards or jumped too far ahead.</summary>
    public long Resets { get; private set; }

    /// <summary>Takes in the detections of one image.</summary>
    /// <param name="detections">In any order; unusable ones are counted and left out.</param>
    /// <param name="time">
    /// When the image was taken. The same time again is the same image again: counted and ignored. A time before
    /// the last, or more than <see cref="TrackerSettings.MaxGapSeconds"/> after it, ends all tracks first.
    /// </param>
    public void Update(ReadOnlySpan<Detection> detections, SensorTime time) => Update(detections, [], time);

    /// <summary>
    /// Takes in the detections of one image with their colours, which tell apart those who meet: of two matches that
    /// the places allow alike, the one of like colours is made. The tracks' colours follow by themselves.
    /// </summary>
    /// <param name="detections">In any order; unusable ones are counted and left out.</param>
    /// <param name="colors">One for each detection, all zero where not measured; or none at all.</param>
    /// <param name="time">When the image was taken, as above.</param>
    /// <exception cref="ArgumentException">There are colours, but not as many as detections.</exception>
    public void Update(ReadOnlySpan<Detection> detections, ReadOnlySpan<ObjectColors> colors, SensorTime time)
    {
        if (!colors.IsEmpty && colors.Length != detections.Length)
            throw new ArgumentException($"{colors.Length} colours for {detections.Length} detections", nameof(colors));
        _eventCount = 0;
        if (_time?.Monotonic == time.Monotonic)
        {
            RepeatedUpdates++;
            return;
        }

        if (_time is { } last) Advance(last, time);
        _time = time;

        _detections.Fill(detections, colors, _settings.LowScore);
        Array.Clear(_trackOfDetection);
        var high = _detections.CountFrom(_settings.HighScore);
        Match(TrackState.Tracked | TrackState.Lost, 0, high, _settings.HighMatchOverlap);
        Match(TrackState.Tracked, high, _detections.Count, _settings.LowMatchOverlap);
        Match(TrackState.Tentative, 0, high, _settings.TentativeMatchOverlap);
        StartTracks(high, time);
        Conclude();
    }

    private void Advance(SensorTime last, SensorTime time)
    {
        var elapsed = time.Monotonic - last.Monotonic;
        if (elapsed > TimeSpan.Zero && elapsed.TotalSeconds <= _settings.MaxGapSeconds)
        {
            for (var i = 0; i < _trackCount; i++) _tracks[i].Predict(time);
            return;
        }

        Resets++;
        for (var i = 0; i < _trackCount; i++) End(_tracks[i]);
    }

    /// <summary>Matches the free tracks in given states with a range of the detections.</summary>
    private void Match(TrackState states, int from, int to, float minOverlap)
    {
        int rows = 0, columns = 0;
        for (var i = 0; i < _trackCount; i++)
        {
            if ((_tracks[i].State & states) != 0 && !_tracks[i].Matched) _rows[rows++] = i;
        }

        for (var i = from; i < to; i++)
        {
            if (_trackOfDetection[i] is null) _columns[columns++] = i;
        }

        if (rows == 0 || columns == 0) return;
        _assignment.Begin(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                _assignment.SetBenefit(row, column, Benefit(_tracks[_rows[row]], _columns[column], minOverlap));
            }
        }

        var columnOfRow = _columnOfRow.AsSpan(0, rows);
        _assignment.Solve(columnOfRow);
        for (var row = 0; row < rows; row++)
        {
            if (columnOfRow[row] == Assignment.None) continue;
            var track = _tracks[_rows[row]];
            var detection = _columns[columnOfRow[row]];
            _trackOfDetection[detection] = track;
            track.See(_detections[detection]);
            track.ObserveColors(_detections.Colors(detection));
        }
    }

    private double Benefit(Track track, int detection, float minOverlap)
    {
        var overlap = track.Box.IntersectionOverUnion(_detections[detection].Box);
        if (!string.Equals(track.Label, _detections[detection].Label, StringComparison.Ordinal))
            overlap *= _settings.OtherLabelFactor;
        if (overlap < minOverlap) return 0;
        // A pair that is only just allowed must still beat no pair at all, hence the small constant.
        var likeness = 1 - _settings.ColorWeight * track.ColorDistance(_detections.Colors(detection));
        return (overlap - minOverlap + 1e-6) * likeness;
    }

    private void StartTracks(int high, SensorTime time)
    {
        for (var i = 0; i < high; i++)
        {
            if (_trackOfDetection[i] is not null) continue;
            ref readonly var detection = ref _detections[i];
            if (SecondNameOf(i, high) is { } same)
            {
                same.Vote(detection);
            }
            else if (detection.Score >= _settings.NewTrackScore)
            {
                if (Free() is { } track)
                {
                    track.Begin(detection, time);
                    track.ObserveColors(_detections.Colors(i));
                    _trackOfDetection[i] = track;
                }
                else
                {
                    ExcessTracks++;
                }
            }
        }
    }

    private Track? SecondNameOf(int detection, int high)
    {
        for (var i = 0; i < high; i++)
        {
            if (i != detection && _trackOfDetection[i] is { } track
                && _detections[i].Box.IntersectionOverUnion(_detections[detection].Box) >= _settings.DuplicateOverlap)
            {
                return track;
            }
        }

        return null;
    }

    private Track? Free()
    {
        var alive = 0;
        for (var i = 0; i < _trackCount; i++)
        {
            if (_tracks[i].State != TrackState.Ended) alive++;
        }

        return alive < _settings.MaxTracks ? _tracks[_trackCount++] : null;
    }

    /// <summary>
    /// Confirms, loses and ends tracks after the matching, and closes the gaps that ended ones leave.
    /// </summary>
    private void Conclude()
    {
        for (var i = 0; i < _trackCount; i++) Conclude(_tracks[i]);

        var kept = 0;
        _confirmedCount = 0;
        for (var i = 0; i < _trackCount; i++)
        {
            var track = _tracks[i];
            if (track.State == TrackState.Ended) continue;
            (_tracks[kept], _tracks[i]) = (track, _tracks[kept]);
            kept++;
            if (track.State != TrackState.Tentative) _confirmed[_confirmedCount++] = track;
        }

        _trackCount = kept;
    }

    private void Conclude(Track track)
    {
        if (track.State == TrackState.Ended) return;
        track.StateVelocity();
        if (track.Matched)
        {
            var isNew = track.State == TrackState.Tentative && track.Hits >= _settings.ConfirmHits;
            if (isNew) track.Confirm(_ids.Next());
            if (track.State == TrackState.Tracked) Tell(isNew ? TrackEventKind.New : TrackEventKind.Update, track);
        }
        else if (track.State == TrackState.Tentative || track.Unseen.TotalSeconds > _settings.LostSeconds)
        {
            End(track);
        }
        else
        {
            track.Lose();
        }
    }

    private void End(Track track)
    {
        if (track.State != TrackState.Tentative) Tell(TrackEventKind.End, track);
        track.End();
    }

    private void Tell(TrackEventKind kind, Track track) => _events[_eventCount++] = new TrackEvent(kind, track);
}
