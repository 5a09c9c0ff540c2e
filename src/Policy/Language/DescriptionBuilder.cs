namespace EdgePerception.Policy.Language;

/// <summary>
/// Builds descriptions of objects from parts of a reading. Goes through the words in order, so that "it" and "one"
/// stand for what was described last. Used by one thread, for one reading.
/// </summary>
internal sealed class DescriptionBuilder
{
    private const int MaxObjects = 8;

    private readonly IReadOnlyList<Token> _tokens;
    private readonly Lexicon _lexicon;
    private readonly NounPhrase? _antecedent;
    private readonly ModifierBuilder _modifiers;

    /// <summary>Creates a builder for one reading.</summary>
    public DescriptionBuilder(IReadOnlyList<Token> tokens, Lexicon lexicon, NounPhrase? antecedent)
    {
        (_tokens, _lexicon, _antecedent, Last) = (tokens, lexicon, antecedent, antecedent);
        _modifiers = new ModifierBuilder(this, lexicon);
    }

    /// <summary>What "it" stands for: the description read last.</summary>
    public NounPhrase? Last { get; set; }

    /// <summary>Whether "it" or "one" was taken for what an earlier turn was about.</summary>
    public bool UsesAntecedent { get; private set; }

    /// <summary>Whether the speaker corrected a description.</summary>
    public bool IsCorrected { get; private set; }

    /// <summary>Where ordinals without a direction count from: as people read, unless they say otherwise.</summary>
    public Scale CountsFrom { get; set; } = Scale.Left;

    /// <summary>The user's words of a node.</summary>
    public string Text(ParseNode node) => Token.Text(_tokens, node.Start, node.End);

    /// <summary>The descriptions that a list names, in order.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public List<NounPhrase> Objects(ParseNode node)
    {
        var objects = new List<NounPhrase>();
        foreach (var child in node.Children)
        {
            if (child.Label is "np" or "or") objects.AddRange(child.Label == "or" ? [Resolution(child)] : Each(child));
            else if (child.Label is "instead" or "part" && objects.Count > 0)
            {
                objects[^1] = Corrected(objects[^1], child.Label == "part" ? Part(child) : Objects(child)[^1]);
                IsCorrected = true;
            }
            else continue;
            Last = objects[^1];
        }

        if (objects.Count is 0 or > MaxObjects) throw new ReadingException();
        // "the green and the red cup": the noun comes last.
        return objects.ConvertAll(one => LacksNoun(one) ? WithNoun(one, objects[^1].Noun) : one);
    }

    /// <summary>The one description of a node.</summary>
    public NounPhrase One(ParseNode np) => Last = Description(np);

    /// <summary>A description beside the one that is being built: "it" goes on meaning what it meant.</summary>
    public List<NounPhrase> Aside(IEnumerable<ParseNode> nodes)
    {
        var last = Last;
        List<NounPhrase> described = [.. nodes.Select(Description)];
        Last = last;
        return described;
    }

    /// <summary>Properties without a noun ("on the left", "blue shirt").</summary>
    public NounPhrase Part(ParseNode node)
    {
        var draft = new DescriptionDraft();
        if (node.Label == "any") draft.Quantify("any", null);
        if (node.Label == "side") draft.Direct(ModifierBuilder.Scales(node), Text(node), from: false, negated: false);
        if (node.Label is "worn" or "called") Take(node, draft, negated: false);
        else foreach (var child in node.Children) Take(child, draft, negated: false);
        return draft.Build(Text(node), _lexicon, CountsFrom);
    }

    /// <summary>What a question says of its objects ("… is red", "… are on the table"); none for nothing.</summary>
    public NounPhrase? Predicate(ParseNode node)
    {
        var draft = new DescriptionDraft();
        var negated = node.Has("=not");
        foreach (var child in node.Children)
        {
            if (child.Label is not ("objects" or "np") && !child.IsTerminal) Take(child, draft, negated);
        }

        return draft.Modifiers.Count == 0 ? null : draft.Build(_tokens[node.End - 1].Surface, _lexicon, CountsFrom);
    }

    /// <summary>A description; "it" does not stand for it yet.</summary>
    /// <exception cref="ReadingException">It means nothing.</exception>
    public NounPhrase Description(ParseNode np)
    {
        var draft = new DescriptionDraft();
        foreach (var child in np.Children) Take(child, draft, negated: false);
        if (draft.Pronoun is { } pronoun) return Antecedent(pronoun, draft, Text(np));
        var phrase = draft.Build(Text(np), _lexicon, CountsFrom);
        // Nothing at all; "a second" alone, which is a time; "a good" alone, which begins something else.
        if (phrase is { Noun.Count: 0, IsNamed: false, Called: null, Modifiers.Count: 0, Quantity: Quantity.One }
            or
            {
                Noun.Count: 0, IsNamed: false, Quantity: Quantity.Any,
                Modifiers: [SelectionModifier or UnmeasuredModifier]
            })
            throw new ReadingException();
        if (phrase.Noun.Count > 0 || !draft.IsOne || Last is not { Noun.Count: > 0 } last) return phrase;
        UsesAntecedent |= ReferenceEquals(last, _antecedent);
        return phrase with { Noun = last.Noun, IsAnaphor = true };
    }

