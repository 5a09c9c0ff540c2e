namespace EdgePerception.Policy.Commands;

/// <summary>
/// Reads descriptions of objects by recursive descent: determiner, adjectives, noun, then whatever follows the noun
/// (<see cref="ModifierParser"/>). A description belongs to the noun nearest before it.
/// </summary>
internal sealed class NounPhraseParser
{
    private const int DeepestNesting = 5;

    private static readonly HashSet<string> Determiners =
        ["the", "a", "an", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our", "their", "some", "any", "another", "no"];

    private static readonly HashSet<string> Closers =
    [
        "that", "which", "who", "whom", "whose", "with", "wearing", "dressed", "from", "of", "at", "except", "other", "but", "not",
        "and", "or", "is", "are", "was", "then", "while", "without", "because", "so", "if", "until", "unless", "when", "where", "to",
        "for", "as", "than", "whereas", "since", "besides", "excluding", "instead", "rather", "plus", "avoiding", "after", "it",
        "him", "me", "us", "them", "i", "you", "we", "they", "he", "she", "apart", "counting", "starting", "the", "a", "an", "my",
        "your", "do", "does", "can", "somewhere", "coloured", "colored", "painted", "dyed", "did", "unlike", "nor", "towards", "toward",
    ];

    private static readonly HashSet<string> StrongVerbs =
        ["bring", "fetch", "grab", "follow", "avoid", "pick", "put", "take", "go", "drive"];

    private static readonly HashSet<string> Portions = ["slice", "piece", "bunch", "pair", "kind", "type", "sort", "group", "lot", "row", "line",
         "couple", "number", "source", "origin"];

    private readonly Sentence _sentence;
    private readonly Lexicon _lexicon;
    private readonly ModifierParser _modifiers;
    private int _depth;

    /// <summary>Creates a parser for one sentence.</summary>
    public NounPhraseParser(Sentence sentence)
    {
        _sentence = sentence;
        _lexicon = sentence.Lexicon;
        _modifiers = new ModifierParser(sentence, this);
    }

    /// <summary>Whether a description within another one is being read.</summary>
    public bool IsNested => _depth > 1;

    /// <summary>Whether a description can start at the next word.</summary>
    public bool CanStart
    {
        get
        {
            var word = _sentence.Peek();
            return Determiners.Contains(word) || word is "all" or "both" or "every" or "each" or "one" or "anything" or "something"
                || _sentence.Length(_lexicon.Numbers) > 0 || _sentence.Length(_sentence.Labels) > 0
                || _lexicon.NounWords.Contains(_lexicon.Singular(word)) || _sentence.Length(_lexicon.Colors) > 0;
        }
    }

    /// <summary>Reads a description.</summary>
    /// <param name="copula">Whether "is" may lead to a property, as in "which cup is red".</param>
    /// <returns>None when the next words describe nothing; the place in the sentence is then unchanged.</returns>
    public NounPhrase? Parse(bool copula = false)
    {
        var start = _sentence.Position;
        if (_depth >= DeepestNesting) return null;
        _depth++;
        var phrase = ParsePronoun() ?? ParseDescription(copula);
        _depth--;
        if (phrase is null) _sentence.Position = start;
        return phrase;
    }

    /// <summary>Whether a verb that cannot be mistaken for a noun starts at a distance from the next word.</summary>
    public bool VerbStarts(int ahead = 0)
    {
        var length = _lexicon.Verbs.Match(_sentence.Tokens, _sentence.Position + ahead, out _);
        if (length != 1) return length > 1;
        var at = _sentence.Position + ahead;
        // "and set it down" commands where "the man who will set it down" does not.
        var goesOn = at > 0 && _sentence.Tokens[at - 1].Word is "and" or "then" && _sentence.Peek(ahead + 1) is "it" or "them";
        return goesOn || StrongVerbs.Contains(_sentence.Tokens[at].Word);
    }

    private NounPhrase? ParsePronoun()
    {
        var start = _sentence.Position;
        var word = _sentence.Peek();
        if (word is "me" or "us" or "myself" || (word is "my" && _sentence.AcceptPhrase("my position")))
        {
            if (word != "my") _sentence.Position++;
            return new NounPhrase { Text = _sentence.TextFrom(start), Noun = ["person"], IsSpeaker = true, IsNamed = true };
        }

        if (word is "it" or "him" or "them" or "he" or "she" or "they" or "itself"
            || (word is "her" && !StartsNoun(1)) || (word is "this" or "that" or "these" or "those" && IsDemonstrative()))
        {
            _sentence.Position++;
            if (word is "this" or "that" && _sentence.Peek() is "one") _sentence.Position++;
            return Antecedent(word, _sentence.TextFrom(start));
        }

        return null;
    }

    private bool IsDemonstrative()
    {
        if (_sentence.Peek(1) is "one") return _sentence.LastObject is not null && !_modifiers.StartsAt(2);
        return !StartsNoun(1);
    }

    private bool StartsNoun(int ahead)
    {
        var word = _sentence.Peek(ahead);
        return word.Length > 0 && !Closers.Contains(word) && _sentence.Length(_lexicon.Relations, ahead) == 0
            && _sentence.Length(_lexicon.Trailing, ahead) == 0;
    }

    private NounPhrase Antecedent(string pronoun, string text)
    {
        if (_sentence.LastObject is { } last) return last;
        var many = pronoun is "them" or "they" or "these" or "those";
        return new NounPhrase
        {
            Text = text,
            Noun = pronoun is "him" or "her" or "he" or "she" ? ["person"] : [],
            Quantity = many ? Quantity.All : Quantity.One,
            IsNamed = true,
        };
    }

    private NounPhrase? ParseDescription(bool copula)
    {
        var start = _sentence.Position;
        var draft = new NounPhraseDraft();
        if (start > 0 && _sentence.Peek(1) is "is" or "are" && _sentence.Accept("what", "whatever", "whichever", "whoever"))
        {
            copula = draft.IsNamed = draft.HasContent = true;
            if (_sentence.Tokens[start].Word == "whoever") draft.Noun.Add("person");
        }

        ParseQuantity(draft);
        ParseCore(draft);
        _modifiers.ParseAfterNoun(draft, copula);
        if (_sentence.Position == start || !draft.HasContent) return null;
        if (draft.Noun.Count == 0 && !draft.IsNamed && draft.Modifiers.Count == 0 && draft.PendingRank is null) return null;
        var phrase = draft.Build(_sentence.TextFrom(start), _lexicon, _sentence.CountsFrom);
        if (phrase.Noun.Count == 0 && phrase.IsNamed && draft.IsOne && _sentence.LastObject is { Noun.Count: > 0 } last)
            phrase = phrase with { Noun = last.Noun };
        return phrase;
    }

    private void ParseQuantity(NounPhraseDraft draft)
    {
        if (_sentence.Accept("all", "every", "each"))
        {
            draft.Quantity = Quantity.All;
            _sentence.Accept("of");
        }
        else if (_sentence.Accept("both"))
        {
            (draft.Quantity, draft.Count, draft.IsBoth) = (Quantity.Exactly, 2, true);
            _sentence.Accept("of");
        }
        else if (_sentence.AcceptPhrase("one of") || _sentence.AcceptPhrase("any one of") || _sentence.AcceptPhrase("any of")
            || _sentence.AcceptPhrase("either of") || _sentence.AcceptPhrase("some of") || _sentence.AcceptPhrase("whichever")
            || _sentence.Accept("either"))
            draft.Quantity = Quantity.Any;
        draft.IsPartitive = draft.Quantity == Quantity.Any;
        ParseDeterminer(draft);
        if (_sentence.Peek() is not "one" && _sentence.Length(_lexicon.Ordinals) == 0 && _sentence.Accept(_lexicon.Numbers, out var count))
        {
            if (draft.IsPartitive || count == 1) return;
            (draft.Quantity, draft.Count) = (draft.IsDefinite || draft.Quantity == Quantity.Exactly ? Quantity.Exactly : Quantity.AnyOf, count);
        }
    }

    private void ParseDeterminer(NounPhraseDraft draft)
    {
        var word = _sentence.Peek();
        if (word is "which" or "what" && _sentence.Position == 0) _sentence.Position++;
        if (word is "one" && StartsNoun(1) && !VerbStarts(1) && !_modifiers.StartsAt(1))
        {
            _sentence.Position++;
            draft.Quantity = Quantity.Any;
        }
        else if (Determiners.Contains(word))
        {
            _sentence.Position++;
            draft.HasContent = true;
            if (word is "a" or "an" or "any" or "some" or "another") draft.Quantity = Quantity.Any;
            else draft.IsDefinite = true;
        }
    }

    private void ParseCore(NounPhraseDraft draft)
    {
        while (!_sentence.AtEnd)
        {
            var pause = _sentence.PauseHere;
            if (pause == Pause.Sentence && draft.HasContent) break;
            if (pause == Pause.Comma && (draft.Noun.Count > 0 || draft.IsNamed)) break;
            if (draft.Noun.Count > 0 && EndsAfterNoun()) break;
            if (AcceptCompound(draft)) continue;
            if (draft.Noun.Count == 0 && !draft.IsNamed && (_modifiers.ParseBeforeNoun(draft) || ParseLateNumber(draft))) continue;
            if (draft.Noun.Count == 0 && (draft.IsNamed || _modifiers.PropertyStarts)) break;
            var word = _sentence.Peek();
            if (Closers.Contains(word) || _sentence.Length(_lexicon.Relations) > 0) break;
            if (draft.Noun.Count == 0 && !draft.HasContent && _sentence.Length(_lexicon.Trailing) > 0) break;
            AddNoun(draft, word);
        }
    }

    /// <summary>"the leftmost two cups".</summary>
    private bool ParseLateNumber(NounPhraseDraft draft)
    {
        if (draft.Modifiers.Count == 0 || draft.PendingRank is not null || !_sentence.Accept(_lexicon.Numbers, out var count)) return false;
        if (count > 1) (draft.Quantity, draft.Count) = (Quantity.Exactly, count);
        return true;
    }

    private void AddNoun(NounPhraseDraft draft, string word)
    {
        draft.HasContent = true;
        var singular = _lexicon.Singular(word);
        if (draft.Noun.Count == 0 && _lexicon.Anything.Contains(singular))
        {
            draft.IsNamed = true;
            draft.IsOne = singular == "one";
            draft.IsPlural |= singular != word || singular is "stuff" or "everything";
            if (word is "something" or "anything") draft.Quantity = Quantity.Any;
            _sentence.Position++;
            return;
        }

        if (Portions.Contains(singular) && _sentence.Peek(1) == "of")
        {
            _sentence.Position += 2;
            if (Determiners.Contains(_sentence.Peek())) _sentence.Position++;
            return;
        }

        if (word is "somebody" or "someone" or "anyone" or "anybody") draft.Quantity = Quantity.Any;
        draft.Noun.Add(word);
        draft.IsNamed = true;
        _sentence.Position++;
    }

    private bool AcceptCompound(NounPhraseDraft draft)
    {
        var length = _sentence.Length(_sentence.Labels);
        var isLabel = length > 0;
        if (!isLabel) length = _sentence.Length(_lexicon.Compounds);
        if (length < 2 && !isLabel) return false;
        if (!isLabel && _sentence.Length(_lexicon.Relations) >= length) return false;
        for (var i = 0; i < length; i++) draft.Noun.Add(_sentence.Peek(i));
        _sentence.Position += length;
        draft.HasContent = draft.IsNamed = true;
        return true;
    }

    private bool EndsAfterNoun()
    {
        var word = _sentence.Peek();
        return Closers.Contains(word) || word is "number" || _sentence.Length(_lexicon.Corrections) > 0 || _modifiers.StartsAt(0) || VerbStarts()
            || _sentence.Length(_lexicon.Trailing) > 0 || _sentence.Length(_lexicon.Requester) > 0;
    }
}
