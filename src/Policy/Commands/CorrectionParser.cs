namespace EdgePerception.Policy.Commands;

/// <summary>
/// Reads what a speaker takes back in mid-sentence: "the cup, no, the bottle", "actually, go to the chair", "never mind".
/// Acting on what was said first would be acting against the speaker's word.
/// </summary>
internal sealed class CorrectionParser(Sentence sentence, NounPhraseParser nouns)
{
    private readonly Lexicon _lexicon = sentence.Lexicon;

    /// <summary>"…, no, the bottle", "… i mean the blue one", "…, sorry, on the left": what is meant instead.</summary>
    /// <param name="said">The description that was just read.</param>
    /// <returns>The same description when nothing is corrected here.</returns>
    public NounPhrase Object(NounPhrase said)
    {
        while (true)
        {
            var start = sentence.Position;
            if (!AcceptCorrection() || Instead(said) is not { } meant)
            {
                sentence.Position = start;
                return said;
            }

            said = meant;
        }
    }

    /// <summary>"never mind", or a correction that starts a new clause: the clause before it is taken back.</summary>
    /// <param name="everything">Whether all that was asked so far is taken back, not only the last clause.</param>
    public bool TakesBack(out bool everything)
    {
        var start = sentence.Position;
        everything = sentence.Accept(_lexicon.Retractions, out _);
        if (everything || (AcceptCorrection() && NewClause())) return true;
        sentence.Position = start;
        return false;
    }

    private bool AcceptCorrection()
    {
        if (sentence.Position > 0 && sentence.Tokens[sentence.Position - 1].Word is "and" or "but") return false;
        var any = false;
        while (sentence.Accept(_lexicon.Corrections, out _)) any = true;
        return any;
    }

    private bool NewClause()
    {
        while (sentence.Length(_lexicon.Politeness) is > 0 and var length && sentence.Peek() is not ("also" or "then" or "do" or "thanks" or "yes"))
            sentence.Position += length;
        return nouns.VerbStarts() || sentence.Length(_lexicon.Verbs) > 0 || (sentence.Peek() is "do" && sentence.Peek(1) is "not");
    }

    private NounPhrase? Instead(NounPhrase said)
    {
        // "no, not the cup, the bottle" denies once more what the correction already takes back.
        if (sentence.Accept("not") && (nouns.Parse() is null || sentence.PauseHere == Pause.Sentence)) return null;
        sentence.Accept("to", "at");
        var starts = nouns.CanStart || sentence.Length(_lexicon.Relations) > 0 || sentence.Length(_lexicon.Regions) > 0;
        if (!starts || nouns.VerbStarts() || sentence.Peek() is "it" or "that" || nouns.Parse() is not { } meant) return null;
        if (meant.Noun.Count > 0) return meant;
        if (meant.IsNamed) return meant with { Noun = said.Noun };
        // Only the place or the colour was wrong; the rest of the description stands.
        return said with
        {
            Text = string.Join(' ', [.. said.Noun, meant.Text]),
            Modifiers = [.. said.Modifiers.Where(old => meant.Modifiers.All(now => now.GetType() != old.GetType())), .. meant.Modifiers],
        };
    }
}
