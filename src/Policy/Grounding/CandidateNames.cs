using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Names objects by what tells them apart: colour, side, size, height, a landmark. A name is used only if the rules,
/// given it as a command, mean that object rather than any other in sight; so whoever repeats it is understood.
/// </summary>
internal sealed class CandidateNames
{
    private const double FarApart = 0.04;
    private const double LargerBy = 1.6;
    private const double CloserBy = 1.5;
    private const float Dominant = 0.3f;

    private readonly DescriptionResolver _resolver;
    private readonly SceneView _scene;
    private readonly Func<ViewedObject, Name?>[] _properties;

    /// <summary>Prepares to name objects of one scene.</summary>
    public CandidateNames(DescriptionResolver resolver)
    {
        (_resolver, _scene) = (resolver, resolver.Scene);
        _properties = [Plain, Colored, item => Side(item, Alike(item)), Size, Height, Landmark, ColoredOnASide];
    }

    /// <summary>A name for each object: with "one" for the noun where all have the same label.</summary>
    public List<string> Of(IReadOnlyList<ViewedObject> items)
    {
        var noun = items.Count > 1 && items.All(item => item.Label == items[0].Label) ? "one" : null;
        var names = new Name?[items.Count];
        foreach (var property in _properties)
        {
            Name?[] own = [.. items.Select(item => property(item) is { } name && IsMeant(name, item) ? name : null)];
            // The same property for all reads best.
            if (own.All(name => name is not null)) names = own;
            for (var i = 0; i < names.Length; i++) names[i] ??= own[i];
            if (names.All(name => name is not null)) break;
        }

        return [
            .. items.Select((item, i) =>
                (names[i] ?? new Name("", " called " + ViewedObject.Shorten(item.Source.Id, 24), [])).With(
                    noun ?? item.ShortLabel))];
    }

    /// <summary>Whether the rules take a name for this object.</summary>
    private bool IsMeant(Name name, ViewedObject item)
    {
        var phrase = new NounPhrase
        {
            Text = name.With(item.Label),
            Noun = item.Label.Split(' '),
            Modifiers = name.Modifiers,
            IsNamed = true,
        };
        var (none, single, _) = _resolver.Resolve(phrase).Weighed(_scene.Thresholds);
        return single[item.Index] > 0 && single[item.Index] >= _scene.Thresholds.Act * (1 - none)
            && single[item.Index] >= single.Max();
    }

    private Name? Plain(ViewedObject item) => Alike(item).Count == 1 ? new Name("", "", []) : null;

    private Name? Colored(ViewedObject item)
    {
        if (ColorOf(item) is not { } color) return null;
        // What is coloured about a person is the clothes.
        return item.Label == "person" ? new Name("", " in " + color, [Of(color, worn: true)])
            : new Name(color + " ", "", [Of(color, worn: false)]);
    }

    /// <summary>Its place in a row of objects of one image.</summary>
    private static Name? Side(ViewedObject item, List<ViewedObject> others)
    {
        var row = others.OrderBy(other => other.Box?.CenterX).ToList();
        var place = row.IndexOf(item);
        if (item.Box is not { } box || row.Count < 2 || !OfOneCamera(row)) return null;
        if (row.Any(other =>
            other != item
                && !(Math.Abs((other.Box?.CenterX ?? box.CenterX) - box.CenterX) > FarApart * item.Camera.Width)))
            return null;
        if (place == 0) return new Name("", " on the left", [Region(Scale.Left)]);
        if (place == row.Count - 1) return new Name("", " on the right", [Region(Scale.Right)]);
        if (row.Count == 3) return new Name("", " in the middle", [Region(Scale.Middle)]);
        return place == 1 ? new Name("second ", " from the left", [Pick(Scale.Left, 1)])
            : place == row.Count - 2 ? new Name("second ", " from the right", [Pick(Scale.Right, 1)]) : null;
    }