    /// <summary>Takes a part of a description.</summary>
    private void Take(ParseNode node, DescriptionDraft draft, bool negated)
    {
        switch (node.Label)
        {
            case "all" or "both" or "any" or "none" or "allbut" or "count" or "a" or "the" or "other" or "another":
                draft.Quantify(node.Label, (node.Child("<number>") ?? node.Child("<numbers>"))?.Figure());
                break;
            case "noun":
                Name(node, draft);
                break;
            case "thing" or "one":
                draft.AddThing(_lexicon.IsPlural(_tokens[node.Start].Word));
                draft.IsOne |= node.Label == "one";
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
                draft.Use = Text(node.Child("use")!);
                draft.Modifiers.Add(new SupposedModifier(Text(node), null));
                break;
            case "kind" or "portion" or "not" or "exceptpost":
                foreach (var child in node.Children) Take(child, draft, negated ^ node.Label is "not" or "exceptpost");
                break;
            case "which":
                draft.IsNamed = true;
                if (_lexicon.IsPerson(_tokens[node.Start].Word)) draft.Noun.Add("person");
                break;
            case "someone":
                draft.Quantify("any", null);
                draft.AddNoun(["person"]);
                break;
            case "among":
                draft.IsNamed = true;
                break;
            case "speaker" or "it" or "person" or "them":
                draft.Pronoun = node.Label;
                break;
            case "name" or "called" or "number" or "spelled":
                draft.Called = (node.Child("<id>") ?? node.Child("<number>"))!.Meaning;
                draft.IsNumber = node.Label == "number";
                break;
            case "np":
                // "not the red cup but the blue one": what is denied first only lends its noun.
                One(node);
                break;
            default:
                _modifiers.Take(node, draft, negated);
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
        draft.AddNoun(
            parts.SelectMany(part => part.Label is "<noun>" or "<person-nouns>" or "<living-nouns>" or "<label>"
            ? part.Meaning.Split(' ')
            : _tokens.Skip(part.Start).Take(part.End - part.Start).Select(token => token.Word)));
    }

    private NounPhrase Antecedent(string pronoun, DescriptionDraft draft, string text)
    {
        var person = new NounPhrase { Text = text, Noun = ["person"], Modifiers = draft.Modifiers, IsNamed = true };
        if (pronoun == "speaker")
        {
            // Who speaks needs no description, and what would be one must not be lost: "come to me by tomorrow".
            return draft.Modifiers.Count > 0 ? throw new ReadingException() : person with { IsSpeaker = true };
        }

        // "her" is no book.
        if (pronoun == "person" && Last is { IsSpeaker: false } thing && !_lexicon.IsLiving(thing.Noun)) return person;
        UsesAntecedent |= Last is not null && ReferenceEquals(Last, _antecedent);
        if (Last is { } last && draft.Modifiers.Count == 0) return last;
        return person with
        {
            Noun = Last?.Noun ?? (pronoun == "person" ? person.Noun : []),
            Quantity = pronoun == "them" ? Quantity.All : Quantity.One,
        };
    }

    /// <summary>"the red and blue cups" are red ones and blue ones.</summary>
    private IEnumerable<NounPhrase> Each(ParseNode np)
    {
        var phrase = Description(np);
        var color = phrase.Modifiers.OfType<ColorModifier>()
            .FirstOrDefault(color => color is { Worn: false, Negated: false, Colors.Count: > 1 });
        if (color is null || phrase.Quantity is not (Quantity.All or Quantity.Exactly)) return [phrase];
        var one = phrase.Quantity == Quantity.Exactly && phrase.Count == color.Colors.Count;
        return color.Colors.Select(single => phrase with
        {
            Text = $"{single.Name} {string.Join(' ', phrase.Noun)}",
            Quantity = one ? Quantity.One : Quantity.All,
            Modifiers = [.. phrase.Modifiers.Select(modifier => ReferenceEquals(modifier, color)
                ? color with { Text = single.Name, Colors = [single], AnyOf = false } : modifier)],
        });
    }

    /// <summary>"the red or the blue cup": the noun comes last.</summary>
    private NounPhrase Resolution(ParseNode node)
    {
        List<NounPhrase> all = [.. node.Descriptions.Select(One)];
        if (all.Exists(phrase => phrase is { Noun.Count: 0, Modifiers.Count: 0, Called: null }))
            throw new ReadingException();
        all = all.ConvertAll(one => one is { Noun.Count: 0, IsNamed: false } ? WithNoun(one, all[^1].Noun) : one);
        return all[0] with { Alternatives = [.. all.Skip(1)] };
    }

    private static bool LacksNoun(NounPhrase phrase) => phrase is
    {
        Noun.Count: 0, IsNamed: false, Called: null, Modifiers: [ColorModifier or SelectionModifier, ..],
    };

    /// <summary>A description without a noun with that of another.</summary>
    private static NounPhrase WithNoun(NounPhrase phrase, IReadOnlyList<string> noun) =>
        noun.Count > 0 ? phrase with { Noun = noun, IsNamed = true } : phrase;

    private static NounPhrase Corrected(NounPhrase said, NounPhrase meant)
    {
        if (meant.Noun.Count > 0 || meant.KnownId is not null || meant.Called is not null) return meant;
        if (meant.IsNamed) return meant with { Noun = said.Noun };
        // Only the place or the colour was wrong; the rest of the description stands.
        var kept = said.Modifiers.Where(old => meant.Modifiers.All(now => now.GetType() != old.GetType()));
        return said with
        {
            Text = string.Join(' ', [.. said.Noun, meant.Text]),
            Modifiers = [.. kept, .. meant.Modifiers],
        };
    }
}
