using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// One object that a motion is about, with what must stay true of it as it was measured when the motion was decided.
/// Owned by one thread.
/// </summary>
internal sealed class WatchedObject
{
    // Half as sure as at the decision is no longer sure.
    private const double Holding = 0.5;
    private const double Swapped = 0.4;

    // Robots and objects move, but no box grows fourfold, and no red thing turns blue, from one look to the next.
    private const double MostGrowth = 4;
    private const double LeastInCommon = 0.15;

    private readonly string _label;
    private readonly NounPhrase? _phrase;
    private readonly double _noun;
    private readonly List<Lasting> _clauses = [];
    private BoundingBox? _box;
    private ColorShares? _colors;

    /// <summary>Takes note of an object.</summary>
    /// <param name="item">The object.</param>
    /// <param name="phrase">What it was called; none where only an id is known.</param>
    /// <param name="resolver">Reads descriptions in the scene of the decision.</param>
    /// <param name="isPlace">Whether it is where to go or what to avoid: its landmarks count as well.</param>
    public WatchedObject(ViewedObject item, NounPhrase? phrase, DescriptionResolver resolver, bool isPlace)
    {
        (Id, Name, _label, _phrase) = (item.Source.Id, item.Name, item.Label, phrase);
        (_box, _colors) = (item.Box, item.Colors);
        if (phrase is null) return;
        _noun = Noun(resolver.Scene, item);
        foreach (var color in phrase.Modifiers.OfType<ColorModifier>())
            if (ColorPredicate.Probability(item, color) is { } then) _clauses.Add(new Lasting(color, then, null));
        if (isPlace && phrase is { KnownId: null, Alternatives.Count: 0 })
            _clauses.AddRange(Contacts(item, phrase, resolver));
    }

    /// <summary>The object's id.</summary>
    public string Id { get; }

    /// <summary>How people are told of it.</summary>
    public string Name { get; }

    /// <summary>Why it may be another one, one clause; null where there is no doubt.</summary>
    public string? Doubt { get; private set; }

    /// <summary>Ids of what it must stay in contact with; one that is out of sight is not held against it.</summary>
    public IEnumerable<string> Landmarks => _clauses.Select(clause => clause.Landmark).OfType<string>();

    /// <summary>How sure it is that the object is still the one, 0 to 1, as against the decision.</summary>
    /// <param name="scene">Holds the object.</param>
    public double Look(SceneView scene)
    {
        var item = Array.Find(scene.Objects, seen => seen.Source.Id == Id)!;
        Doubt = null;
        var sure = LabelCertainty(scene, item);
        if (sure < Holding) Doubt = $"{Name} is seen as {item.ShortLabel} now";
        foreach (var clause in _clauses)
        {
            if (clause.Now(scene, item) is not { } now) continue;
            var holds = Math.Min(1, now / Math.Max(clause.Then, 1e-9));
            sure *= holds;
            if (holds < Holding) Doubt ??= $"{Name} is no longer {clause.What}";
        }

        if (!IsLikeBefore(item))
        {
            sure *= Swapped;
            Doubt ??= $"{Name} looks like another object all at once";
        }

        // What was in doubt is no measure for the next look.
        if (Doubt is null) (_box, _colors) = (item.Box ?? _box, item.Colors ?? _colors);
        return sure;
    }

    /// <summary>
    /// Whether an object that came into sight since answers the description as well: one whose words are of a kind that
    /// lasts, and that is not the same thing seen twice.
    /// </summary>
    /// <param name="scene">Holds both.</param>
    /// <param name="other">The newcomer.</param>
    public bool IsRivalledBy(SceneView scene, ViewedObject other) =>
        IsDescribedForGood && !IsSameThing(other) && Fits(scene, other) >= Holding;

    /// <summary>The doubt in words, and what else in sight could be meant.</summary>
    public string Explain(Scene scene, GroundingThresholds thresholds)
    {
        var view = new SceneView(scene, thresholds);
        var other = _phrase is null ? null
            : Array.Find(view.Objects, item => item.Source.Id != Id && Fits(view, item) >= Holding);
        return other is null ? Doubt! : $"{Doubt}; \"{_phrase!.Text}\" may be {other.Name} as well";
    }

