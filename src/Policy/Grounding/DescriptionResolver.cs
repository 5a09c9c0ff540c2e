using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Finds what a description means: each clause gives every object a probability, the product of them the probability
/// that the object fits, and the distribution of how many fit the probability that exactly one does. What a relation
/// relates to is found first; where that is unclear, every possibility is followed with its weight.
/// </summary>
internal sealed class DescriptionResolver(SceneView scene)
{
    private const double Forgiven = 0.02;
    private const int MaxAnchors = 6;
    private const int MaxCombinations = 24;

    private readonly Dictionary<NounPhrase, Referents> _known = new(ReferenceEqualityComparer.Instance);
    private readonly GroundingThresholds _thresholds = scene.Thresholds;

    /// <summary>The scene.</summary>
    public SceneView Scene { get; } = scene;

    /// <summary>What a description means; the same answer for the same description.</summary>
    public Referents Resolve(NounPhrase phrase)
    {
        if (_known.TryGetValue(phrase, out var known)) return known;
        Scene.Limit.Check();
        return _known[phrase] = phrase.KnownId is not null ? ResolveKnown(phrase, phrase.KnownId)
            : phrase.Alternatives.Count > 0 ? ResolveAlternatives(phrase)
            : phrase.Called is { } name ? ResolveCalled(phrase, name) : ResolveOne(phrase);
    }

    /// <summary>The very object that an earlier turn settled, if it is still in sight.</summary>
    private Referents ResolveKnown(NounPhrase phrase, string id)
    {
        var index = Array.FindIndex(Scene.Objects, item => item.Source.Id == id);
        var result = new Referents(Scene.Objects.Length)
        {
            Noun = LabelMatcher.Match(phrase, Scene),
            None = index < 0 ? 1 : 0,
        };
        if (index >= 0) result.Single[index] = result.Fits[index] = result.Closeness[index] = 1;
        return result;
    }

    /// <summary>
    /// The object that the robot calls so, if it is what the noun says; where nothing is called by numbers, the number
    /// counts from the left.
    /// </summary>
    private Referents ResolveCalled(NounPhrase phrase, string name)
    {
        var item =
            Array.Find(Scene.Objects, item => string.Equals(item.Source.Id, name, StringComparison.OrdinalIgnoreCase));
        var numbered =
            Array.Exists(Scene.Objects, item => item.Source.Id.Length > 0 && item.Source.Id.All(char.IsAsciiDigit));
        if (item is null && phrase is { IsNumber: true, Noun.Count: > 0 } && !numbered
            && int.TryParse(name, out var number) && number > 0)
        {
            var place = new SelectionModifier(
                "number " + name, Scale.Left, number - 1, Negated: false, IsRegion: false);
            return Resolve(phrase with { Called = null, Modifiers = [.. phrase.Modifiers, place] });
        }

        var noun = LabelMatcher.Match(phrase, Scene);
        var fits = item is not null && noun.Weights[item.Index] > 0 && phrase.Among?.Contains(item.Source.Id) != false;
        return fits ? ResolveKnown(phrase, item!.Source.Id)
            : new Referents(Scene.Objects.Length) { Noun = noun, None = 1 };
    }

    /// <summary>The noun of a description, with a sound that is called by its name turned into what makes it.</summary>
    public (NounMatch Noun, IReadOnlyList<Modifier> Modifiers) Read(NounPhrase phrase)
    {
        var match = LabelMatcher.Match(phrase, Scene);
        var modifiers = phrase.Modifiers.Select(Audible).ToList();
        if (match.Best > 0 || Heard(phrase) is not { } sound) return (match, modifiers);
        return (LabelMatcher.Match([], Scene), [sound, .. modifiers]);
    }

    /// <summary>"the truck with the siren": what is heard and not seen is no object beside it.</summary>
    private Modifier Audible(Modifier modifier) =>
        modifier is RelationModifier { Relation: SpatialRelation.With, Anchors: [var anchor] } with
        && LabelMatcher.Match(anchor, Scene).Best <= 0 && Heard(anchor) is { } sound
            ? sound with { Text = with.Text, Negated = with.Negated }
            : modifier;

