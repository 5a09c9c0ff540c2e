namespace EdgePerception.Policy.Commands;

/// <summary>Reads relations to other objects: "left of the bottle", "between the cup and the bowl".</summary>
internal sealed class RelationParser(Sentence sentence, NounPhraseParser nouns)
{
    private static readonly Dictionary<string, SpatialRelation> Sides = new(StringComparer.Ordinal)
    {
        ["left"] = SpatialRelation.LeftOf,
        ["right"] = SpatialRelation.RightOf,
        ["above"] = SpatialRelation.Above,
        ["below"] = SpatialRelation.Below,
        ["behind"] = SpatialRelation.Behind,
        ["over"] = SpatialRelation.Above,
        ["under"] = SpatialRelation.Under,
    };

    private static readonly HashSet<string> Robot = ["robot", "camera", "you", "me", "us", "yourself", "myself", "lens"];

    private readonly Lexicon _lexicon = sentence.Lexicon;

    /// <summary>Reads one relation, or two joined as in "left and above the bottle".</summary>
    /// <returns>None when the next words are no relation; the place in the sentence is then unchanged.</returns>
    public List<Modifier>? Parse(int start, bool negated)
    {
        var at = sentence.Position;
        SpatialRelation? joined = null;
        if (Sides.TryGetValue(sentence.Peek(), out var side) && sentence.Peek(1) is "and" or "or"
            && sentence.Length(_lexicon.Relations, 2) > 0)
        {
            joined = side;
            sentence.Position += 2;
        }

        while (sentence.Accept("directly", "just", "immediately", "right", "somewhere", "exactly", "standing", "stands", "sitting", "sits", "lies", "located", "lying", "placed", "positioned", "slightly", "parked", "closely", "straight")
            && sentence.Length(_lexicon.Relations) == 0) { }
        // "in motion" is no place, and "on its left" turns a relation around.
        var relates = sentence.Length(_lexicon.Relations);
        if ((relates > 0 && sentence.Length(_lexicon.Motions) > relates) || OwnSide() != "") return Restore(at);
        if (relates == 0) sentence.Position = joined is null ? at : at + 2;
        if (sentence.Peek() is "outside") negated = !negated;
        // "not as big as" is smaller; "as big as" alone orders nothing.
        if (sentence.Peek() is "as" && !negated) return Restore(at);
        var regionWins = joined is null && RegionIsLonger();
        if (regionWins || !sentence.Accept(_lexicon.Relations, out var relation)) return Restore(at);
        if (sentence.Peek() is var word && Robot.Contains(word) || sentence.Peek() is "the" or "this" && Robot.Contains(sentence.Peek(1)))
            return ToRobot(start, at, relation, negated);
        if (sentence.Accept("of") && !nouns.CanStart) return Restore(at);
        var anchors = Anchors(relation);
        if (anchors.Count == 0) return Restore(at);
        var text = sentence.TextFrom(start);
        var modifiers = new List<Modifier> { new RelationModifier(text, relation, anchors, negated) };
        if (joined is { } other) modifiers.Insert(0, new RelationModifier(text, other, anchors, negated));
        return modifiers;
    }

    /// <summary>"that has the printer to its left", "with the printer on its left": it lies to the right of the printer.</summary>
    /// <returns>None when the next words say no such thing; the place in the sentence is then unchanged.</returns>
    public RelationModifier? Turned(int start, bool negated)
    {
        var at = sentence.Position;
        if (at == 0 || !sentence.Accept("with") && sentence.Tokens[at - 1].Word is not ("has" or "have")) return null;
        var last = sentence.LastObject;
        var anchor = nouns.Parse();
        sentence.LastObject = last;
        if (anchor is not null && OwnSide() is { Length: > 0 } side)
        {
            sentence.Position += 3;
            sentence.Accept("side", "hand");
            return new RelationModifier(sentence.TextFrom(start), side == "left" ? SpatialRelation.RightOf : SpatialRelation.LeftOf, [anchor], negated);
        }

        sentence.Position = at;
        return null;
    }

    /// <summary>The side in "on its left"; empty where the next words are others.</summary>
    private string OwnSide() =>
        sentence.Peek() is "on" or "to" or "at" && sentence.Peek(1) is "its" or "his" or "her" or "their" && sentence.Peek(2) is "left" or "right"
            ? sentence.Peek(2)
            : "";

    private bool RegionIsLonger()
    {
        var region = sentence.Length(_lexicon.Regions);
        if (region == 0) return false;
        var relation = sentence.Length(_lexicon.Relations);
        if (region > relation) return sentence.Peek(region) is not "of" || sentence.Peek(region + 1) is "the" or "this" && IsPicture(region + 2);
        return region == relation && sentence.Peek(region) is "" or "and" or "one" or "please";
    }

    private bool IsPicture(int ahead) => sentence.Peek(ahead) is "picture" or "image" or "scene" or "screen" or "frame" or "view" or "room";

    private List<NounPhrase> Anchors(SpatialRelation relation)
    {
        var anchors = new List<NounPhrase>();
        var last = sentence.LastObject;
        if (nouns.Parse() is not { } first) return anchors;
        anchors.Add(first);
        if (relation == SpatialRelation.Between && first.Quantity is Quantity.One or Quantity.Any
            && sentence.Accept("and") && nouns.Parse() is { } second) anchors.Add(second);
        sentence.LastObject = last;
        return anchors;
    }

    /// <summary>"closest to the robot" and the like order by distance to the camera.</summary>
    private List<Modifier>? ToRobot(int start, int at, SpatialRelation relation, bool negated)
    {
        Scale? scale = relation switch
        {
            SpatialRelation.NearestTo or SpatialRelation.NextTo or SpatialRelation.InFrontOf => Scale.Near,
            SpatialRelation.FarthestFrom => Scale.Far,
            SpatialRelation.LeftOf => Scale.Left,
            SpatialRelation.RightOf => Scale.Right,
            _ => null,
        };
        if (scale is not { } order) return Restore(at);
        sentence.Accept("the", "this");
        sentence.Position++;
        return [new SelectionModifier(sentence.TextFrom(start), order, 0, negated, IsRegion: true)];
    }

    private List<Modifier>? Restore(int position)
    {
        sentence.Position = position;
        return null;
    }
}
