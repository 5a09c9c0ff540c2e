using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>
/// Builds descriptions of objects from parts of a reading. Goes through the words in order, so that "it" and "one" stand
/// for what was described last. Used by one thread, for one reading.
/// </summary>
internal sealed class DescriptionBuilder(IReadOnlyList<Token> tokens, Lexicon lexicon, NounPhrase? antecedent)
{
    private readonly NounPhrase? _antecedent = antecedent;

    /// <summary>What "it" stands for: the description read last.</summary>
    public NounPhrase? Last { get; set; } = antecedent;

    /// <summary>Whether "it" or "one" was taken for what an earlier turn was about.</summary>
    public bool UsesAntecedent { get; private set; }

    /// <summary>Whether the speaker corrected a description.</summary>
    public bool IsCorrected { get; private set; }

    /// <summary>Where ordinals without a direction count from: people count in reading order unless they say otherwise.</summary>
    public Scale CountsFrom { get; set; } = Scale.Left;

    /// <summary>The user's words of a node.</summary>
    public string Text(ParseNode node) => Token.Text(tokens, node.Start, node.End);

    /// <summary>The descriptions that a list names, in order.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public List<NounPhrase> Objects(ParseNode node)
    {
        var objects = new List<NounPhrase>();
        foreach (var child in node.Children)
        {
            switch (child.Label)
            {
                case "np" or "or":
                    foreach (var phrase in child.Label == "or" ? [Choice(child)] : Each(child))
                    {
                        objects.Add(phrase);
                        Last = phrase;
                    }

                    break;
                case "instead" when objects.Count > 0:
                    objects[^1] = Last = Corrected(objects[^1], Objects(child)[^1]);
                    IsCorrected = true;
                    break;
                case "part" when objects.Count > 0:
                    objects[^1] = Last = Corrected(objects[^1], Part(child));
                    IsCorrected = true;
                    break;
            }
        }

        if (objects.Count is 0 or > 8) throw new ReadingException();
        // "the green and the red cup": the noun comes last.
        var noun = objects[^1].Noun;
        for (var i = 0; i < objects.Count && noun.Count > 0; i++)
        {
            if (objects[i] is { Noun.Count: 0, IsNamed: false, Called: null, Modifiers: [ColorModifier or SelectionModifier, ..] })
                objects[i] = objects[i] with { Noun = noun, IsNamed = true };
        }

        return objects;
    }

    /// <summary>The one description of a node.</summary>
    public NounPhrase One(ParseNode np)
    {
        var phrase = Description(np);
        Last = phrase;
        return phrase;
    }

    /// <summary>Properties without a noun ("on the left", "blue shirt").</summary>
    public NounPhrase Part(ParseNode node)
    {
        var draft = new DescriptionDraft();
        if (node.Label == "any") draft.Quantify("any", null);
        if (node.Label == "side") draft.Modifiers.Add(new SelectionModifier(Text(node), Scales(node), 0, Negated: false, IsRegion: true));
        if (node.Label is "worn" or "called") Take(node, draft, negated: false);
        else foreach (var child in node.Children) Take(child, draft, negated: false);
        return draft.Build(Text(node), lexicon, CountsFrom);
    }

    /// <summary>What a question says of its objects ("… is red", "… are on the table"); none where it says nothing.</summary>
    public NounPhrase? Predicate(ParseNode node)
    {
        var draft = new DescriptionDraft();
        var negated = node.Has("=not");
        foreach (var child in node.Children.Where(child => child.Label is not ("objects" or "np") && !child.Label.StartsWith('<') && !child.Label.StartsWith('=')))
            Take(child, draft, negated);
        return draft.Modifiers.Count == 0 ? null : draft.Build(Token.Text(tokens, node.End - 1, node.End), lexicon, CountsFrom);
    }

