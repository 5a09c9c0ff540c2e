using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>What a further look at the objects of a motion tells.</summary>
/// <param name="Confidence">Probability that they are still what was meant, 0 to 1.</param>
/// <param name="Failure">Why the motion must end, one clause; null while it may go on.</param>
public readonly record struct TargetLook(double Confidence, string? Failure);

/// <summary>
/// Looks again at what a motion is about, by the rules alone and the reading that was acted on: nothing is parsed, and
/// no network asked. What must stay true is the label, colours and clothing, contact with a landmark of a destination
/// or of what is avoided, and that an object does not change its look at once, as one does that took another's id. What
/// was true of the moment of the order is not looked at again, because the robot's own motion changes it: orders and
/// sides ("the nearest", "the left one"), directions and comparisons between objects, motion, sounds, exclusions. An
/// object that comes into sight and answers the description as well makes it ambiguous, but not to a robot that follows
/// somebody: whom it follows, its following has settled. Costs some hundredths of a millisecond a look. Owned by one
/// thread.
/// </summary>
public sealed class TargetWatch
{
    /// <summary>Looks in a row after which a doubt ends the motion.</summary>
    public const int Patience = 3;

    private readonly List<WatchedObject> _objects = [];
    private readonly Scene _part = new();
    private readonly GroundingThresholds _thresholds = GroundingThresholds.Default;
    private readonly double _confidence;
    private readonly WatchedObject? _chosen;
    private readonly HashSet<string> _known = [];
    private int _doubts;
    private double _certainty = 1;

    /// <summary>Begins to watch over the objects of an act.</summary>
    /// <param name="answer">The answer, which names them.</param>
    /// <param name="scene">The scene that it was grounded in; not kept.</param>
    public TargetWatch(GroundingAnswer answer, Scene scene)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(scene);
        _confidence = answer.Confidence ?? 1;
        var resolver = new DescriptionResolver(new SceneView(scene, _thresholds));
        var steps = answer.Reading?.Steps ?? [];
        Add(answer.Target, steps.FirstOrDefault(step => step.Target is not null)?.Target, resolver, isPlace: false);
        Add(
            answer.Destination, steps.FirstOrDefault(step => step.Destination is not null)?.Destination, resolver,
            isPlace: true);
        foreach (var (id, metres) in answer.Distances)
            Add(id, Described(answer.Reading?.Avoid ?? [], metres, id, resolver.Scene), resolver, isPlace: true);
        if (answer.Action == RobotActionKind.Follow) return;
        _chosen = _objects.Find(watched => watched.Id == answer.Target);
        foreach (var seen in scene.Objects) _known.Add(seen.Id);
    }

    /// <summary>Looks at a scene.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="isNew">
    /// Whether there is a new picture in it: without one it is only looked for what is gone, and no doubt adds up.
    /// </param>
    public TargetLook Look(Scene scene, bool isNew = true)
    {
        ArgumentNullException.ThrowIfNull(scene);
        if (_objects.Count == 0) return new TargetLook(_confidence, null);
        if (Missing(scene) is { } missing) return new TargetLook(0, $"lost sight of {missing}");
        if (!isNew) return new TargetLook(_confidence * _certainty, null);
        var view = new SceneView(_part, _thresholds);
        WatchedObject? doubtful = null;
        _certainty = 1;
        foreach (var watched in _objects)
        {
            _certainty *= watched.Look(view);
            if (watched.Doubt is not null) doubtful ??= watched;
        }

        var rival = doubtful is null ? Rival(view) : null;
        _doubts = doubtful is null && rival is null ? 0 : _doubts + 1;
        var failure = _doubts < Patience ? null
            : doubtful?.Explain(scene, _thresholds)
                ?? $"{_chosen!.Name} is no longer the only one: {rival} may be meant";
        return new TargetLook(_confidence * _certainty, failure);
    }

    /// <summary>What came into sight since and may be meant as well; none where nothing did.</summary>
    private string? Rival(SceneView view) => _chosen is null ? null
        : Array.Find(
            view.Objects, item => !_known.Contains(item.Source.Id) && _chosen.IsRivalledBy(view, item))?.Name;

    /// <summary>
    /// Gathers what is watched, its landmarks and what came into sight since; answers with what has left the scene.
    /// </summary>
    private string? Missing(Scene scene)
    {
        _part.Objects.Clear();
        _part.Cameras.Clear();
        _part.Cameras.AddRange(scene.Cameras);
        _part.Quality = scene.Quality;
        foreach (var watched in _objects)
        {
            if (!Gather(scene, watched.Id)) return watched.Name;
            foreach (var landmark in watched.Landmarks) Gather(scene, landmark);
        }

        if (_chosen is null) return null;
        foreach (var seen in scene.Objects)
            if (!_known.Contains(seen.Id)) _part.Objects.Add(seen);
        return null;
    }

    private bool Gather(Scene scene, string id)
    {
        foreach (var known in _part.Objects)
            if (known.Id == id) return true;
        foreach (var seen in scene.Objects)
        {
            if (seen.Id != id) continue;
            _part.Objects.Add(seen);
            return true;
        }

        return false;
    }

    private void Add(string? id, NounPhrase? phrase, DescriptionResolver resolver, bool isPlace)
    {
        var item = Array.Find(resolver.Scene.Objects, item => item.Source.Id == id);
        if (item is not null && !_objects.Exists(known => known.Id == id))
            _objects.Add(new WatchedObject(item, phrase, resolver, isPlace));
    }

    /// <summary>Which of the things to keep a distance from an object was named by.</summary>
    private static NounPhrase? Described(IReadOnlyList<Avoidance> avoid, double metres, string id, SceneView scene)
    {
        var item = Array.Find(scene.Objects, item => item.Source.Id == id);
        return avoid.Where(one => one.Metres == metres).Select(one => one.What)
            .MaxBy(phrase => item is null ? 0 : LabelMatcher.Match(phrase, scene).Weights[item.Index]);
    }
}