    /// <summary>A noun that names a sound which is heard now.</summary>
    private SoundModifier? Heard(NounPhrase phrase)
    {
        if (phrase.Noun.Count == 0) return null;
        var word = string.Join(' ', phrase.Noun);
        var name = Lexicon.Default.Sound(word);
        var known = name is not null || Lexicon.Default.SoundSources.Contains(word);
        return known && Scene.Sounds.Any(sound => SoundPredicate.Match(sound.Label, name) >= 0.9)
            ? new SoundModifier(word, name, Negated: false) : null;
    }

    /// <summary>Probability that a clause about one object holds for it; null if it cannot be checked.</summary>
    public double? Check(ViewedObject item, Modifier modifier) => modifier switch
    {
        ColorModifier color => ColorPredicate.Probability(item, color),
        MotionModifier motion => MotionPredicate.Probability(item, motion),
        SoundModifier sound => SoundPredicate.Probability(Scene, item, sound),
        SelectionModifier { IsRegion: true } region => Side(item, region),
        ExclusionModifier exclusion => 1 - Math.Min(1, Excluded(exclusion.Excluded, item.Index)),
        _ => null,
    };

    /// <summary>The likeliest objects that a relation's description means, with their weights.</summary>
    public List<(int Index, double Weight)> Anchors(NounPhrase phrase)
    {
        var meant = Resolve(phrase).Meant(_thresholds);
        return [.. meant.Select((weight, index) => (index, weight)).Where(anchor => anchor.weight > 0.02)
            .OrderByDescending(anchor => anchor.weight).Take(MaxAnchors)];
    }

    private Referents ResolveAlternatives(NounPhrase phrase)
    {
        NounPhrase[] all = [phrase with { Alternatives = [] }, .. phrase.Alternatives];
        var parts = all.Select(Resolve).ToList();
        var result = new Referents(Scene.Objects.Length) { Noun = parts[0].Noun };
        var fits = new double[Scene.Objects.Length];
        foreach (var item in Scene.Objects)
        {
            fits[item.Index] = 1 - parts.Aggregate(1.0, (none, part) => none * (1 - part.Fits[item.Index]));
            result.Closeness[item.Index] = parts.Max(part => part.Closeness[item.Index]);
        }

        // "a cup or a bottle" leaves the choice to the robot; "the cup or the bottle" is open until one is named.
        Distribute(result, 1, phrase, fits, []);
        return result;
    }

    private Referents ResolveOne(NounPhrase phrase)
    {
        var (noun, modifiers) = Read(phrase);
        var result = new Referents(Scene.Objects.Length) { Noun = noun };
        var certainty =
            noun.Best
                * Math.Pow(
                    _thresholds.Unverifiable,
                    modifiers.Count(modifier => modifier is UnmeasuredModifier or SupposedModifier)
                        + noun.Unread.Count);
        if (noun.Best <= 0)
        {
            result.None = 1;
            return result;
        }

        var fits = Filter(phrase, noun, modifiers, result.Closeness);
        var relations = modifiers.OfType<RelationModifier>().ToList();
        var hypotheses = new AnchorCombinations(this, relations, result).All(MaxCombinations);
        foreach (var (weight, chosen) in hypotheses) Add(result, weight, phrase, modifiers, fits, relations, chosen);
        for (var i = 0; i < result.Single.Length; i++) result.Single[i] *= certainty;
        result.Several *= certainty;
        result.None = 1 - certainty * (1 - result.None);
        return result;
    }

