namespace EdgePerception.Policy.Commands;

/// <summary>Reads what narrows a description down: adjectives before its noun, phrases and clauses after it.</summary>
internal sealed class ModifierParser(Sentence sentence, NounPhraseParser nouns)
{
    private const int MostModifiers = 12;

    private static readonly HashSet<string> Intensifiers =
    [
        "very", "really", "quite", "slightly", "rather", "actual", "only", "single", "lone", "certain", "specific", "particular",
        "main", "whole", "entire", "other", "dear", "damn", "darn", "bloody", "most", "more", "non", "lovely", "nice", "pretty",
        "single", "correct",
    ];

    private static readonly HashSet<string> AdverbsOfPlace = ["currently", "just", "all", "still", "now", "actually", "clearly", "keeps", "keep"];

    private readonly Lexicon _lexicon = sentence.Lexicon;
    private readonly OrderParser _order = new(sentence);
    private readonly RelationParser _relations = new(sentence, nouns);
    private readonly PropertyParser _properties = new(sentence);

    /// <summary>Whether something that can only follow a noun starts at a distance from the next word.</summary>
    public bool StartsAt(int ahead)
    {
        var word = sentence.Peek(ahead);
        if (word.Length == 0) return false;
        return sentence.Length(_lexicon.Relations, ahead) > 0 || sentence.Length(_lexicon.Regions, ahead) > 0
            || sentence.Length(_lexicon.Noise, ahead) > 0 || _properties.SoundStarts(ahead)
            || sentence.Length(_lexicon.Motions, ahead) > 0
            || (sentence.Length(_lexicon.Colors, ahead) > 0 && !_lexicon.ColorNouns.Contains(word))
            || (sentence.Length(_lexicon.Ordinals, ahead) > 0 && sentence.Peek(ahead + 1) is "from" or "on" or "in");
    }

    /// <summary>Whether a property stands where a noun could ("what is moving").</summary>
    public bool PropertyStarts => sentence.Length(_lexicon.Motions) > 0 || _properties.SoundStarts(0) || sentence.Length(_lexicon.Noise) > 0;

    /// <summary>Reads one adjective; false when the next word is none.</summary>
    public bool ParseBeforeNoun(NounPhraseDraft draft)
    {
        var start = sentence.Position;
        if (_order.Ordinal(draft)) return draft.HasContent = true;
        var negated = sentence.Accept("not", "non");
        if ((_properties.Color(start, negated, worn: false, beforeNoun: true) ?? _order.Selection(start, negated, draft)
                ?? _properties.Participle(start, negated) ?? Unmeasured(start)) is { } modifier)
        {
            draft.Modifiers.Add(modifier);
            return draft.HasContent = true;
        }

        sentence.Position = start;
        if (Intensifiers.Contains(sentence.Peek()) && sentence.Peek(1).Length > 0)
        {
            sentence.Position++;
            return true;
        }

        return false;
    }

    /// <summary>Reads everything that follows the noun and belongs to it.</summary>
    public void ParseAfterNoun(NounPhraseDraft draft, bool copula)
    {
        int? joint = null;
        while (!sentence.AtEnd && draft.Modifiers.Count < MostModifiers)
        {
            var start = sentence.Position;
            if (sentence.PauseHere == Pause.Sentence && start > 0) return;
            // After a comma the description goes on about its own noun, not about one named within it.
            if (sentence.PauseHere == Pause.Comma && nouns.IsNested) return;
            // "on the way" and the like look like a relation and are none.
            if (sentence.Length(_lexicon.Trailing) > Math.Max(1, Math.Max(sentence.Length(_lexicon.Relations), sentence.Length(_lexicon.Regions)))) return;
            var before = draft.Modifiers.Count;
            if (ParseOne(draft, copula || joint is not null))
            {
                draft.HasContent = true;
                joint = null;
                continue;
            }

            start = joint ?? start;
            sentence.Position = start;
            draft.Modifiers.RemoveRange(before, draft.Modifiers.Count - before);
            if (draft.Modifiers.Count == 0 || !sentence.Accept("and", "but", "or") || StartsColoredNoun() || nouns.VerbStarts() || nouns.CanStart && !StartsAt(0)
                || !(StartsAt(0) || sentence.Peek() is "that" or "which" or "who" or "not" or "is" or "wearing"))
            {
                sentence.Position = start;
                return;
            }

            if (joint is not null) return;
            joint = start;
        }

        if (joint is { } and) sentence.Position = and;
    }