    /// <summary>"the red and blue cups" are red ones and blue ones.</summary>
    private IEnumerable<NounPhrase> Each(ParseNode np)
    {
        var phrase = Description(np);
        var color = phrase.Modifiers.OfType<ColorModifier>().FirstOrDefault(color => color is { Worn: false, Negated: false, Colors.Count: > 1 });
        if (color is null || phrase.Quantity is not (Quantity.All or Quantity.Exactly) || phrase.IsColorJoined) return [phrase];
        var one = phrase.Quantity == Quantity.Exactly && phrase.Count == color.Colors.Count;
        return color.Colors.Select(single => phrase with
        {
            Text = $"{single.Name} {string.Join(' ', phrase.Noun)}",
            Quantity = one ? Quantity.One : Quantity.All,
            Modifiers = [.. phrase.Modifiers.Select(modifier => ReferenceEquals(modifier, color)
                ? color with { Text = single.Name, Colors = [single], AnyOf = false } : modifier)],
        });
    }

    private NounPhrase Choice(ParseNode node)
    {
        var all = new List<NounPhrase>();
        foreach (var child in node.Children.Where(child => child.Label == "np")) all.Add(One(child));
        if (all.Exists(phrase => phrase is { Noun.Count: 0, Modifiers.Count: 0, Called: null })) throw new ReadingException();
        // "the red or the blue cup": the noun comes last.
        var noun = all[^1].Noun;
        if (noun.Count > 0) all = [.. all.Select(phrase => phrase.Noun.Count == 0 && !phrase.IsNamed ? phrase with { Noun = noun, IsNamed = true } : phrase)];
        return all[0] with { Alternatives = [.. all.Skip(1)] };
    }

    private static NounPhrase Corrected(NounPhrase said, NounPhrase meant)
    {
        if (meant.Noun.Count > 0 || meant.KnownId is not null || meant.Called is not null) return meant;
        if (meant.IsNamed) return meant with { Noun = said.Noun };
        // Only the place or the colour was wrong; the rest of the description stands.
        return said with
        {
            Text = string.Join(' ', [.. said.Noun, meant.Text]),
            Modifiers = [.. said.Modifiers.Where(old => meant.Modifiers.All(now => now.GetType() != old.GetType())), .. meant.Modifiers],
        };
    }

    private NounPhrase Description(ParseNode np)
    {
        var draft = new DescriptionDraft();
        foreach (var child in np.Children) Take(child, draft, negated: false);
        if (draft.Pronoun is { } pronoun) return Antecedent(pronoun, draft, Text(np));
        var phrase = draft.Build(Text(np), lexicon, CountsFrom);
        if (phrase is { Noun.Count: 0, IsNamed: false, Called: null, Modifiers.Count: 0, Quantity: Quantity.One }) throw new ReadingException();
        // "a second" alone is a time, not a thing.
        if (phrase is { Noun.Count: 0, IsNamed: false, Quantity: Quantity.Any, Modifiers: [SelectionModifier] }) throw new ReadingException();
        if (phrase.Noun.Count > 0 || !draft.IsOne || Last is not { Noun.Count: > 0 } last) return phrase;
        UsesAntecedent |= ReferenceEquals(last, _antecedent);
        return phrase with { Noun = last.Noun, IsAnaphor = true };
    }

    private NounPhrase Antecedent(string pronoun, DescriptionDraft draft, string text)
    {
        // Who speaks needs no description, and what would be one must not be lost: "come to me by tomorrow".
        if (pronoun == "speaker" && draft.Modifiers.Count > 0) throw new ReadingException();
        if (pronoun == "speaker") return new NounPhrase { Text = text, Noun = ["person"], IsSpeaker = true, IsNamed = true };
        // "her" is no book.
        if (pronoun == "person" && Last is { IsSpeaker: false } thing && !IsLiving(thing)) return new NounPhrase { Text = text, Noun = ["person"], Modifiers = draft.Modifiers, IsNamed = true };
        UsesAntecedent |= Last is not null && ReferenceEquals(Last, _antecedent);
        if (Last is { } last && draft.Modifiers.Count == 0) return last;
        return new NounPhrase
        {
            Text = text,
            Noun = Last?.Noun ?? (pronoun == "person" ? ["person"] : []),
            Quantity = pronoun == "them" ? Quantity.All : Quantity.One,
            Modifiers = draft.Modifiers,
            IsNamed = true,
        };
    }