    /// <summary>The product of the clauses that look at one object alone.</summary>
    private double[] Filter(NounPhrase phrase, NounMatch noun, IReadOnlyList<Modifier> modifiers, double[] closeness)
    {
        var fits = new double[Scene.Objects.Length];
        foreach (var item in Scene.Objects)
        {
            var name = noun.Weights[item.Index] / noun.Best;
            var product = phrase.Among?.Contains(item.Source.Id) == false ? 0 : item.Existence * name * name * name;
            closeness[item.Index] = product;
            if (product <= 0) continue;
            var unmeasured = 0;
            foreach (var modifier in modifiers.Where(modifier => IsFilter(modifier, phrase, modifiers)))
            {
                var holds =
                    Check(item, modifier) ?? (unmeasured++ == 0 ? _thresholds.Unmeasured : _thresholds.Unverifiable);
                product *= holds;
                closeness[item.Index] *= Math.Max(Forgiven, holds);
            }

            fits[item.Index] = product;
        }

        if (phrase.IsSpeaker) PreferSpeaker(fits);
        return fits;
    }

    /// <summary>The speaker is who talks, where that can be heard.</summary>
    private void PreferSpeaker(double[] fits)
    {
        var talking = new SoundModifier("", "speech", Negated: false);
        var heard =
            Scene.Objects.Select(item =>
                fits[item.Index] > 0.1 ? SoundPredicate.Probability(Scene, item, talking) ?? 0 : 0).ToArray();
        if (heard.DefaultIfEmpty(0).Max() < 0.5) return;
        for (var i = 0; i < fits.Length; i++) fits[i] *= Math.Max(Forgiven, heard[i]);
    }

    private static bool IsFilter(Modifier modifier, NounPhrase phrase, IReadOnlyList<Modifier> modifiers) =>
        modifier switch
        {
            ColorModifier or MotionModifier or SoundModifier or ExclusionModifier => true,
            SelectionModifier { IsRegion: true } region => FiltersRegion(region, phrase, modifiers),
            _ => false,
        };

    /// <summary>
    /// "on the left" means the leftmost, except where several are asked for or another order selects ("the largest on
    /// the left"): then it means the left part of the image.
    /// </summary>
    private static bool FiltersRegion(SelectionModifier region, NounPhrase phrase, IReadOnlyList<Modifier> modifiers) =>
        phrase.Quantity is not (Quantity.One or Quantity.Exactly or Quantity.AnyOf)
            || modifiers.Any(other => other is SelectionModifier { IsRegion: false })
        || modifiers.Any(other => other is SelectionModifier { IsRegion: true } && !ReferenceEquals(other, region));

    /// <summary>Whether an object stands in a part of the image.</summary>
    private static double? Side(ViewedObject item, SelectionModifier region)
    {
        if (item.Box is not { } box) return null;
        double x = box.CenterX / item.Camera.Width, y = box.CenterY / item.Camera.Height,
            bottom = box.Bottom / item.Camera.Height;
        var holds = region.Scale switch
        {
            Scale.Left => Logistic.Step(0.5 - x, -0.02, 0.03),
            Scale.Right => Logistic.Step(x - 0.5, -0.02, 0.03),
            Scale.Top => Logistic.Step(0.5 - y, -0.02, 0.03),
            Scale.Bottom => Logistic.Step(y - 0.5, -0.02, 0.03),
            Scale.Middle => Logistic.Step(0.2 - Math.Abs(x - 0.5), 0, 0.03),
            Scale.Near => Logistic.Step(bottom, 0.65, 0.05),
            Scale.Far => Logistic.Step(0.65, bottom, 0.05),
            _ => 0.5,
        };
        return region.Negated ? 1 - holds : holds;
    }

    private double Excluded(NounPhrase phrase, int index)
    {
        var excluded = Resolve(phrase);
        return phrase.Modifiers.Any(modifier => modifier is SelectionModifier) ? excluded.Single[index]
            : excluded.Fits[index];
    }

