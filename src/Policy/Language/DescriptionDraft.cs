namespace EdgePerception.Policy.Language;

/// <summary>A description while it is being built.</summary>
internal sealed class DescriptionDraft
{
    private double _number = 1;
    private bool _isDefinite;
    private bool _isPartitive;
    private bool _isBoth;
    private bool _isPlural;
    private bool _isOther;
    private string _rankText = "";
    private bool _isRankNegated;

    /// <summary>The noun's words so far.</summary>
    public List<string> Noun { get; } = [];

    /// <summary>The modifiers so far.</summary>
    public List<Modifier> Modifiers { get; } = [];

    /// <summary>How many are meant; none until words say so.</summary>
    public Quantity? HowMany { get; set; }

    /// <summary>Whether a word stands for the object, if only "one".</summary>
    public bool IsNamed { get; set; }

    /// <summary>Whether "one" stands for the noun.</summary>
    public bool IsOne { get; set; }

    /// <summary>The kind of pronoun, if it is one.</summary>
    public string? Pronoun { get; set; }

    /// <summary>What the robot calls it.</summary>
    public string? Called { get; set; }

    /// <summary>Whether that is a number which may count as well ("number 2").</summary>
    public bool IsNumber { get; set; }

    /// <summary>What the object is to be used for.</summary>
    public string? Use { get; set; }

    /// <summary>An ordinal that waits for its direction ("the second … from the left").</summary>
    public int? PendingRank { get; private set; }

    /// <summary>Takes a word of quantity by its label in the grammar.</summary>
    public void Quantify(string label, double? number)
    {
        HowMany = label switch
        {
            "all" => number is null ? Quantity.All : Quantity.Exactly,
            "both" => Quantity.Exactly,
            "any" or "another" => Quantity.Any,
            "none" => Quantity.None,
            "allbut" => Quantity.AllBut,
            "a" => HowMany ?? Quantity.Any,
            _ => HowMany,
        };
        _number = label switch { "both" => 2, "all" => number ?? _number, "allbut" => number ?? 1, _ => _number };
        _isBoth |= label == "both";
        _isPartitive |= label == "any";
        _isOther |= label is "other" or "another";
        _isDefinite |= label is "the" or "other";
        if (label == "count") Count(number ?? 1);
    }

    /// <summary>Takes the noun.</summary>
    public void AddNoun(IEnumerable<string> words)
    {
        Noun.AddRange(words);
        IsNamed = true;
    }

    /// <summary>Takes a noun for anything.</summary>
    public void AddThing(bool plural) => (IsNamed, _isPlural) = (true, _isPlural | plural);

    /// <summary>Takes an ordinal, whose direction may follow.</summary>
    public void Rank(int rank, string text, bool negated) =>
        (PendingRank, _rankText, _isRankNegated) = (rank, text, negated);

    /// <summary>Takes a superlative or an adjective of degree, with an ordinal that waits for one.</summary>
    public void Select(Scale scale, string text, bool negated)
    {
        if (PendingRank is not null)
        {
            Direct(scale, text, from: true, negated);
            return;
        }

        _isDefinite = true;
        Modifiers.Add(new SelectionModifier(text, scale, 0, negated, IsRegion: false));
    }

    /// <summary>Takes a direction to count from.</summary>
    public void Direct(Scale scale, string text, bool from, bool negated)
    {
        if (PendingRank is not { } rank)
        {
            Modifiers.Add(new SelectionModifier(text, scale, 0, negated, IsRegion: true));
            return;
        }

        // The last one on the right is the rightmost; the last one from the right is not.
        if (!from && rank < 0) rank = -1 - rank;
        var words = text.StartsWith(_rankText, StringComparison.Ordinal) ? text : $"{_rankText} {text}";
        Modifiers.Add(new SelectionModifier(words, scale, rank, negated || _isRankNegated, IsRegion: false));
        PendingRank = null;
    }

    /// <summary>The finished description; an ordinal without a direction counts from the given one.</summary>
    public NounPhrase Build(string text, Lexicon lexicon, Scale countsFrom)
    {
        if (PendingRank is { } rank)
            Modifiers.Add(new SelectionModifier(_rankText, countsFrom, rank, _isRankNegated, IsRegion: false));
        return new NounPhrase
        {
            Text = text,
            Noun = [.. Noun],
            Quantity = Finally(Noun.Count > 0 ? lexicon.IsPlural(Noun[^1]) : _isPlural),
            Count = (int)Math.Clamp(_number, 0, 1_000_000),
            Modifiers = [.. Modifiers],
            IsNamed = IsNamed,
            Called = Called,
            IsNumber = IsNumber,
            IsOther = _isOther,
            Use = Use,
        };
    }

    private void Count(double number)
    {
        _number = number;
        if (number < 1 || number != Math.Floor(number)) HowMany = Quantity.None;
        else if (_isPartitive && (_isDefinite || number == 1)) return;
        else if (number == 1) HowMany ??= Quantity.Any;
        else HowMany = _isDefinite || HowMany == Quantity.Exactly ? Quantity.Exactly : Quantity.AnyOf;
    }

    private Quantity Finally(bool plural)
    {
        if (HowMany == Quantity.AnyOf && _isDefinite) return Quantity.Exactly;
        if (HowMany is Quantity.Any && plural && !_isPartitive) return Quantity.All;
        if (_isBoth && !plural && Noun.Count > 0) return Quantity.One;
        if (HowMany is { } said) return said;
        var selects = Modifiers.Exists(modifier => modifier is SelectionModifier { IsRegion: false, Negated: false });
        return plural && !selects ? Quantity.All : Quantity.One;
    }
}
