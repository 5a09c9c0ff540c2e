namespace EdgePerception.Policy.Commands;

/// <summary>A description while it is being read.</summary>
internal sealed class NounPhraseDraft
{
    /// <summary>The noun's words so far.</summary>
    public List<string> Noun { get; } = [];

    /// <summary>The modifiers so far.</summary>
    public List<Modifier> Modifiers { get; } = [];

    /// <summary>How many are meant; one until words say otherwise.</summary>
    public Quantity? Quantity { get; set; }

    /// <summary>The number that was named.</summary>
    public int Count { get; set; } = 1;

    /// <summary>Whether "the" or a word like it was read.</summary>
    public bool IsDefinite { get; set; }

    /// <summary>Whether "one of" or words like it were read, so that a plural noun means one object.</summary>
    public bool IsPartitive { get; set; }

    /// <summary>Whether "both" was read, which with a singular noun joins two descriptions ("both the cup and the bowl").</summary>
    public bool IsBoth { get; set; }

    /// <summary>Whether any word was read.</summary>
    public bool HasContent { get; set; }

    /// <summary>Whether a noun, or "one" or "thing", was read.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Whether "one" stands for the noun.</summary>
    public bool IsOne { get; set; }

    /// <summary>Whether a plural was read where no noun tells.</summary>
    public bool IsPlural { get; set; }

    /// <summary>An ordinal that waits for its direction ("the second … from the left").</summary>
    public int? PendingRank { get; set; }

    /// <summary>The words of that ordinal.</summary>
    public string PendingText { get; set; } = "";

    /// <summary>The finished description; an ordinal without a direction counts from the given one.</summary>
    public NounPhrase Build(string text, Lexicon lexicon, Scale countsFrom)
    {
        var modifiers = Modifiers;
        if (PendingRank is { } rank)
        {
            modifiers = [.. modifiers, new SelectionModifier(PendingText, countsFrom, rank, Negated: false, IsRegion: false)];
        }

        var plural = Noun.Count > 0 ? lexicon.IsPlural(Noun[^1]) : IsPlural;
        return new NounPhrase
        {
            Text = text,
            Noun = [.. Noun],
            Quantity = FinalQuantity(plural, modifiers),
            Count = Count,
            Modifiers = [.. modifiers],
            IsNamed = IsNamed,
        };
    }

    private Quantity FinalQuantity(bool plural, List<Modifier> modifiers)
    {
        if (Quantity is Commands.Quantity.Any && plural && !IsPartitive) return Commands.Quantity.All;
        if (IsBoth && !plural && Noun.Count > 0) return Commands.Quantity.One;
        if (Quantity is { } said) return said;
        var selects = modifiers.Any(modifier => modifier is SelectionModifier { IsRegion: false, Negated: false });
        return plural && !selects ? Commands.Quantity.All : Commands.Quantity.One;
    }
}