    private Name? Size(ViewedObject item)
    {
        var others = Alike(item).Where(other => other != item).ToList();
        if (item.Box is not { } box || others.Count == 0 || !OfOneCamera([item, .. others])) return null;
        if (others.All(other => box.Area > LargerBy * other.Box?.Area))
            return new Name(others.Count == 1 ? "larger " : "largest ", "", [Pick(Scale.Large, 0)]);
        return others.All(other => LargerBy * box.Area < other.Box?.Area)
            ? new Name(others.Count == 1 ? "smaller " : "smallest ", "", [Pick(Scale.Small, 0)]) : null;
    }

    private Name? Height(ViewedObject item)
    {
        var others = Alike(item).Where(other => other != item).ToList();
        if (item.Box is not { } box || others.Count == 0 || !OfOneCamera([item, .. others])) return null;
        var apart = FarApart * item.Camera.Height;
        if (others.All(other => other.Box?.CenterY - box.CenterY > apart))
            return new Name("upper ", "", [Pick(Scale.Top, 0)]);
        return others.All(other => box.CenterY - other.Box?.CenterY > apart)
            ? new Name("lower ", "", [Pick(Scale.Bottom, 0)]) : null;
    }

    /// <summary>
    /// The one thing of its kind that it is close to, and clearly closer than any other of its own kind.
    /// </summary>
    private Name? Landmark(ViewedObject item)
    {
        var alike = Alike(item);
        var landmark = _scene.Objects
            .Where(other =>
                other.Label.Length > 0 && other.Label != item.Label && Alike(other).Count == 1 && other.Existence > 0.5)
            .Where(other => SpatialPredicates.Probability(item, other, SpatialRelation.NextTo) > 0.5)
            .Where(other =>
                alike.All(rival => rival == item || !(Distance(rival, other) < CloserBy * Distance(item, other))))
            .MinBy(other => Distance(item, other));
        return landmark is null ? null : new Name("", " by the " + landmark.ShortLabel, [NextTo(landmark)]);
    }

    private Name? ColoredOnASide(ViewedObject item)
    {
        if (item.Label == "person" || ColorOf(item) is not { } color) return null;
        return Side(item, [.. Alike(item).Where(other => ColorOf(other) == color)]) is { } side
            ? side with { Before = side.Before + color + " ", Modifiers = [.. side.Modifiers, Of(color, worn: false)] }
            : null;
    }

    private static bool OfOneCamera(List<ViewedObject> items) =>
        items.TrueForAll(item => item.Camera.Name == items[0].Camera.Name);

    private List<ViewedObject> Alike(ViewedObject item) =>
        [.. _scene.Objects.Where(other => other.Label == item.Label)];

    private static double Distance(ViewedObject item, ViewedObject other) =>
        SpatialPredicates.Distance(item, other) ?? double.PositiveInfinity;

    /// <summary>The colour that an object goes by; none where no colour stands out.</summary>
    public static string? ColorOf(ViewedObject item) =>
        item.Colors is { } colors && colors[colors.Dominant] > Dominant ? colors.Dominant.ToString().ToLowerInvariant()
            : null;

    private static ColorModifier Of(string color, bool worn) =>
        new(color, [Lexicon.Default.Color(color)], Negated: false, worn, AnyOf: false);

    private static SelectionModifier Region(Scale scale) => new("", scale, 0, Negated: false, IsRegion: true);

    private static SelectionModifier Pick(Scale scale, int rank) =>
        new("", scale, rank, Negated: false, IsRegion: false);

    private static RelationModifier NextTo(ViewedObject landmark) =>
        new("", SpatialRelation.NextTo,
            [new NounPhrase { Text = landmark.Label, Noun = landmark.Label.Split(' '), IsNamed = true }],
            Negated: false);

    /// <summary>What stands before and after the noun of a name, and what it means.</summary>
    private sealed record Name(string Before, string After, IReadOnlyList<Modifier> Modifiers)
    {
        public string With(string noun) => $"the {Before}{noun}{After}";
    }
}
