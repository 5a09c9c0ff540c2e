using EdgePerception.Fusion.Attention;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Weighs what the network reads in a command with what the rules make of it: a log-linear pool, calibrated on tune
/// data. The network has a say only on what it was trained for: one step, one object a role, and clauses of its own
/// kinds. A pure function of what it is given.
/// </summary>
internal sealed class Combination
{
    // So that neither opinion is a veto where the other is sure; its least probability is a share of all.
    private const double Doubt = 1e-3;

    private static readonly HashSet<SpatialRelation> KnownRelations =
    [
        SpatialRelation.LeftOf, SpatialRelation.RightOf, SpatialRelation.Above, SpatialRelation.Below,
        SpatialRelation.Under, SpatialRelation.On,
        SpatialRelation.NextTo, SpatialRelation.NearestTo, SpatialRelation.Behind, SpatialRelation.InFrontOf,
    ];

    private static readonly HashSet<Scale> KnownScales =
        [Scale.Left, Scale.Right, Scale.Top, Scale.Bottom, Scale.Near, Scale.Far, Scale.Large, Scale.Small];

    private readonly GrounderSettings _settings;
    private readonly GroundingCalibration _calibration;
    private readonly SceneView _scene;
    private readonly Dictionary<NounPhrase, RoleReading> _roles = new(ReferenceEqualityComparer.Instance);

    /// <summary>Prepares the combination for one command in one scene.</summary>
    public Combination(AttentionReading reading, ParsedCommand command, SceneView scene,
        GroundingCalibration calibration, GrounderSettings settings)
    {
        (Reading, _calibration, _settings) = (reading, calibration, settings);
        _scene = scene;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < reading.Objects.Count; i++) places.TryAdd(reading.Objects[i], i);
        Shown = [.. scene.Objects.Select(item => places.GetValueOrDefault(item.Source.Id, -1))];
        if (command.Steps is not [{ Counts: false, IsOpenQuestion: false } step]) return;
        if (step.Target is { } target) _roles[target] = reading.Target;
        if (step.Destination is { } destination) _roles[destination] = reading.Destination;
        if (command.Avoid is [var avoid]) _roles[avoid.What] = reading.Avoid;
    }

    /// <summary>What the network reads.</summary>
    public AttentionReading Reading { get; }

    /// <summary>
    /// For each object of the scene its place among those that the network was shown; −1 for one that it was not.
    /// </summary>
    public IReadOnlyList<int> Shown { get; }

    /// <summary>What a description means by both opinions; null if the rules alone are to be asked.</summary>
    /// <param name="phrase">The description.</param>
    /// <param name="rules">What the rules make of it.</param>
    public Posterior? Weigh(NounPhrase phrase, Referents rules)
    {
        OpinionWeights? weights = ReadingOf(phrase, rules) switch
        {
            RuleReading.Whole => _calibration.Combined,
            RuleReading.Partly => _calibration.Partly,
            RuleReading.Unknown => _calibration.Unread,
            _ => null,
        };
        return weights is null ? null : Pool(rules.Weighed(_scene.Thresholds), _roles[phrase], weights);
    }

    /// <summary>
    /// How much the rules understand of a description that both are asked about; null if the rules alone are.
    /// </summary>
    public RuleReading? ReadingOf(NounPhrase phrase, Referents rules)
    {
        var asked =
            phrase is { Quantity: Quantity.One, Alternatives.Count: 0, IsSpeaker: false, KnownId: null, Called: null }
                && _roles.ContainsKey(phrase);
        if (!asked || (IsKnown(phrase, rules.Noun) && !IsFamiliar(phrase))) return null;
        return ReadingOf(phrase, rules.Noun, _scene);
    }

    /// <summary>What a role means by the network alone.</summary>
    public Posterior Weigh(RoleReading role) => Pool((1, new double[Shown.Count], 1), role, _calibration.Network);

    /// <summary>How much the rules understand of a description, what it relates to included.</summary>
    /// <param name="phrase">The description.</param>
    /// <param name="noun">What its noun matches.</param>
    /// <param name="scene">Where the nouns of what it relates to are looked for.</param>
    public static RuleReading ReadingOf(NounPhrase phrase, NounMatch noun, SceneView scene)
    {
        var unread = (noun.Unread.Count > 0 && !IsListed(phrase))
            || phrase.Modifiers.Any(modifier => modifier is UnmeasuredModifier or SupposedModifier);
        var own = !IsKnown(phrase, noun) ? RuleReading.Unknown : unread ? RuleReading.Partly : RuleReading.Whole;
        var anchors = phrase.Modifiers.SelectMany(modifier => modifier switch
        {
            RelationModifier relation => relation.Anchors,
            SupposedModifier { Anchor: { } anchor } => [anchor],
            _ => [],
        });
        return anchors.Select(anchor => ReadingOf(anchor, LabelMatcher.Match(anchor, scene), scene)).Append(own).Max();
    }

    /// <summary>Whether the rules know what a noun names, be it in sight or not.</summary>
    public static bool IsKnown(NounPhrase phrase, NounMatch noun) =>
        phrase.Noun.Count == 0 || noun.Best > 0 || IsListed(phrase)
            || phrase.Noun.Any(word => Lexicon.Default.IsNoun(word));

    private static bool IsListed(NounPhrase phrase) =>
        Lexicon.Default.Meanings(string.Join(' ', phrase.Noun)) is not null;

    private static bool IsFamiliar(NounPhrase phrase) =>
        phrase is { Quantity: Quantity.One, KnownId: null } && phrase.Modifiers.All(modifier => modifier switch
    {
        ColorModifier color => !color.Worn && color.Colors is [{ Tone: 0 }],
        MotionModifier motion => motion.Motion is Motion.Moving or Motion.Still or Motion.Left or Motion.Right,
        SoundModifier sound => !sound.Negated,
        SelectionModifier selection => !selection.Negated && KnownScales.Contains(selection.Scale),
        // In chains of relations the network loses its way; the rules do not.
        RelationModifier relation =>
            KnownRelations.Contains(relation.Relation) && relation.Anchors is [var anchor] && IsFamiliar(anchor)
            && !anchor.Modifiers.Any(inner => inner is RelationModifier),
        UnmeasuredModifier => true,
        SupposedModifier { Anchor: { } anchor } => IsFamiliar(anchor),
        SupposedModifier => true,
        _ => false,
    });

    private Posterior Pool(
        (double None, double[] Single, double Several) rules, RoleReading role, OpinionWeights weights)
    {
        // "Not asked" is no answer to what the grammar says was asked.
        var asked = Math.Max(1e-6, 1 - role.NotAsked);
        var none = Pool(rules.None, role.Absent / asked, weights, weights.Absent);
        var several = Pool(rules.Several, role.Several / asked, weights, weights.Several);
        var single =
            Shown.Select((place, index) =>
                Pool(rules.Single[index], place < 0 ? 0 : role.Objects[place] / asked, weights, 0)).ToArray();
        var sum = none + several + single.Sum();
        return new Posterior(none / sum, [.. single.Select(probability => probability / sum)], several / sum,
            _calibration.MinProbability(_settings.Risk, weights), weights.Act);
    }

    private static double Pool(double rules, double network, OpinionWeights weights, double bias) =>
        Math.Pow(Share(rules) + Doubt, weights.Rules) * Math.Pow(Share(network) + Doubt, weights.Network)
            * Math.Exp(bias);

    private static double Share(double probability) => double.IsFinite(probability) ? Math.Clamp(probability, 0, 1) : 0;
}