    private bool IsLiving(NounPhrase phrase) => phrase.Noun.Count > 0
        && lexicon.Meanings(lexicon.Singular(phrase.Noun[^1]))?.Any(meaning => lexicon.Living.Contains(meaning.Label)) == true;

    private void Take(ParseNode node, DescriptionDraft draft, bool negated)
    {
        switch (node.Label)
        {
            case "all" or "both" or "any" or "none" or "allbut" or "count" or "a" or "the" or "other" or "another":
                draft.Quantify(node.Label, Number(node));
                break;
            case "noun":
                Name(node, draft);
                break;
            case "thing":
                var word = tokens[node.Start].Word;
                draft.AddThing(lexicon.IsPlural(word) || word is not { Length: > 0 });
                break;
            case "everything":
                draft.AddThing(plural: true);
                draft.Quantify("all", null);
                break;
            case "nobody":
                draft.IsNamed = true;
                draft.Quantify("none", null);
                break;
            case "usable":
                draft.AddThing(plural: false);
                draft.Quantify("any", null);
                draft.Use = Token.Text(tokens, node.Start + 2, node.End);
                draft.Modifiers.Add(new SupposedModifier(Text(node), null));
                break;
            case "kind":
                foreach (var child in node.Children) Take(child, draft, negated);
                break;
            case "portion":
                foreach (var child in node.Children) Take(child, draft, negated);
                break;
            case "one":
                draft.AddOne(lexicon.IsPlural(tokens[node.Start].Word));
                break;
            case "which":
                draft.IsNamed = true;
                if (lexicon.IsPerson(tokens[node.Start].Word)) draft.Noun.Add("person");
                break;
            case "someone":
                draft.Quantify("any", null);
                draft.AddNoun(["person"]);
                break;
            case "speaker" or "it" or "person" or "them":
                draft.Pronoun = node.Label;
                break;
            case "name" or "called" or "number" or "spelled":
                draft.Called = Called(node);
                draft.IsNumber = node.Label == "number";
                break;
            case "np":
                // "not the red cup but the blue one": what is denied first only lends its noun.
                One(node);
                break;
            default:
                Modify(node, draft, negated);
                break;
        }
    }

    /// <summary>The noun's words; an unknown word before a known one is asked about.</summary>
    private void Name(ParseNode node, DescriptionDraft draft)
    {
        var parts = node.Children;
        if (parts is [{ Label: "_x" or "<noun>" } first, { Label: "<noun>" or "<label>" }, ..])
        {
            parts = [.. parts.Skip(1)];
            draft.Modifiers.Add(new SupposedModifier(Text(first), null) { Words = first.Start..first.End });
        }

        // A noun is spelt as the lexicon has it, whatever slip of the pen was read as it.
        draft.AddNoun(parts.SelectMany(part => part.Label is "<noun>" or "<person-nouns>" or "<label>" ? part.Meaning.Split(' ') : tokens.Skip(part.Start).Take(part.End - part.Start).Select(token => token.Word)));
    }

