namespace EdgePerception.Policy.Commands;

/// <summary>Reads properties of a single object: colour, clothing, motion, sound.</summary>
internal sealed class PropertyParser(Sentence sentence)
{
    private static readonly HashSet<string> EndsDescription =
        ["and", "or", "but", "that", "which", "who", "with", "from", "of", "not", "is", "are", "to", "for", "then", "than", "it", "the", "a", "an", "my", "his", "her", "their", "your", "this", "me", "avoiding", "without", "while", "until"];

    private readonly Lexicon _lexicon = sentence.Lexicon;

    /// <summary>Whether a word that can be a noun follows after so many words.</summary>
    public bool NounFollows(int ahead)
    {
        var word = sentence.Peek(ahead);
        if (word.Length == 0 || (ahead == 0 && sentence.PauseHere != Pause.None) || EndsDescription.Contains(word)) return false;
        if (word is "one" or "ones") return true;
        return sentence.Length(_lexicon.Relations, ahead) == 0 && sentence.Length(_lexicon.Trailing, ahead) == 0
            && sentence.Length(_lexicon.Regions, ahead) == 0 && sentence.Length(_lexicon.Requester, ahead) == 0;
    }

    /// <summary>Whether a word for making a sound starts at a distance from the next word.</summary>
    public bool SoundStarts(int ahead) =>
        sentence.Length(_lexicon.Sounds, ahead) > 0 && sentence.Peek(ahead).EndsWith("ing", StringComparison.Ordinal);

    /// <summary>"red", "light blue", "red and white", "red or blue", "coloured red", "red in colour", "any colour but red".</summary>
    public ColorModifier? Color(int start, bool negated, bool worn, bool beforeNoun)
    {
        var before = sentence.Position;
        sentence.Accept("coloured", "colored", "painted");
        if (sentence.AcceptPhrase("any colour but") || sentence.AcceptPhrase("any color but")) negated = !negated;
        if (!beforeNoun) sentence.Accept("either", "all", "mostly", "entirely");
        if (!AcceptColor(beforeNoun, out var first))
        {
            sentence.Position = before;
            return null;
        }

        var colors = new List<ColorTerm> { first };
        var anyOf = false;
        while (true)
        {
            var at = sentence.Position;
            var either = sentence.Accept("or", "nor");
            if (!either) sentence.Accept("and");
            if (sentence.Peek() is "not" || !AcceptColor(beforeNoun, out var next))
            {
                sentence.Position = at;
                break;
            }

            anyOf |= either;
            colors.Add(next);
        }

        sentence.Accept("coloured", "colored");
        if (sentence.Peek() is "in" && sentence.Peek(1) is "colour" or "color") sentence.Position += 2;
        return new ColorModifier(sentence.TextFrom(start), colors, negated, worn, anyOf);
    }

    /// <summary>"in the light blue jacket", "wearing red", "with a white shirt", "dressed in black".</summary>
    public Modifier? Worn(int start, bool negated)
    {
        var before = sentence.Position;
        if (sentence.Accept("dressed", "clothed")) sentence.Accept("all");
        var wears = sentence.Accept("wearing", "wears") || before != sentence.Position;
        if (!sentence.Accept("in", "with", "having") && !wears) return null;
        sentence.Accept("a", "an", "the", "his", "her", "their", "some", "all");
        while (sentence.Accept("big", "long", "short", "bright", "large", "small", "old", "new", "thick", "warm", "striped")) { }
        var color = Color(start, negated, worn: true, beforeNoun: false);
        while (sentence.Accept("striped", "checkered", "spotted", "long", "short", "sleeved", "leather", "rain", "winter", "woolly", "denim")) { }
        var clothing = sentence.Accept(_lexicon.Clothing, out _);
        if (clothing && color is not null)
        {
            AcceptMoreClothes();
            return color with { Text = sentence.TextFrom(start) };
        }

        if (color is not null && sentence.Accept("color", "colour")) return color with { Text = sentence.TextFrom(start), Worn = false };
        if (color is not null && (wears || !NounFollows(0))) return color with { Text = sentence.TextFrom(start) };
        if (clothing && color is null) return new UnmeasuredModifier(sentence.TextFrom(start));
        sentence.Position = before;
        return null;
    }

    /// <summary>"ringing", "making a noise", "that i can hear", "the music is coming from", "whose engine is running".</summary>
    public Modifier? Heard(int start, bool negated, bool relative)
    {
        var before = sentence.Position;
        if (Source(start, negated) is { } source) return source;
        if (relative && sentence.Accept("sounds")) sentence.Accept("of", "like");
        sentence.Accept("currently", "still");
        var named = relative || SoundStarts(0) ? sentence.Length(_lexicon.Sounds) : 0;
        if (sentence.Length(_lexicon.Noise) > named && sentence.Accept(_lexicon.Noise, out _)) return new SoundModifier(sentence.TextFrom(start), null, negated);
        if (named > 0 && sentence.Accept(_lexicon.Sounds, out var sound)) return Sound(start, sound, negated);
        sentence.Position = before;
        return null;
    }

