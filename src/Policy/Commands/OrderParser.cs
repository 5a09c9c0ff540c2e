namespace EdgePerception.Policy.Commands;

/// <summary>Reads what picks an object out of an order: ordinals, superlatives, parts of the picture.</summary>
internal sealed class OrderParser(Sentence sentence)
{
    private readonly Lexicon _lexicon = sentence.Lexicon;

    /// <summary>"counting from the right, …" before the verb: the direction for ordinals that name none.</summary>
    public static bool Introduction(Sentence sentence)
    {
        var start = sentence.Position;
        sentence.Accept("counting", "starting", "looking");
        if (sentence.Accept("from") && (sentence.Accept("the", "my", "your") | sentence.Accept(sentence.Lexicon.Scales, out var scale))
            && sentence.Tokens[sentence.Position - 1].Word is not ("the" or "my" or "your"))
        {
            sentence.Accept("side", "hand", "edge", "end");
            sentence.CountsFrom = scale;
            return true;
        }

        sentence.Position = start;
        return false;
    }

    /// <summary>"that is the second from the left".</summary>
    public bool Position(NounPhraseDraft draft)
    {
        var start = sentence.Position;
        sentence.Accept("the");
        if (Ordinal(draft) && Direction(draft)) return true;
        draft.PendingRank = null;
        sentence.Position = start;
        return false;
    }

    /// <summary>Reads "second", "last", "third largest"; without a direction it waits for one.</summary>
    public bool Ordinal(NounPhraseDraft draft)
    {
        var start = sentence.Position;
        if (!sentence.Accept(_lexicon.Ordinals, out var ordinal)) return false;
        draft.PendingRank = ordinal > 0 ? ordinal - 1 : ordinal;
        draft.PendingText = sentence.TextFrom(start);
        if (sentence.Length(_lexicon.Relations) <= sentence.Length(_lexicon.Scales) && sentence.Accept(_lexicon.Scales, out var scale))
            Finish(draft, scale, start);
        return true;
    }

    /// <summary>"from the left", "counting from the right", "on the left" after an ordinal.</summary>
    public bool Direction(NounPhraseDraft draft)
    {
        var start = sentence.Position;
        if (sentence.Accept("number"))
        {
            if (!sentence.Accept(_lexicon.Numbers, out var number) && sentence.Accept("one", "1")) number = 1;
            if (number == 0) return Back(start);
            draft.PendingRank = number - 1;
            draft.PendingText = sentence.TextFrom(start);
        }

        if (draft.PendingRank is null && !(sentence.Length(_lexicon.Ordinals) > 0 && Ordinal(draft))) return false;
        if (draft.PendingRank is null) return true;
        SkipCounting();
        var from = sentence.Peek() is "from";
        if (sentence.Accept("from", "on", "in", "to", "at", "by"))
        {
            sentence.Accept("the", "my", "your");
            if (sentence.AcceptPhrase("left to right")) return Finish(draft, Scale.Left, start);
            if (sentence.AcceptPhrase("right to left")) return Finish(draft, Scale.Right, start);
            sentence.Accept("far");
            var isRelation = sentence.Peek(1) == "of";
            if (!isRelation && sentence.Accept(_lexicon.Scales, out var scale))
            {
                sentence.Accept("side", "hand", "edge", "end");
                // The last one on the right is the rightmost; the last one from the right is not.
                if (!from && draft.PendingRank < 0) draft.PendingRank = -1 - draft.PendingRank;
                return Finish(draft, scale, start);
            }
        }

        sentence.Position = start;
        return false;
    }

    /// <summary>"counting from …", "when you count from …", "as seen from …".</summary>
    private void SkipCounting()
    {
        if (sentence.Peek() is "when" or "as" or "if")
        {
            var people = sentence.Peek(1) is "you" or "we" or "i" or "one" ? 1 : 0;
            if (sentence.Peek(1 + people) is not ("count" or "counted" or "counting" or "start" or "starting" or "look" or "looking" or "seen" or "viewed")) return;
            sentence.Position += 2 + people;
            return;
        }

        sentence.Accept("counting", "starting", "one", "counted", "looking");
    }

    private bool Back(int position)
    {
        sentence.Position = position;
        return false;
    }

    private bool Finish(NounPhraseDraft draft, Scale scale, int start)
    {
        var text = draft.PendingText;
        var words = sentence.TextFrom(start);
        if (!words.StartsWith(text, StringComparison.Ordinal)) words = text + " " + words;
        draft.Modifiers.Add(new SelectionModifier(words, scale, draft.PendingRank ?? 0, Negated: false, IsRegion: false));
        draft.PendingRank = null;
        return true;
    }

    /// <summary>Reads a superlative or another adjective of degree.</summary>
    public SelectionModifier? Selection(int start, bool negated, NounPhraseDraft draft)
    {
        var length = sentence.Length(_lexicon.Scales);
        if (length == 0 || sentence.Length(_lexicon.Relations) > length) return null;
        if (sentence.Peek(length) == "than") return null;
        sentence.Accept(_lexicon.Scales, out var scale);
        draft.IsDefinite = true;
        return new SelectionModifier(sentence.TextFrom(start), scale, 0, negated, IsRegion: false);
    }

    /// <summary>"with the smallest size".</summary>
    public bool Size(NounPhraseDraft draft)
    {
        var start = sentence.Position;
        if (sentence.Accept("with", "of") && sentence.Accept("the") && sentence.Accept(_lexicon.Scales, out var scale)
            && scale is Scale.Large or Scale.Small or Scale.Medium && sentence.Accept("size"))
        {
            draft.Modifiers.Add(new SelectionModifier(sentence.TextFrom(start), scale, 0, Negated: false, IsRegion: false));
            return true;
        }

        return Back(start);
    }

    /// <summary>Reads a part of the picture ("on the left").</summary>
    public bool Region(int start, bool negated, NounPhraseDraft draft)
    {
        var length = sentence.Length(_lexicon.Regions);
        if (length == 0) return false;
        sentence.Accept(_lexicon.Regions, out var scales);
        if (sentence.Accept("of", "side", "part", "half", "corner"))
        {
            sentence.Accept("of");
            sentence.Accept("the", "this");
            sentence.Accept("picture", "image", "scene", "screen", "frame", "view", "room", "two", "three", "four", "group", "camera");
        }

        if (draft.PendingRank is not null && scales.Length == 1) return Finish(draft, scales[0], start);
        var text = sentence.TextFrom(start);
        foreach (var scale in scales) draft.Modifiers.Add(new SelectionModifier(text, scale, 0, negated, IsRegion: true));
        return true;
    }
}
