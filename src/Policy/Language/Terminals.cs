using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>What a scene adds to the lexicon. Immutable.</summary>
/// <param name="Labels">Labels in sight, lower case, words apart by one space.</param>
/// <param name="Ids">What the robot calls the objects in sight.</param>
internal sealed record SceneWords(IReadOnlyCollection<string> Labels, IReadOnlyCollection<string> Ids)
{
    /// <summary>Tells a word of its own from a misspelt one.</summary>
    public Func<string, bool> IsWord { get; init; } = _ => false;

    /// <summary>How long it may take to read a command.</summary>
    public TimeLimit Limit { get; init; } = TimeLimit.None;

    /// <summary>For a command that is read without a scene.</summary>
    public static SceneWords None { get; } = new([], []);
}

/// <summary>
/// Puts the words and phrases of a text into the chart, by every class that they belong to. Used by one thread, for one
/// text.
/// </summary>
internal sealed class Terminals
{
    private const int LongestPhrase = 6;
    private const float PriceOfMending = 0.5f;
    private const float PriceOfSlip = 0.3f;

    private readonly Chart _chart;
    private readonly IReadOnlyList<Token> _tokens;
    private readonly Lexicon _lexicon;
    private readonly SceneWords _scene;
    private readonly List<Phrase> _labels;
    private readonly Dictionary<string, string> _joinedLabels;

    private Terminals(Chart chart, IReadOnlyList<Token> tokens, Lexicon lexicon, SceneWords scene)
    {
        (_chart, _tokens, _lexicon, _scene) = (chart, tokens, lexicon, scene);
        _labels = [.. scene.Labels.Where(label => lexicon.Meanings(label) is null)
            .SelectMany(label => new[] { label, label + "s" })
            .Select(label => new Phrase(label.Split(' ', StringSplitOptions.RemoveEmptyEntries), "label", label))];
        _joinedLabels = scene.Labels.DistinctBy(Joined).ToDictionary(Joined, label => label, StringComparer.Ordinal);
    }

    /// <summary>Fills in all words and phrases.</summary>
    public static void Fill(Chart chart, IReadOnlyList<Token> tokens, Lexicon lexicon, SceneWords scene)
    {
        var terminals = new Terminals(chart, tokens, lexicon, scene);
        for (var i = 0; i < tokens.Count; i++)
        {
            scene.Limit.Check();
            terminals.AddWord(i);
            foreach (var phrase in lexicon.At(tokens, i)) terminals.Add(phrase, i, 0);
            terminals.AddMended(i);
            terminals.AddLabels(i);
            terminals.AddNumbers(tokens, i, 0);
            terminals.AddIds(i);
        }
    }

    private void AddWord(int place)
    {
        var word = _tokens[place].Word;
        Add(word, place, "=" + word);
        Add("_", place);
        var isUnknown = char.IsLetter(word[0]) && _lexicon.IsUnknown(word);
        if (word.Contains(Tokenizer.Mask, StringComparison.Ordinal)) Add("<expletive>", place);
        else if (isUnknown) Add("_x", place);
        if (isUnknown && word is [_, _, _, .., 'i', 'n', 'g'] or [_, _, _, _, .., 'e', 'd' or 'n']) Add("_p", place);
        if (_lexicon.MayBeNoun(word) && Grammar.Default.Find(word) < 0) Add("_w", place);
    }

    private void AddLabels(int place)
    {
        var word = _tokens[place].Word;
        foreach (var label in _labels)
        {
            if (label.StandsAt(_tokens, place)) Add(label, place, 0);
        }

        // "stop watch" for "stopwatch" and "fireplace" for "fire place": people part and join compounds as they like.
        if (!_lexicon.IsNoun(word) && _joinedLabels.TryGetValue(word, out var whole) && whole != word)
            _chart.Add("<label>", place, 1, 0, whole);
        if (place + 1 < _tokens.Count && _tokens[place + 1].Pause == Pause.None
            && _joinedLabels.TryGetValue(word + _tokens[place + 1].Word, out var parted))
            _chart.Add("<label>", place, 2, 0, parted);
    }

    private void AddNumbers(IReadOnlyList<Token> tokens, int place, float price)
    {
        foreach (var (length, value, ordinal) in Numbers.At(tokens, place, _lexicon))
        {
            var meaning = value.ToString(CultureInfo.InvariantCulture);
            _chart.Add(ordinal ? "<ordinal>" : "<number>", place, length, price, meaning);
        }
    }

    private void AddIds(int place)
    {
        var word = _tokens[place].Word;
        if (word.Contains(':', StringComparison.Ordinal)) _chart.Add("<time>", place, 1, 0, word);
        if (char.IsAsciiDigit(word[0]) || _scene.Ids.Contains(word, StringComparer.OrdinalIgnoreCase))
            _chart.Add("<id>", place, 1, 0, word);
    }

    /// <summary>A misspelt word as those that it may mean; a noun only where it names something in sight.</summary>
    private void AddMended(int place)
    {
        var said = _tokens[place].Word;
        foreach (var (label, slips) in Spelling.NearLabels(said, _lexicon, _scene))
            _chart.Add("<label>", place, 1, PriceOf(slips), label);
        foreach (var (word, slips) in Spelling.Near(said, _lexicon, _scene.IsWord))
        {
            List<Token> mended = [.. _tokens];
            mended[place] = mended[place] with { Word = word };
            Add(word, place, "=" + word, PriceOf(slips));
            AddNumbers(mended, place, PriceOf(slips));
            for (var start = Math.Max(0, place - LongestPhrase); start <= place; start++)
            {
                foreach (var phrase in _lexicon.At(mended, start))
                {
                    if (start + phrase.Words.Length > place && (phrase.Section != "noun" || IsInSight(phrase.Meaning)))
                        Add(phrase, start, PriceOf(slips));
                }
            }
        }
    }

    private void Add(string word, int place, string? label = null, float price = 0) =>
        _chart.Add(word, label ?? word, place, 1, price, "");

    private void Add(Phrase phrase, int start, float price)
    {
        _chart.Add(phrase.Symbols.Section, start, phrase.Words.Length, price, phrase.Meaning);
        _chart.Add(phrase.Symbols.Meaning, start, phrase.Words.Length, price, phrase.Meaning);
    }

    private bool IsInSight(string noun)
    {
        var singular = _lexicon.SingularOf(noun);
        return _scene.Labels.Contains(singular) || _lexicon.CanMean(singular, _scene.Labels.Contains);
    }

    private static float PriceOf(int slips) => PriceOfMending + PriceOfSlip * slips;

    private static string Joined(string label) => label.Replace(" ", "", StringComparison.Ordinal);
}