    private void Modify(ParseNode node, DescriptionDraft draft, bool negated)
    {
        var text = Text(node);
        switch (node.Label)
        {
            case "ordinal":
                draft.PendingRank = Rank(node);
                draft.PendingText = text;
                break;
            case "scale":
                draft.Select(Scales(node), text, negated);
                break;
            case "direction":
                draft.Direct(Scales(node), text, node.Has("=from"));
                break;
            case "lateordinal":
                draft.PendingRank = Rank(node);
                draft.PendingText = text;
                draft.Direct(Scales(node), text, node.Has("=from"));
                break;
            case "leftright":
                draft.Direct(tokens[node.End - 3].Word == tokens[node.End - 1].Word ? Scale.Left : FirstSide(node), text, from: true);
                break;
            case "region":
                var scales = node.Child("<regions>")!.Meaning.Split(' ').Select(SnakeCase.Parse<Scale>).ToArray();
                if (draft.PendingRank is not null && scales.Length == 1) draft.Direct(scales[0], text, from: false);
                else foreach (var scale in scales) draft.Modifiers.Add(new SelectionModifier(text, scale, 0, negated, IsRegion: true));
                break;
            case "color" or "coloured":
                draft.Modifiers.Add(Color(node, text, negated, worn: false));
                break;
            case "notcolour":
                draft.Modifiers.Add(Color(node, text, !negated, worn: false));
                break;
            case "worn":
                draft.Modifiers.Add(node.Has("<colours>") ? Color(node, text, negated, worn: true) : new UnmeasuredModifier(text));
                break;
            case "motion":
                draft.Modifiers.Add(new MotionModifier(text, node.Child("<motions:moving>") is not null ? Motion.Moving
                    : node.Child("<motions:still>") is not null ? Motion.Still
                    : node.Child("<motions>") is { } motion ? Meaning<Motion>(motion) : Motion.Approaching, negated));
                break;
            case "bare":
                draft.Modifiers.Add(new MotionModifier(text, Motion.Moving, negated));
                break;
            case "moves":
                draft.Modifiers.Add(new MotionModifier(text, Meaning<Motion>(node.Child("<motions>")!), negated));
                break;
            case "sound" or "engine":
                draft.Modifiers.Add(Sound(text, node.Child("<sounds>")!.Meaning, negated));
                break;
            case "source":
                draft.IsNamed = true;
                draft.Modifiers.Add(Sound(text, node.Child("<sounds>")?.Meaning, negated));
                break;
            case "noise":
                draft.Modifiers.Add(new SoundModifier(text, null, negated));
                break;
            case "size":
                draft.Select(Scales(node), text, negated);
                break;
            case "rel" or "rels" or "robotrel" or "turned":
                Relate(node, draft, text, negated);
                break;
            case "not":
                foreach (var child in node.Children) Take(child, draft, !negated);
                break;
            case "except":
                Exclude(node, draft, text);
                break;
            case "exceptpost":
                foreach (var child in node.Children) Take(child, draft, !negated);
                break;
            case "among":
                draft.IsNamed = true;
                break;
            case "outof" or "either":
                OutOf(node, draft, text);
                break;
            case "compared":
                Compare(node, draft, text, negated);
                break;
            case "scaled":
                // "of the right size" names no side.
                if (Scales(node) is Scale.Left or Scale.Right && !(node.Children[^1].Label.StartsWith("<scales", StringComparison.Ordinal)
                    && node.Children[0].Label is "=at" or "=on" or "=to" or "=in" or "=way" or "=far")) throw new ReadingException();
                draft.Direct(Scales(node), text, from: false);
                break;
            case "supposed":
                var before = Last;
                var anchor = Description(node.Child("np")!);
                draft.Modifiers.Add(new SupposedModifier(text, anchor) { Words = node.Start..node.End });
                Last = before;
                break;
            case "unmeasured":
                draft.Modifiers.Add(new UnmeasuredModifier(text));
                break;
            case "unsure":
                var last = Last;
                var related = Description(node.Child("np")!);
                draft.Modifiers.Add(new SupposedModifier(text, related) { IsUnread = true, Words = node.Start..node.End });
                Last = last;
                break;
            case "unknown":
                draft.Modifiers.Add(new UnmeasuredModifier(text) { IsUnread = true, Words = node.Start..node.End });
                break;
        }
    }