    /// <summary>"where the alarm comes from", "(that) the sound of water is coming from", "whose engine is running".</summary>
    private SoundModifier? Source(int start, bool negated)
    {
        var before = sentence.Position;
        var owns = sentence.Accept("whose");
        if (!owns)
        {
            sentence.Accept("where");
            sentence.Accept("the", "that");
            if (!sentence.AcceptPhrase("sound of")) sentence.AcceptPhrase("noise of");
        }

        if (sentence.Accept(_lexicon.Sounds, out var sound) || (!owns && AcceptSource(out sound)))
        {
            sentence.Accept("noise", "sound");
            var comes = sentence.Accept("comes", "came") || sentence.Accept("is", "was");
            if (owns ? comes && Sounds() : (comes | sentence.Accept("coming")) && sentence.Accept("from"))
                return new SoundModifier(sentence.TextFrom(start), sound, negated);
        }

        sentence.Position = before;
        return null;
    }

    /// <summary>"running", "going off", "on", but not "on the bench".</summary>
    private bool Sounds()
    {
        if (sentence.Accept("on")) return !NounFollows(0) && sentence.Peek() is not ("the" or "a" or "an" or "my" or "your" or "that" or "this");
        return sentence.AcceptPhrase("going off") || sentence.Accept("running", "sounding", "ringing");
    }

    /// <summary>"moving", "walking to the left", "standing still", "coming closer".</summary>
    public Modifier? Moves(int start, bool negated, bool relative = false)
    {
        var before = sentence.Position;
        // "who does not move": elsewhere the bare verb would be a command.
        var bare = relative && sentence.Accept("move", "walk", "run", "drive");
        var motion = Motion.Moving;
        if ((!bare && !sentence.Accept(_lexicon.Motions, out motion)) || motion is Motion.Left or Motion.Right)
        {
            sentence.Position = before;
            return null;
        }

        var direction = sentence.Position;
        sentence.Accept("towards", "toward");
        sentence.Accept("the");
        if (motion == Motion.Moving && sentence.Accept(_lexicon.Motions, out var towards) && towards is Motion.Left or Motion.Right
            && sentence.Peek() != "of")
        {
            sentence.Accept("side");
            motion = towards;
        }
        else
        {
            sentence.Position = direction;
            if (motion == Motion.Moving && sentence.Accept("the") | sentence.Accept(_lexicon.Scales, out var scale) && scale is Scale.Fast or Scale.Slow)
                return new SelectionModifier(sentence.TextFrom(start), scale, 0, negated, IsRegion: false);
            sentence.Position = direction;
        }

        return new MotionModifier(sentence.TextFrom(start), motion, negated);
    }

    /// <summary>"moving", "parked", "ringing" before a noun.</summary>
    public Modifier? Participle(int start, bool negated)
    {
        if (sentence.Length(_lexicon.Motions) == 1 && sentence.Peek() is not ("left" or "right" or "coming" or "approaching")
            && NounFollows(1)) return Moves(start, negated);
        if (sentence.Peek() is "approaching" or "coming" && NounFollows(1))
        {
            sentence.Position++;
            return new MotionModifier(sentence.TextFrom(start), Motion.Approaching, negated);
        }

        var single = sentence.Length(_lexicon.Sounds) == 1 && (SoundStarts(0) || sentence.Peek() is "quiet" or "silent");
        if (single && sentence.Accept(_lexicon.Sounds, out var sound)) return Sound(start, sound, negated);
        if (sentence.Peek() is "noisy" or "loud" or "audible" && sentence.Accept(_lexicon.Noise, out _))
            return new SoundModifier(sentence.TextFrom(start), null, negated);
        return null;
    }

    /// <summary>A thing that is quiet makes none of the sounds that are heard.</summary>
    private SoundModifier Sound(int start, string name, bool negated) => name == "quiet"
        ? new SoundModifier(sentence.TextFrom(start), null, !negated)
        : new SoundModifier(sentence.TextFrom(start), name, negated);

    private bool AcceptColor(bool beforeNoun, out ColorTerm color)
    {
        var length = _lexicon.Colors.Match(sentence.Tokens, sentence.Position, out color);
        if (length == 0) return false;
        if (beforeNoun && _lexicon.ColorNouns.Contains(sentence.Peek()) && length == 1 && !NounFollows(1)) return false;
        sentence.Position += length;
        return true;
    }

    private bool AcceptSource(out string? sound)
    {
        sound = null;
        if (!_lexicon.SoundSources.Contains(sentence.Peek())) return false;
        sentence.Position++;
        return true;
    }

    private void AcceptMoreClothes()
    {
        // "in a red shirt and black trousers": the second garment has a colour of its own, which the first answers for.
        var at = sentence.Position;
        if (!sentence.Accept("and")) return;
        sentence.Accept("a", "the");
        sentence.Accept(_lexicon.Colors, out _);
        if (!sentence.Accept(_lexicon.Clothing, out _)) sentence.Position = at;
    }
}
