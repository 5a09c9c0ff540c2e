namespace EdgePerception.Policy.Language;

/// <summary>Looks through the words of one text for what halts.</summary>
/// <param name="tokens">The words of the text.</param>
/// <param name="words">What halts and what only sounds like it.</param>
internal readonly struct StopSearch(List<StopToken> tokens, StopWords words)
{
    /// <summary>How far around a phrase is looked, in words: so the search stays linear.</summary>
    private const int Reach = 12;

    /// <summary>How many words a text may have for a slip to count in its midst.</summary>
    private const int ShortText = 3;

    /// <summary>The words before a stop word with which a compound may begin.</summary>
    private const int CompoundReach = 2;

    /// <summary>Whether anything in the text halts.</summary>
    public bool Halts()
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var matches = words.Orders.At(tokens, i);
            while (matches.MoveNext())
            {
                if (Halts(matches.Current, i, matches.End)) return true;
            }

            if (IsFirst(i) && IsUtterance(i)) return true;
        }

        return false;
    }

    private bool Halts(StopPhrase phrase, int start, int end)
    {
        if (phrase.Unless.IsNext(tokens, end) || IsUnlikelySlip(start, end)) return false;
        if (phrase.Place == StopPlace.Forbidden) return Denial(start, words.Bans) is { } ban && !IsDescribed(ban);
        if (Denial(start, words.Negations) is not null || words.Quoted.IsBefore(tokens, start)) return false;
        return phrase.Place switch
        {
            StopPlace.Anywhere => phrase.Length > 1 || !IsNoun(start),
            StopPlace.NotNext => !IsNextStep(start) && !IsDescribed(start) && !Follows(start, words.Infinitive),
            _ => IsStart(start) && IsEnd(end),
        };
    }

    private bool IsUtterance(int start)
    {
        var matches = words.Utterances.At(tokens, start, overBreaks: true);
        while (matches.MoveNext())
        {
            if (IsLast(matches.End)) return true;
        }

        return false;
    }

    /// <summary>Whether a word of the phrase is a slip, and the phrase stands in the midst of a long text.</summary>
    private bool IsUnlikelySlip(int start, int end)
    {
        if (tokens.Count <= ShortText || IsStart(start) || IsEnd(end)) return false;
        for (var i = start; i < end; i++)
        {
            if (tokens[i].IsSlip) return true;
        }

        return false;
    }

    private bool IsNoun(int at) => IsInCompound(at) || (HasDeterminer(at) && GoesOn(at + 1));

    /// <summary>Where a denial begins that stands before, and does not ask for it or threaten; else null.</summary>
    private int? Denial(int start, PhraseTrie<string> denials)
    {
        for (var i = start; i > Math.Max(0, start - Reach) && IsInClause(i); i--)
        {
            if (words.Asked.IsBefore(tokens, i)) return null;
            if (denials.StartBefore(tokens, i) is { } denial) return denial;
            if (!words.Links.Contains(tokens[i - 1].Word)) return null;
        }

        return null;
    }

    private bool IsDescribed(int at) => Follows(at, words.Described);

    private bool Follows(int at, HashSet<string> before) => IsInClause(at) && before.Contains(tokens[at - 1].Word);

    private bool IsInCompound(int at)
    {
        for (var start = Math.Max(0, at - CompoundReach); start <= at; start++)
        {
            if (Covers(words.Compounds, start, at)) return true;
            if (HasDeterminer(start) && Covers(words.DeterminedCompounds, start, at)) return true;
        }

        return false;
    }

    /// <summary>Whether a compound goes over a word; one that ends in it has to go on.</summary>
    private bool Covers(PhraseTrie<string> compounds, int start, int at)
    {
        var matches = compounds.At(tokens, start);
        while (matches.MoveNext())
        {
            if (matches.End > at + 1 || (matches.End == at + 1 && GoesOn(matches.End))) return true;
        }

        return false;
    }

    private bool HasDeterminer(int at)
    {
        for (var i = at; i > Math.Max(0, at - Reach) && IsInClause(i); i--)
        {
            if (words.Determiners.Contains(tokens[i - 1].Word)) return true;
            if (!words.Adjectives.Contains(tokens[i - 1].Word)) return false;
        }

        return false;
    }

    private bool GoesOn(int at) =>
        at < tokens.Count && !tokens[at].AfterBreak && words.GoesOn.Contains(tokens[at].Word);

    private bool IsNextStep(int start)
    {
        var i = SkipBack(start);
        return i > 1 && IsInClause(i) && words.NextStep.Contains(tokens[i - 1].Word);
    }

    /// <summary>Whether the word before belongs to the same clause.</summary>
    private bool IsInClause(int at) => at > 0 && !tokens[at].AfterBreak;

    private bool IsStart(int at) => !IsInClause(SkipBack(at));

    private bool IsEnd(int at)
    {
        var i = Skip(at);
        return i == tokens.Count || tokens[i].AfterBreak;
    }

    private bool IsFirst(int at) => at <= Reach && AreFillers(0, at);

    private bool IsLast(int at) => tokens.Count - at <= Reach && AreFillers(at, tokens.Count);

    private bool AreFillers(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (!words.Fillers.Contains(tokens[i].Word)) return false;
        }

        return true;
    }

    /// <summary>Back over words that say nothing, within the clause.</summary>
    private int SkipBack(int at)
    {
        var i = at;
        while (at - i < Reach && IsInClause(i) && words.Fillers.Contains(tokens[i - 1].Word)) i--;
        return i;
    }

    private int Skip(int at)
    {
        var i = at;
        var limit = Math.Min(tokens.Count, at + Reach);
        while (i < limit && !tokens[i].AfterBreak && words.Fillers.Contains(tokens[i].Word)) i++;
        return i;
    }
}