    /// <summary>"… and blue cup" names another object, "… and blue" goes on about this one.</summary>
    private bool StartsColoredNoun()
    {
        var length = sentence.Length(_lexicon.Colors);
        return length > 0 && _properties.NounFollows(length) && !StartsAt(length);
    }

    private bool ParseOne(NounPhraseDraft draft, bool copula)
    {
        var start = sentence.Position;
        if (_order.Direction(draft) || _order.Size(draft) || ParsePartitive(draft) || ParseExclusion(draft, start)) return true;
        var relative = ParseRelative(copula, out var negated);
        if (sentence.Accept("not", "non", "neither")) negated = !negated;
        while (relative && AdverbsOfPlace.Contains(sentence.Peek()) && (sentence.Length(_lexicon.Motions) == 0 || sentence.Length(_lexicon.Motions, 1) > 0)
            && sentence.Length(_lexicon.Motions) < 2) sentence.Position++;
        if (relative && _order.Position(draft)) return true;
        if ((_properties.Worn(start, negated) ?? _relations.Turned(start, negated)) is { } has)
        {
            draft.Modifiers.Add(has);
            return true;
        }

        if (_relations.Parse(start, negated) is { } relations)
        {
            draft.Modifiers.AddRange(relations);
            return true;
        }

        if (_order.Region(start, negated, draft)) return true;
        if (relative && draft.Noun.Count == 0 && sentence.Peek() is "a" or "an" && !negated && nouns.Parse() is { Noun.Count: > 0 } kind)
        {
            draft.Noun.AddRange(kind.Noun);
            draft.Modifiers.AddRange(kind.Modifiers);
            return true;
        }

        if (relative) sentence.Accept("the");
        if ((_properties.Heard(start, negated, relative)
                ?? _properties.Moves(start, negated, relative) ?? _properties.Color(start, negated, worn: false, beforeNoun: false)) is { } property)
        {
            draft.Modifiers.Add(property);
            if (relative) sentence.Accept("one");
            return true;
        }

        if (relative || sentence.PauseHere == Pause.Comma) sentence.Accept("the");
        if (relative && _order.Selection(start, negated, draft) is { } selection)
        {
            draft.Modifiers.Add(selection);
            sentence.Accept("one");
            return true;
        }

        return Unknown(draft, start, relative);
    }

    /// <summary>"that is", "which", "who does not", or a bare "is" in a question.</summary>
    private bool ParseRelative(bool copula, out bool negated)
    {
        negated = false;
        var start = sentence.Position;
        if (sentence.Accept("that", "which", "who", "whom"))
        {
            if (sentence.Accept("i", "you", "we") && sentence.Accept("can")) sentence.Accept("see");
            if (sentence.Accept("is", "are", "was", "were", "looks", "has", "have", "does", "do", "did", "can", "appears", "seems"))
                if (!sentence.AcceptPhrase("to be")) sentence.Accept("been", "being", "be", "got");
            negated = sentence.Accept("not", "never");
            return true;
        }

        if (sentence.AcceptPhrase("whose colour is") || sentence.AcceptPhrase("whose color is"))
        {
            negated = sentence.Accept("not");
            return true;
        }

        if (copula && sentence.Accept("is", "are"))
        {
            negated = sentence.Accept("not");
            return true;
        }

        sentence.Position = start;
        return false;
    }

