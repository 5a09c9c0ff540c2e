namespace EdgePerception.Policy.Language;

/// <summary>
/// Writes out what a line of <c>stops.txt</c> stands for: lists with commas, classes (<c>&lt;name&gt;</c>) and what may
/// be left out (<c>(word)</c>). Used by one thread, while the file is read.
/// </summary>
internal sealed class PhraseNotation
{
    /// <summary>More ways to say one phrase than anybody means: a mistake with classes.</summary>
    private const int MaxReadings = 5000;

    /// <summary>The longest phrase, so that a search for phrases stays linear in the text.</summary>
    private const int MaxWords = 8;

    private readonly Dictionary<string, List<string[]>> _classes = new(StringComparer.Ordinal);

    /// <summary>Every word that was read, each with itself.</summary>
    public Dictionary<string, string> Words { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes a class, given as 'name = phrase, phrase'.</summary>
    /// <exception cref="FormatException">The line is of another form; the message says what is wrong.</exception>
    public void AddClass(string line)
    {
        var parts = line.Split('=', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || parts[0].Length == 0) throw new FormatException("a class is 'name = phrase, phrase'");
        if (!_classes.TryAdd(parts[0], Phrases(parts[1])))
            throw new FormatException($"class '{parts[0]}' is given twice");
    }

    /// <summary>The phrases of a list, word by word.</summary>
    /// <exception cref="FormatException">The list is of another form; the message says what is wrong.</exception>
    public List<string[]> Phrases(string list)
    {
        var phrases = new List<string[]>();
        foreach (var item in Items(list))
        {
            List<string[]> heads = [[]];
            foreach (var part in item.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var tails = Alternatives(part);
                heads = [.. heads.SelectMany(head => tails.Select(tail => (string[])[.. head, .. tail]))];
                if (heads.Count > MaxReadings)
                    throw new FormatException($"'{item}' can be said in more than {MaxReadings} ways");
            }

            if (heads.Exists(words => words.Length is 0 or > MaxWords))
                throw new FormatException($"'{item}' is not of 1 to {MaxWords} words");
            phrases.AddRange(heads);
        }

        return phrases;
    }

    /// <summary>The items of a list, as they stand.</summary>
    /// <exception cref="FormatException">One is empty.</exception>
    public static string[] Items(string list)
    {
        var items = list.Split(',', StringSplitOptions.TrimEntries);
        return items.Contains("") ? throw new FormatException("an empty phrase") : items;
    }

    private List<string[]> Alternatives(string part) => part switch
    {
        ['(', .. var inner, ')'] => [[], .. Alternatives(inner)],
        ['<', .. var name, '>'] => _classes.TryGetValue(name, out var phrases)
            ? phrases
            : throw new FormatException($"class '{name}' is not known"),
        _ => [[Word(part)]],
    };

    private string Word(string text)
    {
        var word = TextFolding.Fold(text);
        if (word.Length == 0 || !word.All(char.IsLetterOrDigit)) throw new FormatException($"'{text}' is no word");
        if (Words.TryGetValue(word, out var known)) return known;
        Words.Add(word, word);
        return word;
    }
}