    private void Relate(ParseNode node, DescriptionDraft draft, string text, bool negated)
    {
        // Anchors are described for themselves: "it" goes on meaning what it meant.
        var last = Last;
        var anchors = node.Children.Where(child => child.Label == "np").Select(Description).ToList();
        Last = last;
        // "a cup from the table but not the one on the left" excludes a cup, not a table.
        if (anchors.Exists(anchor => anchor.Modifiers.Any(modifier => modifier is ExclusionModifier))) throw new ReadingException();
        switch (node.Label)
        {
            case "turned":
                var side = Meaning<SpatialRelation>(node.Child("<sides>")!);
                var opposite = side switch
                {
                    SpatialRelation.LeftOf => SpatialRelation.RightOf,
                    SpatialRelation.RightOf => SpatialRelation.LeftOf,
                    _ => throw new ReadingException(),
                };
                draft.Modifiers.Add(new RelationModifier(text, opposite, anchors, negated));
                return;
            case "robotrel":
                draft.Modifiers.Add(ToRobot(Relation(node).Relation, text, negated));
                return;
            case "rels":
                draft.Modifiers.Add(new RelationModifier(text, Meaning<SpatialRelation>(node.Child("<sides>")!), anchors, negated));
                break;
        }

        var (relation, denied) = Relation(node);
        if (relation == SpatialRelation.Between && anchors is [{ Quantity: Quantity.One or Quantity.Any }]) throw new ReadingException();
        if (relation != SpatialRelation.Between && anchors.Count > 1) throw new ReadingException();
        draft.Modifiers.Add(new RelationModifier(text, relation, anchors, negated ^ denied));
    }

    /// <summary>"closest to the robot" and the like order by distance to the camera.</summary>
    private static SelectionModifier ToRobot(SpatialRelation relation, string text, bool negated) => new(text, relation switch
    {
        SpatialRelation.NearestTo or SpatialRelation.NextTo or SpatialRelation.InFrontOf => Scale.Near,
        SpatialRelation.FarthestFrom => Scale.Far,
        SpatialRelation.LeftOf => Scale.Left,
        SpatialRelation.RightOf => Scale.Right,
        _ => throw new ReadingException(),
    }, 0, negated, IsRegion: true);

    private static (SpatialRelation Relation, bool Denied) Relation(ParseNode node)
    {
        var phrase = node.Children.First(child => child.Label == "<sources>" || child.Label.StartsWith("<relations", StringComparison.Ordinal));
        var denied = phrase.Meaning.StartsWith("not_", StringComparison.Ordinal);
        return (SnakeCase.Parse<SpatialRelation>(denied ? phrase.Meaning["not_".Length..] : phrase.Meaning), denied);
    }