    private void Add(
        Referents result, double weight, NounPhrase phrase, IReadOnlyList<Modifier> modifiers, double[] filtered,
        List<RelationModifier> relations, int[][] anchors)
    {
        var fits = (double[])filtered.Clone();
        for (var r = 0; r < relations.Count; r++)
        {
            Scene.Limit.Check();
            foreach (var item in Scene.Objects)
            {
                if (filtered[item.Index] <= 0 && result.Closeness[item.Index] <= 0) continue;
                var sure = relations[r].Sureness;
                var holds =
                    sure * (Relates(item, relations[r], anchors[r]) ?? _thresholds.Unmeasured)
                        + (1 - sure) * _thresholds.Unmeasured;
                fits[item.Index] *= holds;
                result.Closeness[item.Index] *= 1 - weight * (1 - Math.Max(Forgiven, holds));
            }
        }

        var selections = new List<Func<double[], (double None, double[] At)>>();
        for (var r = 0; r < relations.Count; r++)
        {
            if (Nearness.Of(relations[r], Scene.Objects, anchors[r]) is { } nearest) selections.Add(nearest);
        }

        var count = phrase.Quantity is Quantity.Exactly or Quantity.AnyOf ? phrase.Count : 1;
        var picks =
            modifiers.OfType<SelectionModifier>().Where(selection => !IsFilter(selection, phrase, modifiers)).ToList();
        for (var i = 0; i < picks.Count; i++)
        {
            Scene.Limit.Check();
            var pick = picks[i];
            if (picks.Take(i).Any(other => Selection.Contradicts(other, pick)))
            {
                // The leftmost of the rightmost one is that one itself; both have to be asked of the whole set.
                var whole = fits;
                selections.Add(set => Selection.Both(set, Selection.Apply(Scene, pick, whole, count).At));
            }
            else selections.Add(set => Selection.Apply(Scene, pick, set, count));
        }

        Distribute(result, weight, phrase, fits, selections);
    }

    private void Distribute(
        Referents result, double weight, NounPhrase phrase, double[] fits,
        List<Func<double[], (double None, double[] At)>> selections)
    {
        var none = 0.0;
        foreach (var select in selections) (none, fits) = select(fits);
        for (var i = 0; i < fits.Length; i++) result.Fits[i] += weight * fits[i];
        if (selections.Count > 0 && phrase.Quantity is Quantity.One or Quantity.Any && fits.Sum() <= 1 + 1e-6)
        {
            result.None += weight * Math.Clamp(1 - fits.Sum(), 0, 1);
            for (var i = 0; i < fits.Length; i++) result.Single[i] += weight * fits[i];
            return;
        }

        var (nothing, alone) = SetProbability.Exactly(fits);
        result.None += weight * nothing;
        if (phrase.Quantity == Quantity.Any)
        {
            var best = BestOf(fits);
            if (best >= 0) result.Single[best] += weight * (1 - nothing);
            return;
        }

        for (var i = 0; i < alone.Length; i++) result.Single[i] += weight * alone[i];
        result.Several += weight * Math.Max(0, 1 - nothing - alone.Sum());
    }

    /// <summary>Of any that would do, the one that fits best; among equals the nearest, then the first by id.</summary>
    private int BestOf(double[] fits)
    {
        var best = -1;
        foreach (var item in Scene.Objects)
        {
            if (fits[item.Index] <= 0) continue;
            if (best < 0 || IsBetter(item, Scene.Objects[best], fits)) best = item.Index;
        }

        return best;
    }

    private static bool IsBetter(ViewedObject item, ViewedObject best, double[] fits)
    {
        var byFit = Math.Round(fits[item.Index], 1).CompareTo(Math.Round(fits[best.Index], 1));
        return byFit != 0 ? byFit > 0
            : item.Camera.Name == best.Camera.Name && (item.Box?.Bottom ?? 0) > (best.Box?.Bottom ?? 0);
    }

    private double? Relates(ViewedObject item, RelationModifier relation, int[] anchors)
    {
        double? holds;
        if (relation.Relation == SpatialRelation.Between)
            holds = anchors.Length == 2
                ? SpatialPredicates.Between(item, Scene.Objects[anchors[0]], Scene.Objects[anchors[1]]) : 0;
        else
        {
            // Several anchors at once stand for "a bottle": any of them will do.
            var each =
                anchors.Select(anchor => SpatialPredicates.Probability(item, Scene.Objects[anchor], relation)).ToList();
            holds = each.Count > 0 && each.All(p => p is null) ? null : each.Max() ?? 0;
        }

        if (!relation.Negated) return holds;
        return anchors.Contains(item.Index) ? 0 : 1 - holds;
    }
}
