namespace EdgePerception.Policy.Language;

/// <summary>
/// Builds what narrows a description down: properties and places of the object itself; what relates it to others is
/// left to <see cref="RelationBuilder"/>. Used by one thread, for one reading.
/// </summary>
internal sealed class ModifierBuilder(DescriptionBuilder descriptions, Lexicon lexicon)
{
    private readonly RelationBuilder _relations = new(descriptions);

    /// <summary>Adds what a node says to a description.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public void Take(ParseNode node, DescriptionDraft draft, bool negated)
    {
        var text = descriptions.Text(node);
        switch (node.Label)
        {
            case "ordinal":
                draft.Rank(Rank(node), text, negated);
                break;
            case "scale" or "size":
                draft.Select(Scales(node), text, negated);
                break;
            case "direction":
                draft.Direct(Scales(node), text, node.Has("=from"), negated);
                break;
            case "lateordinal":
                draft.Rank(Rank(node), text, negated);
                draft.Direct(Scales(node), text, node.Has("=from"), negated);
                break;
            case "leftright":
                var first = node.Children.First(child => child.Label is "=left" or "=right");
                draft.Direct(first.Label == "=left" ? Scale.Left : Scale.Right, text, from: true, negated);
                break;
            case "scaled":
                // "of the right size" names no side.
                var isPlace = node.Children[^1].Label.StartsWith("<scales", StringComparison.Ordinal)
                    && node.Children[0].Label is "=at" or "=on" or "=to" or "=in" or "=way" or "=far";
                if (Scales(node) is Scale.Left or Scale.Right && !isPlace) throw new ReadingException();
                draft.Direct(Scales(node), text, from: false, negated);
                break;
            case "region":
                var scales = Array.ConvertAll(node.Child("<regions>")!.Meaning.Split(' '), SnakeCase.Parse<Scale>);
                if (draft.PendingRank is not null && scales is [var side])
                    draft.Direct(side, text, from: false, negated);
                else foreach (var scale in scales)
                    draft.Modifiers.Add(new SelectionModifier(text, scale, 0, negated, IsRegion: true));
                break;
            default:
                draft.IsNamed |= node.Label == "source";
                if (node.Label == "worn" && node.Has("<colours>"))
                {
                    draft.Modifiers.AddRange(Worn(node, text, negated));
                    break;
                }

                if (Property(node, text, negated) is { } property) draft.Modifiers.Add(property);
                else _relations.Take(node, draft, text, negated);
                break;
        }
    }

    /// <summary>The scale that a node names.</summary>
    public static Scale Scales(ParseNode node) => node.Phrase("scales")!.As<Scale>();

    private Modifier? Property(ParseNode node, string text, bool negated) => node.Label switch
    {
        "color" or "coloured" => Color(node, text, negated, worn: false),
        "notcolour" => Color(node, text, !negated, worn: false),
        "worn" or "unmeasured" => new UnmeasuredModifier(text),
        "unknown" => new UnmeasuredModifier(text) { IsUnread = true, Words = node.Start..node.End },
        "motion" => new MotionModifier(text, node.Phrase("motions")?.As<Motion>() ?? Motion.Approaching, negated),
        "moves" => new MotionModifier(text, node.Child("<motions>")!.As<Motion>(), negated),
        "bare" => new MotionModifier(text, Motion.Moving, negated),
        "noise" => new SoundModifier(text, null, negated),
        "sound" or "engine" or "source" => node.Child("<sounds>")?.Meaning is var sound && sound == "quiet"
            // A thing that is quiet makes none of the sounds that are heard.
            ? new SoundModifier(text, null, !negated)
            : new SoundModifier(text, sound, negated),
        _ => null,
    };

    // "in a red jacket and blue jeans": each garment with the colours before it.
    private List<ColorModifier> Worn(ParseNode node, string text, bool negated)
    {
        List<(List<ColorTerm> Colors, BodyPart Part)> garments = [];
        List<ColorTerm> colors = [];
        foreach (var child in node.Children)
        {
            if (child.Label == "<colours>") colors.Add(lexicon.Color(child.Meaning));
            if (child.Label != "<clothing>" || colors.Count == 0) continue;
            garments.Add((colors, child.As<BodyPart>()));
            colors = [];
        }

        if (colors.Count > 0) garments.Add((colors, BodyPart.Any));
        // Who is not in all of it may be in a part of it.
        if (garments.Count > 1 && (negated || node.Has("or")))
            return [Color(node, text, negated, worn: true)];
        return [
            .. garments.Select(garment =>
                new ColorModifier(text, garment.Colors, negated, Worn: true, AnyOf: node.Has("or"))
                {
                    Part = garment.Part,
                })];
    }

    private ColorModifier Color(ParseNode node, string text, bool negated, bool worn)
    {
        var colors = node.Children.Where(child => child.Label == "<colours>");
        var terms = colors.Select(color => lexicon.Color(color.Meaning)).ToList();
        // "the blonde woman" is so at the head alone.
        return terms.TrueForAll(term => lexicon.Hair.Contains(term.Name))
            ? new ColorModifier(text, terms, negated, Worn: true, AnyOf: node.Has("or")) { Part = BodyPart.Head }
            : new ColorModifier(text, terms, negated, worn, AnyOf: node.Has("or"));
    }

    private static int Rank(ParseNode node)
    {
        var number = (int)(node.Child("<ordinals>") ?? node.Child("<ordinal>"))!.Figure();
        if (number == 0) throw new ReadingException();
        return number > 0 ? number - 1 : number;
    }
}
