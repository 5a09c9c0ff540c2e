using System.Text;

namespace EdgePerception.Policy.Language;

/// <summary>
/// Cuts text into words: folded to plain letters (<see cref="TextFolding"/>), contractions opened ("isn't" → "is
/// not"), a number apart from its unit ("2m" → "2 m"). Any sequence of UTF-16 units is accepted, also unpaired
/// surrogates; emoji separate words like spaces. Thread-safe.
/// </summary>
internal static class Tokenizer
{
    /// <summary>What stands for letters in a word that is not spelt out ("f***ing").</summary>
    public const char Mask = '*';

    /// <summary>The words of a text in order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="lexicon">Whose contractions are opened.</param>
    public static List<Token> Tokenize(string text, Lexicon lexicon)
    {
        var tokens = new List<Token>();
        var word = new StringBuilder();
        var pause = Pause.None;
        var before = ' ';
        var (start, length) = (0, text.Length);
        var places = new List<int>(length);
        text = TextFolding.Fold(text, places);
        places.Add(length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            var after = i + 1 < text.Length ? text[i + 1] : ' ';
            // "1,5" is written "1.5" here, and "1,000" "1000".
            if (Continues(word, before, character, after))
            {
                if (character != ',') word.Append(character);
                else if (!IsThousand(text, i)) word.Append('.');
            }
            else
            {
                Flush(tokens, word, places[start]..places[i], ref pause, lexicon);
                start = i;
                if (char.IsLetterOrDigit(character) || (before == ' ' && Begins(character, after)))
                    word.Append(character);
                else if (character is '&' or '+')
                    tokens.Add(Sign(character, ref pause) with { Place = places[i]..places[i + 1] });
                else pause = Stronger(pause, character, before, after, IsNumberAhead(tokens, text, i));
            }

            before = character;
        }

        Flush(tokens, word, places[start]..length, ref pause, lexicon);
        JoinNegations(tokens, lexicon);
        return Fluent(tokens, lexicon);
    }

    /// <summary>Whether a mark begins a word: one that hides letters, or the sign of a number.</summary>
    private static bool Begins(char mark, char after) =>
        (mark == Mask && (after == Mask || char.IsLetter(after))) || (mark == '-' && char.IsAsciiDigit(after));

    /// <summary>Whether a character goes on with the word that is being read.</summary>
    private static bool Continues(StringBuilder word, char before, char character, char after)
    {
        if (word.Length == 0) return false;
        if (char.IsAsciiDigit(character)) return true;
        var isNumber = word[0] is (>= '0' and <= '9') or '-';
        if (char.IsLetter(character))
        {
            return !isNumber || !(char.IsAsciiDigit(before) || before is '.' or ':' or ',' or '/')
                || IsOrdinalEnd(character, after);
        }

        return character is '.' or ':' or ',' or '/'
            ? isNumber && char.IsAsciiDigit(before) && char.IsAsciiDigit(after)
            : character is '\'' or Mask;
    }

    private static bool IsNumberAhead(List<Token> tokens, string text, int place)
    {
        if (tokens.Count == 0 || tokens[^1].Word is not ("no" or "nr")) return false;
        while (++place < text.Length && text[place] == ' ') { }
        if (place >= text.Length || !char.IsAsciiDigit(text[place])) return false;
        tokens[^1] = tokens[^1] with { Word = "number" };
        return true;
    }

    private static bool IsThousand(string text, int comma)
    {
        var digits = 0;
        while (comma + 1 + digits < text.Length && char.IsAsciiDigit(text[comma + 1 + digits])) digits++;
        return digits == 3;
    }

    /// <summary>"1st", "22nd", "3rd", "100th".</summary>
    private static bool IsOrdinalEnd(char character, char after) =>
        (character, after) is ('s', 't') or ('n', 'd') or ('r', 'd') or ('t', 'h');

    private static Token Sign(char sign, ref Pause pause)
    {
        var token = new Token(sign == '&' ? "and" : "plus", sign.ToString(), pause);
        pause = Pause.None;
        return token;
    }

