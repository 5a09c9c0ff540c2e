namespace EdgePerception.Policy.Language;

/// <summary>Builds what relates the described object to others. Used by one thread, for one reading.</summary>
internal sealed class RelationBuilder(DescriptionBuilder descriptions)
{
    private static readonly Dictionary<Scale, SpatialRelation> Comparisons = new()
    {
        [Scale.Left] = SpatialRelation.LeftOf,
        [Scale.Right] = SpatialRelation.RightOf,
        [Scale.Top] = SpatialRelation.Above,
        [Scale.Bottom] = SpatialRelation.Below,
        [Scale.Near] = SpatialRelation.InFrontOf,
        [Scale.Far] = SpatialRelation.Behind,
        [Scale.Large] = SpatialRelation.LargerThan,
        [Scale.Small] = SpatialRelation.SmallerThan,
        [Scale.Tall] = SpatialRelation.TallerThan,
        [Scale.Short] = SpatialRelation.ShorterThan,
        [Scale.Wide] = SpatialRelation.LargerThan,
        [Scale.Narrow] = SpatialRelation.SmallerThan,
    };

    /// <summary>Adds what a node says to a description; nothing where it relates to no other object.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public void Take(ParseNode node, DescriptionDraft draft, string text, bool negated)
    {
        switch (node.Label)
        {
            case "rel" or "rels" or "turned":
                Relate(node, draft, text, negated);
                break;
            case "robotrel":
                var scale = ToRobot(Relation(node).Relation);
                draft.Modifiers.Add(new SelectionModifier(text, scale, 0, negated, IsRegion: true));
                break;
            case "compared":
                draft.Modifiers.Add(Compared(node, text, negated));
                break;
            case "supposed" or "unsure":
                draft.Modifiers.Add(new SupposedModifier(text, descriptions.Aside(node.Descriptions)[0])
                {
                    IsUnread = node.Label == "unsure",
                    Words = node.Start..node.End,
                });
                break;
            case "except":
                draft.Modifiers.AddRange(descriptions.Aside(node.Descriptions)
                    .Select(one => new ExclusionModifier(text, Excluded(one, draft))));
                break;
            case "outof" or "either":
                OutOf(Joined([.. node.Descriptions.Select(descriptions.Description)]), draft, text);
                break;
        }
    }

    private void Relate(ParseNode node, DescriptionDraft draft, string text, bool negated)
    {
        var anchors = descriptions.Aside(node.Descriptions);
        // "a cup from the table but not the one on the left" excludes a cup, not a table.
        if (anchors.Exists(anchor => anchor.Modifiers.Any(modifier => modifier is ExclusionModifier)))
            throw new ReadingException();
        if (node.Child("<sides>")?.As<SpatialRelation>() is { } side)
        {
            var lies = node.Label == "turned" ? Turned(side) : side;
            draft.Modifiers.Add(new RelationModifier(text, lies, anchors, negated));
            if (node.Label == "turned") return;
        }

        var (relation, denied) = Relation(node);
        var fits = relation == SpatialRelation.Between
            ? anchors is not [{ Quantity: Quantity.One or Quantity.Any }]
            : anchors.Count <= 1;
        if (!fits) throw new ReadingException();
        draft.Modifiers.Add(new RelationModifier(text, relation, anchors, negated ^ denied));
    }

    /// <summary>"with the cup on its left" is right of the cup.</summary>
    private static SpatialRelation Turned(SpatialRelation side) =>
        side is SpatialRelation.LeftOf or SpatialRelation.RightOf ? Opposite(side) : throw new ReadingException();

    /// <summary>"of smaller dimensions than the box", "not as far off as the sign".</summary>
    private Modifier Compared(ParseNode node, string text, bool negated)
    {
        var anchors = descriptions.Aside(node.Descriptions);
        if (!Comparisons.TryGetValue(ModifierBuilder.Scales(node), out var relation)) throw new ReadingException();
        if (node.Has("=than")) return new RelationModifier(text, relation, anchors, negated);
        // "not as far as" is nearer; "as far as" alone orders nothing.
        return node.Has("=not")
            ? new RelationModifier(text, Opposite(relation), anchors, negated)
            : new SupposedModifier(text, anchors[0]) { Words = node.Start..node.End };
    }

    /// <summary>"closest to the robot" and the like order by distance to the camera.</summary>
    private static Scale ToRobot(SpatialRelation relation) => relation switch
    {
        SpatialRelation.NearestTo or SpatialRelation.NextTo or SpatialRelation.InFrontOf => Scale.Near,
        SpatialRelation.FarthestFrom => Scale.Far,
        SpatialRelation.LeftOf => Scale.Left,
        SpatialRelation.RightOf => Scale.Right,
        _ => throw new ReadingException(),
    };

    private static (SpatialRelation Relation, bool Denied) Relation(ParseNode node)
    {
        var meaning = (node.Child("<sources>") ?? node.Phrase("relations"))!.Meaning;
        return meaning is ['n', 'o', 't', '_', .. var denied]
            ? (SnakeCase.Parse<SpatialRelation>(denied), true)
            : (SnakeCase.Parse<SpatialRelation>(meaning), false);
    }

    private static SpatialRelation Opposite(SpatialRelation relation) => relation switch
    {
        SpatialRelation.LeftOf => SpatialRelation.RightOf,
        SpatialRelation.RightOf => SpatialRelation.LeftOf,
        SpatialRelation.Above => SpatialRelation.Below,
        SpatialRelation.Below => SpatialRelation.Above,
        SpatialRelation.InFrontOf => SpatialRelation.Behind,
        SpatialRelation.Behind => SpatialRelation.InFrontOf,
        SpatialRelation.LargerThan => SpatialRelation.SmallerThan,
        SpatialRelation.SmallerThan => SpatialRelation.LargerThan,
        SpatialRelation.TallerThan => SpatialRelation.ShorterThan,
        _ => SpatialRelation.TallerThan,
    };

    private static NounPhrase Excluded(NounPhrase excluded, DescriptionDraft draft) => excluded switch
    {
        // "but not a single one" takes all of it back.
        { Noun.Count: 0, Modifiers.Count: 0, Called: null } => throw new ReadingException(),
        { Noun.Count: 0, Modifiers.Count: > 0 } => excluded with { Noun = [.. draft.Noun] },
        _ => excluded,
    };

    /// <summary>"one of the cups", "the largest of the two bottles", "a cup of coffee".</summary>
    private static void OutOf(NounPhrase group, DescriptionDraft draft, string text)
    {
        if (draft.Noun.Count > 0)
        {
            draft.Modifiers.Add(new UnmeasuredModifier(text));
            return;
        }

        draft.Noun.AddRange(group.Noun);
        draft.Modifiers.InsertRange(0, group.Modifiers);
        draft.IsNamed = true;
        draft.HowMany ??= Quantity.One;
        draft.IsOne = group.Noun.Count == 0;
    }

    /// <summary>"the blue and the red cup" as one group: of either colour.</summary>
    private static NounPhrase Joined(List<NounPhrase> group)
    {
        if (group is [var only]) return only;
        if (!group.TrueForAll(phrase => phrase.Modifiers is [ColorModifier])) throw new ReadingException();
        List<ColorModifier> colors = [.. group.SelectMany(phrase => phrase.Modifiers).Cast<ColorModifier>()];
        var text = string.Join(" or ", colors.Select(color => color.Text));
        List<ColorTerm> terms = [.. colors.SelectMany(color => color.Colors)];
        var either = new ColorModifier(text, terms, Negated: false, Worn: false, AnyOf: true);
        return group[^1] with { Modifiers = [either] };
    }
}