    /// <summary>"of the two", "of them", "of the cups", "of coffee".</summary>
    private bool ParsePartitive(NounPhraseDraft draft)
    {
        var start = sentence.Position;
        if (!sentence.Accept("of", "among", "amongst")) return false;
        if (sentence.Accept("them", "these", "those", "all") && !nouns.CanStart) return true;
        var inner = nouns.Parse();
        if (inner is null)
        {
            sentence.Position = start;
            return false;
        }

        if (draft.Noun.Count == 0)
        {
            inner = Joined(inner);
            draft.Noun.AddRange(inner.Noun);
            draft.Modifiers.InsertRange(0, inner.Modifiers);
            draft.IsNamed = true;
            // One out of a group is meant, however many the group has.
            draft.Quantity ??= Quantity.One;
            draft.IsOne = inner.Noun.Count == 0;
            return true;
        }

        draft.Modifiers.Add(new UnmeasuredModifier(sentence.TextFrom(start)));
        return true;
    }

    /// <summary>"the blue and the red cup" as one group: of either colour.</summary>
    private NounPhrase Joined(NounPhrase inner)
    {
        var at = sentence.Position;
        if (inner.Modifiers is [ColorModifier first] && sentence.Accept("and", "or") && nouns.Parse() is { Modifiers: [ColorModifier second] } other)
        {
            var colors = new ColorModifier(first.Text + " or " + second.Text, [.. first.Colors, .. second.Colors], Negated: false, Worn: false, AnyOf: true);
            return other with { Modifiers = [colors] };
        }

        sentence.Position = at;
        return inner;
    }

    private bool ParseExclusion(NounPhraseDraft draft, int start)
    {
        // "a cup from the table but not the one on the left" excludes a cup, not a table.
        if (nouns.IsNested && sentence.Peek() is "but" or "except" or "excluding") return false;
        sentence.Accept("and", "all");
        var explicitly = sentence.AcceptPhrase("other than") || sentence.AcceptPhrase("but not") || sentence.AcceptPhrase("apart from")
            || sentence.AcceptPhrase("except for") || sentence.AcceptPhrase("rather than") || sentence.AcceptPhrase("instead of")
            || sentence.AcceptPhrase("different from") || sentence.AcceptPhrase("that is not the") || sentence.AcceptPhrase("which is not the")
            || sentence.AcceptPhrase("who is not the") || sentence.Accept("except", "excluding", "besides", "unlike")
            || (sentence.Peek(1) is "the" or "a" && (sentence.Accept("not") || (draft.Quantity is Quantity.All or Quantity.Any && sentence.Accept("but"))));
        if (!explicitly)
        {
            sentence.Position = start;
            return false;
        }

        sentence.Accept("for", "not");
        var at = sentence.Position;
        if (_properties.Color(start, negated: true, worn: false, beforeNoun: false) is { } color && !nouns.CanStart)
        {
            sentence.Accept("one", "ones");
            draft.Modifiers.Add(color);
            return true;
        }

        sentence.Position = at;
        if (_relations.Parse(start, negated: true) is { } relations)
        {
            draft.Modifiers.AddRange(relations);
            return true;
        }

        sentence.Position = at;
        if (_order.Region(start, negated: true, draft)) return true;
        if (nouns.Parse() is not { } excluded) return false;
        if (excluded.Noun.Count == 0 && excluded.Modifiers.Count > 0) excluded = excluded with { Noun = [.. draft.Noun] };
        draft.Modifiers.Add(new ExclusionModifier(sentence.TextFrom(start), excluded));
        return true;
    }

    private UnmeasuredModifier? Unmeasured(int start)
    {
        var length = sentence.Length(_lexicon.UnmeasuredAdjectives);
        if (length == 0 || Intensifiers.Contains(sentence.Peek()) || !_properties.NounFollows(length)) return null;
        sentence.Position += length;
        return new UnmeasuredModifier(sentence.TextFrom(start));
    }

    private bool Unknown(NounPhraseDraft draft, int start, bool relative)
    {
        if (!sentence.Accept(_lexicon.UnmeasuredStates, out _))
        {
            if (!relative || sentence.Peek().Length == 0 || sentence.PauseHere != Pause.None) return false;
            // An unknown relative clause ("that belongs to me") ends with the clause it stands in.
            while (!sentence.AtEnd && sentence.PauseHere == Pause.None && sentence.Peek() is not ("and" or "but" or "then")
                && !nouns.VerbStarts()) sentence.Position++;
        }

        draft.Modifiers.Add(new UnmeasuredModifier(sentence.TextFrom(start)));
        return true;
    }
}