    private static Pause Stronger(Pause pause, char mark, char before, char after, bool isNumber) => mark switch
    {
        // "no. 22" is a number.
        '.' when isNumber => pause,
        '.' or '!' or '?' or ';' => Pause.Sentence,
        _ when pause != Pause.None => pause,
        '-' when before != ' ' || after != ' ' => pause,
        '-' or ',' or ':' or '\n' or '\r' or '(' or ')' or '"' => Pause.Comma,
        '\u2013' or '\u2014' or '\u201C' or '\u201D' => Pause.Comma,
        _ => pause,
    };

    private static void Flush(List<Token> tokens, StringBuilder word, Range place, ref Pause pause, Lexicon lexicon)
    {
        if (word.Length == 0) return;
        var surface = Plain(word.ToString().Trim('\''));
        word.Clear();
        if (surface.Length == 0) return;
        if (lexicon.Contraction(surface) is { } parts)
        {
            for (var i = 0; i < parts.Length; i++)
            {
                // The second half shows nothing of its own, so that the user's words can be quoted.
                tokens.Add(new Token(parts[i], i == 0 ? surface : "", i == 0 ? pause : Pause.None) { Place = place });
            }
        }
        else
        {
            var possessive = surface.EndsWith("'s", StringComparison.Ordinal) ? surface[..^2] : surface;
            possessive = possessive.Replace("'", "", StringComparison.Ordinal);
            tokens.Add(new Token(possessive, surface, pause) { Place = place });
        }

        pause = Pause.None;
    }

    /// <summary>"*red*" is emphasis; "f***" hides letters.</summary>
    private static string Plain(string word) =>
        word is [Mask, _, .., Mask] && word.Trim(Mask) is { Length: > 0 } inner
        && !inner.Contains(Mask, StringComparison.Ordinal) ? inner : word;

    /// <summary>
    /// Without the sounds that speakers make while they think, and the words that they begin twice ("pick pick up");
    /// the pause around them stays.
    /// </summary>
    private static List<Token> Fluent(List<Token> tokens, Lexicon lexicon)
    {
        var fluent = new List<Token>(tokens.Count);
        var pause = Pause.None;
        foreach (var token in tokens)
        {
            pause = (Pause)Math.Max((int)pause, (int)token.Pause);
            if (lexicon.HesitationSounds.Contains(token.Word)) continue;
            var isAgain = fluent.Count > 0 && pause == Pause.None && token.Word == fluent[^1].Word;
            if (!isAgain || lexicon.KeptDoubled.Contains(token.Word))
                fluent.Add(token with { Pause = fluent.Count == 0 ? Pause.None : pause });
            pause = Pause.None;
        }

        return fluent;
    }

    /// <summary>"do n't", "don t", "don;t": a negation that keyboard or recognizer has parted is one still.</summary>
    private static void JoinNegations(List<Token> tokens, Lexicon lexicon)
    {
        for (var i = tokens.Count - 1; i > 0; i--)
        {
            var (first, second) = (tokens[i - 1], tokens[i]);
            var isClose = second.Pause == Pause.None;
            // "ne ver": two pieces that are no words are one that is.
            if (isClose && lexicon.Vocabulary.Contains(first.Word + second.Word)
                && !lexicon.Vocabulary.Contains(first.Word) && !lexicon.Vocabulary.Contains(second.Word))
            {
                tokens[i - 1] = new Token(first.Word + second.Word, $"{first.Surface} {second.Surface}", first.Pause)
                {
                    Place = first.Place.Start..second.Place.End,
                };
                tokens.RemoveAt(i);
            }
            else if (isClose && second.Word.Length <= 2
                && lexicon.Contraction($"{first.Word}'{second.Word}") is [var opened, var rest])
                (tokens[i - 1], tokens[i]) = (first with { Word = opened }, second with { Word = rest });
            else if (second.Word is "t" or "nt" && first.Word == "not") tokens.RemoveAt(i);
            else if (second.Word is "t" or "nt" or "not" && second.Surface != "not"
                && lexicon.Contraction(first.Word + (second.Word == "t" ? "t" : "nt")) is [var stem, var negation])
            {
                tokens[i - 1] = first with { Word = stem };
                tokens[i] = second with { Word = negation, Pause = Pause.None };
            }
        }
    }
}
