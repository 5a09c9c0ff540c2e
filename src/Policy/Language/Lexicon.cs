using System.Globalization;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Policy.Language;

/// <summary>
/// The words that commands are made of, read once from the embedded <c>lexicon.txt</c>. A section of the file is a
/// class of words for the grammar; those that the product gives a meaning of its own are named below. Immutable.
/// </summary>
internal sealed class Lexicon
{
    private static readonly Lazy<Lexicon> Embedded = new(Load);

    /// <summary>Sections whose phrases the grammar does not know as classes, or knows by other names.</summary>
    private static readonly HashSet<string> NoClasses =
    [
        "contractions", "not a typo", "always singular", "irregular plurals", "verb forms", "labels", "kinds", "verbs",
        "number words", "ordinal words", "function words", "not plain", "living", "kept doubled", "hesitation sounds",
        "asking for persons", "needing a place", "pointers",
    ];

    private readonly Dictionary<string, List<LexiconEntry>> _sections;
    private readonly Dictionary<string, List<Phrase>> _byFirstWord = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ColorTerm> _colors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Label, double Weight)>> _nouns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _contractions;
    private readonly Dictionary<string, string> _sounds;
    private readonly Dictionary<string, string> _singulars;
    private readonly Dictionary<string, int> _numbers;
    private readonly Dictionary<string, int> _ordinals;
    private readonly HashSet<string> _alwaysSingular;
    private readonly HashSet<string> _persons;
    private readonly HashSet<string> _placing;
    private readonly HashSet<string> _counting;
    private readonly HashSet<string> _openQuestions;

    private Lexicon(Dictionary<string, List<LexiconEntry>> sections)
    {
        _sections = sections;
        Anything = Set("anything");
        SoundSources = Set("sound sources");
        FunctionWords = Set("function words");
        NotTypos = [.. Set("not a typo").SelectMany(word => new[] { word, word.EndsWith('s') ? word[..^1] : word })];
        NotPlain = Set("not plain");
        Living = Set("living");
        Hair = Set("hair");
        Pointers = Set("pointers");
        SignNouns = Set("sign nouns");
        HesitationSounds = Set("hesitation sounds");
        KeptDoubled = Set("kept doubled");
        _persons = Set("asking for persons");
        _placing = Set("needing a place");
        _counting = Set("counting words");
        _openQuestions = Set("open questions");
        _alwaysSingular = Set("always singular");
        _contractions = MeaningByPhrase("contractions");
        _sounds = MeaningByPhrase("sounds");
        _singulars = MeaningByPhrase("irregular plurals");
        _numbers = MeaningByPhrase("number words").ToDictionary(word => word.Key, word => Whole(word.Value));
        _ordinals = MeaningByPhrase("ordinal words").ToDictionary(word => word.Key, word => Whole(word.Value));
        foreach (var (word, value) in _numbers) _ordinals.TryAdd(word + "th", value);
        AddColors();
        AddNouns();
        foreach (var section in sections.Keys.Where(section => !NoClasses.Contains(section))) AddSection(section);
        AddVerbs();
        NotNouns =
        [
            .. Lines("verbs").Select(line => line.Phrase.Split(' ')[0]), .. Lines("people").Select(line => line.Phrase),
        ];
        string[] single = [.. FunctionWords, .. _numbers.Keys, .. _ordinals.Keys];
        OwnWords = [.. single, .. Phrases.Where(phrase => phrase.Words.Length == 1).Select(phrase => phrase.Words[0])];
        Vocabulary = [.. single, .. Phrases.SelectMany(phrase => phrase.Words)];
    }

    /// <summary>The lexicon of the product.</summary>
    /// <exception cref="InvalidDataException">The file has a fault; the message names the row.</exception>
    public static Lexicon Default => Embedded.Value;

    /// <summary>Nouns for an object of any kind.</summary>
    public HashSet<string> Anything { get; }

    /// <summary>Nouns for a sound of any kind.</summary>
    public HashSet<string> SoundSources { get; }

    /// <summary>Words that hold sentences together and name nothing.</summary>
    public HashSet<string> FunctionWords { get; }

    /// <summary>Every word that the grammar can know.</summary>
    public HashSet<string> Vocabulary { get; }

    /// <summary>Nouns for things that are read.</summary>
    public HashSet<string> SignNouns { get; }

    /// <summary>Words by which a statement points at what was just said.</summary>
    public HashSet<string> Pointers { get; }

    /// <summary>Words that a statement beside an order must not hold: they may limit it or take it back.</summary>
    public HashSet<string> NotPlain { get; }

    /// <summary>Colours that a person has at the head.</summary>
    public HashSet<string> Hair { get; }

    /// <summary>Labels of persons and animals.</summary>
    public HashSet<string> Living { get; }

    /// <summary>Words that the grammar knows by themselves, not only in a phrase ("floor" of "floor lamp").</summary>
    public HashSet<string> OwnWords { get; }

    /// <summary>Words that name no thing unless they are listed as nouns: the robot's verbs, names of people.</summary>
    public HashSet<string> NotNouns { get; }

    /// <summary>Words that look like a misspelling of a known word but are words of their own.</summary>
    public HashSet<string> NotTypos { get; }

    /// <summary>Sounds that speakers make while they think.</summary>
    public HashSet<string> HesitationSounds { get; }

    /// <summary>Words that mean something when said twice.</summary>
    public HashSet<string> KeptDoubled { get; }

    /// <summary>All phrases, those that begin alike together.</summary>
    public IEnumerable<Phrase> Phrases => _byFirstWord.Values.SelectMany(list => list);

    /// <summary>The phrases that stand at a place, none of them across a pause.</summary>
    public IEnumerable<Phrase> At(IReadOnlyList<Token> tokens, int position) =>
        _byFirstWord.GetValueOrDefault(tokens[position].Word, []).Where(phrase => phrase.StandsAt(tokens, position));

    /// <summary>What a contraction stands for; none for any other word.</summary>
    public string[]? Contraction(string word) => _contractions.GetValueOrDefault(word)?.Split(' ');

    /// <summary>The value of a word like "seven", "forty", "hundred"; none for other words.</summary>
    public int? NumberWord(string word) => _numbers.TryGetValue(word, out var value) ? value : null;

    /// <summary>The value of a word like "third" or "fortieth"; none for other words.</summary>
    public int? OrdinalWord(string word) => _ordinals.TryGetValue(word, out var value) ? value : null;

    /// <summary>Whether a word of a question asks for a number of objects.</summary>
    public bool Counts(string word) => _counting.Contains(word);

    /// <summary>Whether a word of a question asks about what may be no object in sight.</summary>
    public bool IsOpenQuestion(string word) => _openQuestions.Contains(word);

    /// <summary>Whether a verb of putting needs a place to put to.</summary>
    public bool NeedsPlace(string verb) => _placing.Contains(verb);

    /// <summary>Whether a question word asks for a person.</summary>
    public bool IsPerson(string word) => _persons.Contains(word);

    /// <summary>A colour by what people call it.</summary>
    public ColorTerm Color(string phrase) => _colors[phrase];

    /// <summary>The sound that a phrase names; none for other words.</summary>
    public string? Sound(string phrase) => _sounds.GetValueOrDefault(phrase);

    /// <summary>The labels that a noun can mean, with how surely; null if the noun is not listed.</summary>
    public IReadOnlyList<(string Label, double Weight)>? Meanings(string noun) => _nouns.GetValueOrDefault(noun);

    /// <summary>Whether a word alone is a listed noun.</summary>
    public bool IsNoun(string word) => _nouns.ContainsKey(Singular(word));

    /// <summary>Whether a word can be taken for a noun though it is listed as none.</summary>
    public bool MayBeNoun(string word) =>
        char.IsLetter(word[0]) && !FunctionWords.Contains(word) && !NotNouns.Contains(word) && !IsNoun(word);

    /// <summary>Whether a noun in the singular can mean a label of some kind.</summary>
    public bool CanMean(string noun, Func<string, bool> isOfKind) =>
        Meanings(noun)?.Any(meaning => isOfKind(meaning.Label)) == true;

    /// <summary>Whether a noun, word by word, can mean a person or an animal.</summary>
    public bool IsLiving(IReadOnlyList<string> noun) => noun.Count > 0 && CanMean(Singular(noun[^1]), Living.Contains);

    /// <summary>The singular of a word; the word itself where it is one.</summary>
    public string Singular(string word) =>
        _singulars.GetValueOrDefault(word) ?? (_alwaysSingular.Contains(word) ? word : WordForms.Singular(word));

    /// <summary>The singular of a noun of one or more words, apart by one space.</summary>
    public string SingularOf(string noun)
    {
        var space = noun.LastIndexOf(' ');
        return noun[..(space + 1)] + Singular(noun[(space + 1)..]);
    }

    /// <summary>Whether neither lexicon nor grammar knows a word by itself.</summary>
    public bool IsUnknown(string word) => !OwnWords.Contains(word) && Grammar.Default.Find(word) < 0;

    /// <summary>Whether a word is a plural.</summary>
    public bool IsPlural(string word) => Singular(word) != word;

    private static Lexicon Load()
    {
        using var reader = EmbeddedFile.Open(LexiconFile.Name);
        return new Lexicon(LexiconFile.Read(reader));
    }

    private IEnumerable<(string Meaning, string Phrase, double Weight)> Lines(string section) =>
        from entry in _sections.GetValueOrDefault(section)
            ?? throw new InvalidDataException($"{LexiconFile.Name}: no section [{section}]")
        from meaning in entry.Meanings
        from phrase in entry.Phrases
        select (meaning, phrase.Phrase, phrase.Weight);

    private HashSet<string> Set(string section) => [.. Lines(section).Select(line => line.Phrase)];

    private Dictionary<string, string> MeaningByPhrase(string section) => Lines(section)
        .DistinctBy(line => line.Phrase)
        .ToDictionary(line => line.Phrase, line => line.Meaning, StringComparer.Ordinal);

    private static int Whole(string meaning) => int.Parse(meaning, CultureInfo.InvariantCulture);

    private void AddSection(string section)
    {
        var name = section.Replace(' ', '-');
        var lines = section == "colours"
            ? _colors.Keys.Select(color => (Phrase: color, Meaning: color))
            : Lines(section).Select(line => (line.Phrase, line.Meaning));
        foreach (var (phrase, meaning) in lines) Add(phrase, name, meaning);
    }

    private void Add(string phrase, string section, string meaning)
    {
        var words = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return;
        if (!_byFirstWord.TryGetValue(words[0], out var phrases)) _byFirstWord[words[0]] = phrases = [];
        if (!phrases.Exists(old => old.Section == section && old.Meaning == meaning && old.Words.SequenceEqual(words)))
            phrases.Add(new Phrase(words, section, meaning));
    }

    private void AddColors()
    {
        var shows = new Dictionary<string, List<(NamedColor, double)>>(StringComparer.Ordinal);
        foreach (var color in Enum.GetValues<NamedColor>()) shows[color.ToString().ToLowerInvariant()] = [(color, 1)];
        foreach (var (name, phrase, weight) in Lines("colours"))
        {
            if (!shows.TryGetValue(phrase, out var list)) shows[phrase] = list = [];
            list.AddRange(name.Split('+', StringSplitOptions.TrimEntries)
                .Select(part => (Enum.Parse<NamedColor>(part, ignoreCase: true), weight)));
        }

        foreach (var (phrase, list) in shows) _colors[phrase] = new ColorTerm(phrase, list);
    }

    private void AddNouns()
    {
        foreach (var label in _sections["labels"].SelectMany(entry => entry.Meanings)) AddNoun(label, label, 1);
        foreach (var (label, phrase, weight) in Lines("labels")) AddNoun(phrase, label, weight);
        foreach (var (kind, member, weight) in Lines("kinds")) AddNoun(kind, member, weight);
        foreach (var (_, thing, _) in Lines("things")) AddNoun(thing, thing, 1);
        foreach (var noun in _nouns.Keys)
        {
            List<string> sections = ["noun"];
            if (CanMean(noun, label => label == "person")) sections.Add("person-nouns");
            if (CanMean(noun, Living.Contains)) sections.Add("living-nouns");
            foreach (var section in sections)
            {
                Add(noun, section, noun);
                Add(WordForms.Plural(noun), section, WordForms.Plural(noun));
            }
        }

        foreach (var (_, plural, _) in Lines("irregular plurals")) Add(plural, "noun", plural);
    }

    private void AddNoun(string phrase, string label, double weight)
    {
        if (!_nouns.TryGetValue(phrase, out var meanings)) _nouns[phrase] = meanings = [];
        var at = meanings.FindIndex(meaning => meaning.Label == label);
        if (at < 0) meanings.Add((label, weight));
        else if (meanings[at].Weight < weight) meanings[at] = (label, weight);
    }

    private void AddVerbs()
    {
        var irregular = Lines("verb forms").ToLookup(line => line.Meaning, line => line.Phrase);
        foreach (var section in new[] { "verbs", "unknown verbs", "harmful verbs", "avoided deeds", "saying" })
        {
            var name = section.Replace(' ', '-');
            foreach (var (meaning, phrase, _) in Lines(section))
            {
                var verb = phrase.Split(' ')[0];
                var rest = phrase[verb.Length..];
                Add(phrase, name, meaning);
                Add(WordForms.Gerund(verb) + rest, name + ":ing", meaning);
                Add(WordForms.Third(verb) + rest, name + ":s", meaning);
                foreach (var past in irregular[verb].DefaultIfEmpty(WordForms.Past(verb)))
                    Add(past + rest, name + ":ed", meaning);
            }
        }
    }
}