    // "The left one" and "the nearest" are of the moment, and whoever was chosen or called by name is not described.
    private bool IsDescribedForGood => _phrase is
    {
        Quantity: Quantity.One, KnownId: null, Called: null, Among: null, IsOther: false, IsSpeaker: false,
        Alternatives.Count: 0,
    }
        && _phrase.Modifiers.All(modifier => modifier is ColorModifier);

    private bool IsSameThing(ViewedObject other) =>
        other.Box is { } box && _box is { } own && box.IntersectionOverUnion(own) > Holding;

    private double LabelCertainty(SceneView scene, ViewedObject item) =>
        item.Label == _label ? 1 : _phrase is not { Noun.Count: > 0 } || _noun <= 0 ? 0
            : Math.Min(1, Noun(scene, item) / _noun);

    private double Noun(SceneView scene, ViewedObject item) => _phrase!.Alternatives.Prepend(_phrase)
        .Max(phrase => LabelMatcher.Match(phrase, scene).Weights[item.Index]);

    private double Fits(SceneView scene, ViewedObject item) =>
        _clauses.Aggregate(Noun(scene, item), (fits, clause) => fits * (clause.Now(scene, item) ?? 1));

    private bool IsLikeBefore(ViewedObject item)
    {
        if (item.Box is { Area: > 0 } box && _box is { Area: > 0 } before
            && Math.Max(box.Area / before.Area, before.Area / box.Area) > MostGrowth)
            return false;
        return item.Colors is not { } colors || _colors is not { } known || InCommon(colors, known) >= LeastInCommon;
    }

    /// <summary>How much of two looks has the same colour; light and shade turn white into grey and black.</summary>
    private static double InCommon(in ColorShares a, in ColorShares b)
    {
        double common = 0, greyA = 0, greyB = 0, sumA = 0, sumB = 0;
        for (var color = 0; color < ColorShares.Count; color++)
        {
            (sumA, sumB) = (sumA + a[color], sumB + b[color]);
            if ((NamedColor)color is NamedColor.Black or NamedColor.Grey or NamedColor.White)
                (greyA, greyB) = (greyA + a[color], greyB + b[color]);
            else common += Math.Min(a[color], b[color]);
        }

        // Shares that say little of the object tell nothing.
        return Math.Min(sumA, sumB) < Holding ? 1 : common + Math.Min(greyA, greyB);
    }

    private static IEnumerable<Lasting> Contacts(ViewedObject item, NounPhrase phrase, DescriptionResolver resolver)
    {
        foreach (var check in new ClauseChecks(resolver).Of(phrase, item.Index))
        {
            var isContact = check is { Holds: true, Others.Count: 1 } && ReferenceEquals(check.Phrase, phrase)
                && check.Modifier is RelationModifier
                {
                    Negated: false, Sureness: >= 1, Anchors.Count: 1,
                    Relation: SpatialRelation.On or SpatialRelation.In or SpatialRelation.NextTo
                        or SpatialRelation.With,
                };
            if (!isContact) continue;
            var contact = new Lasting(check.Modifier!, 0, check.Others[0].Source.Id);
            if (contact.Now(resolver.Scene, item) is { } then) yield return contact with { Then = then };
        }
    }

    /// <summary>A clause that must stay true, with its probability at the decision.</summary>
    private sealed record Lasting(Modifier Modifier, double Then, string? Landmark)
    {
        public string What => Modifier.Text;

        /// <summary>Its probability now; null where it cannot be measured.</summary>
        public double? Now(SceneView scene, ViewedObject item)
        {
            if (Modifier is ColorModifier color) return ColorPredicate.Probability(item, color);
            var landmark = Array.Find(scene.Objects, seen => seen.Source.Id == Landmark);
            return landmark is null ? null
                : SpatialPredicates.Probability(item, landmark, ((RelationModifier)Modifier).Relation);
        }
    }
}
