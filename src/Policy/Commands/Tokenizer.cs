using System.Text;

namespace EdgePerception.Policy.Commands;

/// <summary>
/// Cuts text into words: lower case, accents folded, invisible characters dropped, contractions opened ("isn't" → "is
/// not"). Any sequence of UTF-16 units is accepted, also unpaired surrogates; emoji separate words like spaces.
/// </summary>
internal static class Tokenizer
{
    private static readonly Dictionary<string, string[]> Contractions = new(StringComparer.Ordinal)
    {
        ["don't"] = ["do", "not"],
        ["dont"] = ["do", "not"],
        ["doesn't"] = ["does", "not"],
        ["doesnt"] = ["does", "not"],
        ["didn't"] = ["did", "not"],
        ["didnt"] = ["did", "not"],
        ["isn't"] = ["is", "not"],
        ["isnt"] = ["is", "not"],
        ["aren't"] = ["are", "not"],
        ["arent"] = ["are", "not"],
        ["wasn't"] = ["was", "not"],
        ["can't"] = ["can", "not"],
        ["ain't"] = ["is", "not"],
        ["aint"] = ["is", "not"],
        ["cant"] = ["can", "not"],
        ["cannot"] = ["can", "not"],
        ["won't"] = ["will", "not"],
        ["wont"] = ["will", "not"],
        ["mustn't"] = ["must", "not"],
        ["shouldn't"] = ["should", "not"],
        ["wouldn't"] = ["would", "not"],
        ["couldn't"] = ["could", "not"],
        ["hasn't"] = ["has", "not"],
        ["haven't"] = ["have", "not"],
        ["that's"] = ["that", "is"],
        ["thats"] = ["that", "is"],
        ["which's"] = ["which", "is"],
        ["who's"] = ["who", "is"],
        ["whos"] = ["who", "is"],
        ["what's"] = ["what", "is"],
        ["whats"] = ["what", "is"],
        ["where's"] = ["where", "is"],
        ["wheres"] = ["where", "is"],
        ["there's"] = ["there", "is"],
        ["theres"] = ["there", "is"],
        ["here's"] = ["here", "is"],
        ["it's"] = ["it", "is"],
        ["he's"] = ["he", "is"],
        ["she's"] = ["she", "is"],
        ["how's"] = ["how", "is"],
        ["let's"] = ["let", "us"],
        ["lets"] = ["let", "us"],
        ["i'm"] = ["i", "am"],
        ["im"] = ["i", "am"],
        ["i'd"] = ["i", "would"],
        ["id"] = ["i", "would"],
        ["i'll"] = ["i", "will"],
        ["i've"] = ["i", "have"],
        ["you're"] = ["you", "are"],
        ["they're"] = ["they", "are"],
        ["we're"] = ["we", "are"],
        ["you'd"] = ["you", "would"],
        ["you'll"] = ["you", "will"],
        ["where're"] = ["where", "are"],
        ["gimme"] = ["give", "me"],
        ["gonna"] = ["going", "to"],
        ["wanna"] = ["want", "to"],
        ["lemme"] = ["let", "me"],
        ["pls"] = ["please"],
        ["plz"] = ["please"],
        ["teh"] = ["the"],
        ["da"] = ["the"],
        ["thx"] = ["thanks"],
        ["gotta"] = ["have", "to"],
        ["o'clock"] = ["clock"],
        ["t-shirt"] = ["t", "shirt"],
    };

    /// <summary>The words of a text in order.</summary>
    public static List<Token> Tokenize(string text)
    {
        var tokens = new List<Token>();
        var word = new StringBuilder();
        var pause = Pause.None;
        foreach (var raw in text)
        {
            var character = Fold(raw);
            if (character == '\0') continue;
            if (char.IsLetterOrDigit(character)) word.Append(character);
            else if (character == '\'' && word.Length > 0) word.Append(character);
            else
            {
                Flush(tokens, word, ref pause);
                pause = Stronger(pause, character);
            }
        }

        Flush(tokens, word, ref pause);
        return tokens;
    }

    /// <summary>Lower case with accents, full-width forms and typographic quotes folded to plain letters.</summary>
    /// <returns>The folded character; NUL for an invisible one.</returns>
    public static char Fold(char character)
    {
        if (character is >= '\uFF01' and <= '\uFF5E') character = (char)(character - 0xFEE0);
        character = char.ToLowerInvariant(character);
        return character switch
        {
            '\u2019' or '\u2018' or '\u02BC' or '`' or '\u00B4' => '\'',
            '\u00AD' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E')
                or (>= '\u2060' and <= '\u2064') or '\uFEFF' => '\0',
            >= '\u0300' and <= '\u036F' => '\0',
            'à' or 'á' or 'â' or 'ã' or 'ä' or 'å' => 'a',
            'ç' => 'c',
            'è' or 'é' or 'ê' or 'ë' => 'e',
            'ì' or 'í' or 'î' or 'ï' => 'i',
            'ñ' => 'n',
            'ò' or 'ó' or 'ô' or 'õ' or 'ö' or 'ø' => 'o',
            'ù' or 'ú' or 'û' or 'ü' => 'u',
            'ý' or 'ÿ' => 'y',
            _ => character,
        };
    }

    private static Pause Stronger(Pause pause, char character) => character switch
    {
        '.' or '!' or '?' or ';' or ':' or '\n' or '\r' => Pause.Sentence,
        ',' or '\u2013' or '\u2014' or '(' or ')' or '"' or '\u201C' or '\u201D' => pause == Pause.None ? Pause.Comma : pause,
        _ => pause,
    };

    private static void Flush(List<Token> tokens, StringBuilder word, ref Pause pause)
    {
        if (word.Length == 0) return;
        var surface = word.ToString().Trim('\'');
        word.Clear();
        if (surface.Length == 0) return;
        if (Contractions.TryGetValue(surface, out var parts))
        {
            for (var i = 0; i < parts.Length; i++)
            {
                // The second half shows nothing of its own, so that the user's words can be quoted.
                tokens.Add(new Token(parts[i], i == 0 ? surface : "", i == 0 ? pause : Pause.None));
            }
        }
        else
        {
            var possessive = surface.EndsWith("'s", StringComparison.Ordinal) ? surface[..^2] : surface;
            tokens.Add(new Token(possessive.Replace("'", "", StringComparison.Ordinal), surface, pause));
        }

        pause = Pause.None;
    }
}