    /// <summary>"of smaller dimensions than the box", "not as far off as the sign".</summary>
    private void Compare(ParseNode node, DescriptionDraft draft, string text, bool negated)
    {
        var last = Last;
        var anchor = Description(node.Children.Last(child => child.Label == "np"));
        Last = last;
        var relation = Scales(node) switch
        {
            Scale.Left => SpatialRelation.LeftOf,
            Scale.Right => SpatialRelation.RightOf,
            Scale.Top => SpatialRelation.Above,
            Scale.Bottom => SpatialRelation.Below,
            Scale.Near => SpatialRelation.InFrontOf,
            Scale.Far => SpatialRelation.Behind,
            Scale.Large or Scale.Wide => SpatialRelation.LargerThan,
            Scale.Small or Scale.Narrow => SpatialRelation.SmallerThan,
            Scale.Tall => SpatialRelation.TallerThan,
            Scale.Short => SpatialRelation.ShorterThan,
            _ => throw new ReadingException(),
        };
        // "not as far as" is nearer; "as far as" alone orders nothing.
        if (!node.Has("=than"))
        {
            if (!node.Has("=not"))
            {
                draft.Modifiers.Add(new SupposedModifier(text, anchor) { Words = node.Start..node.End });
                return;
            }

            relation = Opposite(relation);
        }

        draft.Modifiers.Add(new RelationModifier(text, relation, [anchor], negated));
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

    private void Exclude(ParseNode node, DescriptionDraft draft, string text)
    {
        var last = Last;
        foreach (var np in node.Children.Where(child => child.Label == "np"))
        {
            var excluded = Description(np);
            // "but not a single one" takes all of it back.
            if (excluded is { Modifiers.Count: 0, Noun.Count: 0, Called: null }) throw new ReadingException();
            if (excluded.Noun.Count == 0 && excluded.Modifiers.Count > 0) excluded = excluded with { Noun = [.. draft.Noun] };
            draft.Modifiers.Add(new ExclusionModifier(text, excluded));
        }

        Last = last;
    }

    /// <summary>"one of the cups", "the largest of the two bottles", "a cup of coffee".</summary>
    private void OutOf(ParseNode node, DescriptionDraft draft, string text)
    {
        var inner = Joined([.. node.Children.Where(child => child.Label == "np").Select(Description)]);
        if (draft.Noun.Count == 0)
        {
            draft.Noun.AddRange(inner.Noun);
            draft.Modifiers.InsertRange(0, inner.Modifiers);
            draft.IsNamed = true;
            draft.Quantity ??= Quantity.One;
            draft.IsOne = inner.Noun.Count == 0;
        }
        else draft.Modifiers.Add(new UnmeasuredModifier(text));
    }

    /// <summary>"the blue and the red cup" as one group: of either colour.</summary>
    private static NounPhrase Joined(List<NounPhrase> group)
    {
        if (group is [var only]) return only;
        if (!group.TrueForAll(phrase => phrase.Modifiers is [ColorModifier])) throw new ReadingException();
        var colors = group.Select(phrase => (ColorModifier)phrase.Modifiers[0]).ToList();
        var either = new ColorModifier(string.Join(" or ", colors.Select(color => color.Text)), [.. colors.SelectMany(color => color.Colors)], Negated: false, Worn: false, AnyOf: true);
        return group[^1] with { Modifiers = [either] };
    }

    private ColorModifier Color(ParseNode node, string text, bool negated, bool worn)
    {
        var colors = node.Children.Where(child => child.Label == "<colours>").Select(child => lexicon.Color(child.Meaning)).ToList();
        return new ColorModifier(text, colors, negated, worn, AnyOf: node.Has("or"));
    }

    /// <summary>A thing that is quiet makes none of the sounds that are heard.</summary>
    private static SoundModifier Sound(string text, string? name, bool negated) =>
        name == "quiet" ? new SoundModifier(text, null, !negated) : new SoundModifier(text, name, negated);

    private Scale FirstSide(ParseNode node) =>
        SnakeCase.Parse<Scale>(Enumerable.Range(node.Start, node.End - node.Start).Select(i => tokens[i].Word).First(word => Enum.TryParse<Scale>(word, true, out _)));

    private static Scale Scales(ParseNode node) =>
        Meaning<Scale>(node.Children.First(child => child.Label.StartsWith("<scales", StringComparison.Ordinal)));

    private static int Rank(ParseNode node)
    {
        var ordinal = (node.Child("<ordinals>") ?? node.Child("<ordinal>"))!;
        var number = (int)double.Parse(ordinal.Meaning, CultureInfo.InvariantCulture);
        if (number == 0) throw new ReadingException();
        return number > 0 ? number - 1 : number;
    }

    private static double? Number(ParseNode node) => (node.Child("<number>") ?? node.Child("<numbers>")) is { } number
        ? double.Parse(number.Meaning, CultureInfo.InvariantCulture)
        : null;

    private static string Called(ParseNode node) => (node.Child("<id>") ?? node.Child("<number>"))!.Meaning;

    private static T Meaning<T>(ParseNode phrase) where T : struct, Enum => SnakeCase.Parse<T>(phrase.Meaning);
}

/// <summary>A reading turns out to mean nothing; the next one is tried.</summary>
internal sealed class ReadingException : Exception
{
    /// <summary>Creates it.</summary>
    public ReadingException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public ReadingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and a cause.</summary>
    public ReadingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
