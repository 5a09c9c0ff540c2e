using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>What a scene adds to the lexicon. Immutable.</summary>
/// <param name="Labels">Labels in sight, lower case, words apart by one space.</param>
/// <param name="Ids">What the robot calls the objects in sight.</param>
internal sealed record SceneWords(IReadOnlyCollection<string> Labels, IReadOnlyCollection<string> Ids)
{
    /// <summary>Tells a word of its own from a misspelt one.</summary>
    public Func<string, bool> IsWord { get; init; } = _ => false;

    /// <summary>For a command that is read without a scene.</summary>
    public static SceneWords None { get; } = new([], []);
}

/// <summary>Puts the words and phrases of a text into the chart, by every class that they belong to.</summary>
internal static class Terminals
{
    private const int LongestPhrase = 6;
    private const float PriceOfMending = 0.5f;
    private const float PriceOfSlip = 0.3f;

    /// <summary>Fills in all words and phrases.</summary>
    public static void Fill(Chart chart, IReadOnlyList<Token> tokens, Lexicon lexicon, SceneWords scene)
    {
        var labels = scene.Labels.Where(label => lexicon.Meanings(label) is null)
            .SelectMany(label => new[] { (Phrase: label, Label: label), (Phrase: label + "s", Label: label) })
            .Select(entry => (Words: entry.Phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries), entry.Phrase)).ToList();
        var joined = scene.Labels.DistinctBy(Joined).ToDictionary(Joined, label => label, StringComparer.Ordinal);
        for (var i = 0; i < tokens.Count; i++)
        {
            var word = tokens[i].Word;
            chart.Add(word, "=" + word, i, 1, 0, "");
            chart.Add("_", i, 1, 0, "");
            if (word.Contains(Tokenizer.Mask, StringComparison.Ordinal)) chart.Add("<expletive>", i, 1, 0, "");
            else if (IsUnknown(word, lexicon)) chart.Add("_x", i, 1, 0, "");
            if (IsParticiple(word) && IsUnknown(word, lexicon)) chart.Add("_p", i, 1, 0, "");
            if (!lexicon.FunctionWords.Contains(word) && !lexicon.NotNouns.Contains(word) && !lexicon.IsNoun(word) && char.IsLetter(word[0])
                && Grammar.Default.Find(word) < 0) chart.Add("_w", i, 1, 0, "");
            foreach (var phrase in lexicon.At(tokens, i)) Add(chart, phrase, i, 0);
            Misspelt(chart, tokens, i, lexicon, scene);
            foreach (var (words, phrase) in labels.Where(label => Stands(label.Words, tokens, i))) chart.Add("<label>", i, words.Length, 0, phrase);
            // "stop watch" for "stopwatch" and "fireplace" for "fire place": people part and join compounds as they like.
            if (!lexicon.IsNoun(word) && joined.TryGetValue(word, out var whole) && whole != word) chart.Add("<label>", i, 1, 0, whole);
            if (i + 1 < tokens.Count && tokens[i + 1].Pause == Pause.None && joined.TryGetValue(word + tokens[i + 1].Word, out var parted))
                chart.Add("<label>", i, 2, 0, parted);
            foreach (var (length, value, ordinal) in Numbers.At(tokens, i, lexicon))
                chart.Add(ordinal ? "<ordinal>" : "<number>", i, length, 0, value.ToString(CultureInfo.InvariantCulture));
            if (word.Contains(':', StringComparison.Ordinal)) chart.Add("<time>", i, 1, 0, word);
            if (char.IsAsciiDigit(word[0]) || scene.Ids.Contains(word, StringComparer.OrdinalIgnoreCase)) chart.Add("<id>", i, 1, 0, word);
        }
    }

    /// <summary>A misspelt word as those that it may stand for; a noun only where it names something in sight.</summary>
    private static void Misspelt(Chart chart, IReadOnlyList<Token> tokens, int place, Lexicon lexicon, SceneWords scene)
    {
        foreach (var (label, slips) in Spelling.NearLabels(tokens[place].Word, lexicon, scene)) chart.Add("<label>", place, 1, PriceOf(slips), label);
        foreach (var (word, slips) in Spelling.Near(tokens[place].Word, lexicon, scene.IsWord))
        {
            List<Token> mended = [.. tokens];
            mended[place] = mended[place] with { Word = word };
            chart.Add(word, "=" + word, place, 1, PriceOf(slips), "");
            foreach (var (length, value, ordinal) in Numbers.At(mended, place, lexicon))
                chart.Add(ordinal ? "<ordinal>" : "<number>", place, length, PriceOf(slips), value.ToString(CultureInfo.InvariantCulture));
            for (var start = Math.Max(0, place - LongestPhrase); start <= place; start++)
            {
                foreach (var phrase in lexicon.At(mended, start).Where(phrase => start + phrase.Words.Length > place))
                {
                    if (phrase.Section == "noun" && !IsInSight(phrase.Meaning, lexicon, scene)) continue;
                    Add(chart, phrase, start, PriceOf(slips));
                }
            }
        }
    }

    private static float PriceOf(int slips) => PriceOfMending + PriceOfSlip * slips;

    /// <summary>Whether neither lexicon nor grammar knows a word by itself.</summary>
    private static bool IsUnknown(string word, Lexicon lexicon) =>
        char.IsLetter(word[0]) && !lexicon.OwnWords.Contains(word) && Grammar.Default.Find(word) < 0;

    private static bool IsParticiple(string word) => word.Length > 5
        && (word.EndsWith("ing", StringComparison.Ordinal) || word.EndsWith("ed", StringComparison.Ordinal) || word.EndsWith("en", StringComparison.Ordinal));

    private static string Joined(string label) => label.Replace(" ", "", StringComparison.Ordinal);

    private static bool IsInSight(string noun, Lexicon lexicon, SceneWords scene)
    {
        var space = noun.LastIndexOf(' ');
        var singular = noun[..(space + 1)] + lexicon.Singular(noun[(space + 1)..]);
        return scene.Labels.Contains(singular) || lexicon.Meanings(singular)?.Any(meaning => scene.Labels.Contains(meaning.Label)) == true;
    }

    private static void Add(Chart chart, Phrase phrase, int start, float price)
    {
        var (section, meaning) = phrase.Symbols;
        chart.Add(section, start, phrase.Words.Length, price, phrase.Meaning);
        chart.Add(meaning, start, phrase.Words.Length, price, phrase.Meaning);
    }

    private static bool Stands(string[] words, IReadOnlyList<Token> tokens, int position)
    {
        if (position + words.Length > tokens.Count) return false;
        for (var i = 0; i < words.Length; i++)
        {
            if (tokens[position + i].Word != words[i] || (i > 0 && tokens[position + i].Pause != Pause.None)) return false;
        }

        return true;
    }
}
