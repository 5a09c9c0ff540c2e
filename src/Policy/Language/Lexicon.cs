using System.Globalization;
using System.Reflection;
using EdgePerception.Fusion.Vision;

namespace EdgePerception.Policy.Language;

/// <summary>A phrase of the lexicon.</summary>
/// <param name="Words">Its words.</param>
/// <param name="Section">The section that lists it; with <c>:ing</c>, <c>:ed</c> and <c>:s</c> for forms of verbs.</param>
/// <param name="Meaning">What it means there.</param>
internal sealed record Phrase(string[] Words, string Section, string Meaning)
{
    /// <summary>The grammar's names for it: of its section, and of those in the section that mean the same.</summary>
    public (string Section, string Meaning) Symbols
    {
        get
        {
            var colon = Section.IndexOf(':', StringComparison.Ordinal);
            var (section, form) = colon < 0 ? (Section, "") : (Section[..colon], Section[colon..]);
            return ($"<{section}{form}>", $"<{section}:{Meaning}{form}>");
        }
    }
}

/// <summary>
/// The words that commands are made of, read once from the embedded <c>lexicon.txt</c>. A section of the file is a class
/// of words for the grammar; those that the product gives a meaning of its own are named below. Immutable.
/// </summary>
internal sealed class Lexicon
{
    private static readonly Lazy<Lexicon> Embedded = new(Load);

    private readonly Dictionary<string, List<Phrase>> _byFirstWord = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _contractions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ColorTerm> _colors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _singulars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sounds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Label, double Weight)>> _nouns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alwaysSingular;
    private readonly HashSet<string> _persons;
    private readonly HashSet<string> _placing;
    private readonly Dictionary<string, List<LexiconEntry>> _sections;

    private Lexicon(Dictionary<string, List<LexiconEntry>> sections)
    {
        _sections = sections;
        Anything = Set("anything");
        SoundSources = Set("sound sources");
        FunctionWords = Set("function words");
        NotTypos = [.. Set("not a typo").SelectMany(word => new[] { word, word.EndsWith('s') ? word[..^1] : word })];
        NotPlain = Set("not plain");
        Living = Set("living");
        Pointers = Set("pointers");
        SignNouns = Set("sign nouns");
        HesitationSounds = Set("hesitation sounds");
        KeptDoubled = Set("kept doubled");
        _persons = Set("asking for persons");
        _placing = Set("needing a place");
        _alwaysSingular = Set("always singular");
        foreach (var (meaning, phrase, _) in Lines("contractions")) _contractions[phrase] = meaning.Split(' ');
        foreach (var (name, phrase, _) in Lines("sounds")) _sounds.TryAdd(phrase, name);
        foreach (var (value, word, _) in Lines("number words")) _numbers[word] = int.Parse(value, CultureInfo.InvariantCulture);
        foreach (var (value, word, _) in Lines("ordinal words")) _ordinals[word] = int.Parse(value, CultureInfo.InvariantCulture);
        foreach (var (word, value) in _numbers) _ordinals.TryAdd(word + "th", value);
        ReadColors();
        ReadPlurals();
        ReadNouns();
        foreach (var section in sections.Keys) AddSection(section);
        AddVerbs();
        NotNouns = [.. Lines("verbs").Select(line => line.Phrase.Split(' ')[0]), .. Lines("people").Select(line => line.Phrase)];
        OwnWords = [.. FunctionWords, .. _numbers.Keys, .. _ordinals.Keys,
            .. _byFirstWord.Values.SelectMany(list => list).Where(phrase => phrase.Words.Length == 1).Select(phrase => phrase.Words[0])];
        Vocabulary = [.. FunctionWords, .. _numbers.Keys, .. _ordinals.Keys, .. _byFirstWord.Values.SelectMany(list => list).SelectMany(phrase => phrase.Words)];
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

    /// <summary>Words that a statement beside an order must not hold, since they may limit it or take it back.</summary>
    public HashSet<string> NotPlain { get; }

    /// <summary>Labels of persons and animals.</summary>
    public HashSet<string> Living { get; }

    /// <summary>Words that the grammar knows by themselves, not only as a part of a phrase ("floor" of "floor lamp").</summary>
    public HashSet<string> OwnWords { get; }

    /// <summary>Words that name no thing where they are not listed as nouns: verbs of the robot's, names of people.</summary>
    public HashSet<string> NotNouns { get; }

    /// <summary>Words that look like a misspelling of a known word but are words of their own.</summary>
    public HashSet<string> NotTypos { get; }

    /// <summary>All phrases, those that begin alike together.</summary>
    public IEnumerable<Phrase> Phrases => _byFirstWord.Values.SelectMany(list => list);

    /// <summary>The phrases that stand at a place, none of them across a pause.</summary>
    public IEnumerable<Phrase> At(IReadOnlyList<Token> tokens, int position) =>
        _byFirstWord.TryGetValue(tokens[position].Word, out var phrases)
            ? phrases.Where(phrase => Stands(phrase.Words, tokens, position))
            : [];

    /// <summary>What a contraction stands for; none for any other word.</summary>
    public string[]? Contraction(string word) => _contractions.GetValueOrDefault(word);

    /// <summary>The value of a word like "seven", "forty", "hundred"; none for other words.</summary>
    public int? NumberWord(string word) => _numbers.TryGetValue(word, out var value) ? value : null;

    /// <summary>The value of a word like "third" or "fortieth"; none for other words.</summary>
    public int? OrdinalWord(string word) => _ordinals.TryGetValue(word, out var value) ? value : null;

    /// <summary>Whether a phrase asks for a number of objects.</summary>
    public bool Counts(IReadOnlyList<Token> tokens, int start, int end) => HasAny("counting words", tokens, start, end);

    /// <summary>Whether a phrase asks about what may be no object in sight.</summary>
    public bool IsOpenQuestion(IReadOnlyList<Token> tokens, int start, int end) => HasAny("open questions", tokens, start, end);

    /// <summary>Whether a verb of putting needs a place to put to.</summary>
    public bool NeedsPlace(string verb) => _placing.Contains(verb);

    /// <summary>Whether a question word asks for a person.</summary>
    public bool IsPerson(string word) => _persons.Contains(word);

    /// <summary>Sounds that speakers make while they think.</summary>
    public HashSet<string> HesitationSounds { get; }

    /// <summary>Words that mean something when said twice.</summary>
    public HashSet<string> KeptDoubled { get; }

    /// <summary>A colour by what people call it.</summary>
    public ColorTerm Color(string phrase) => _colors[phrase];

    /// <summary>The sound that a phrase names; none for other words.</summary>
    public string? Sound(string phrase) => _sounds.GetValueOrDefault(phrase);

    /// <summary>The labels that a noun can mean, with how surely; none when the noun is not listed.</summary>
    public IReadOnlyList<(string Label, double Weight)>? Meanings(string noun) => _nouns.GetValueOrDefault(noun);

    /// <summary>Whether a word alone is a listed noun.</summary>
    public bool IsNoun(string word) => _nouns.ContainsKey(Singular(word));

    /// <summary>The singular of a word; the word itself where it is one.</summary>
    public string Singular(string word)
    {
        if (_singulars.TryGetValue(word, out var singular)) return singular;
        if (word.Length < 4 || _alwaysSingular.Contains(word) || word[^1] != 's') return word;
        if (word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal)
            || word.EndsWith("is", StringComparison.Ordinal)) return word;
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4) return word[..^3] + "y";
        if (word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal)
            || word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal))
            return word[..^2];
        return word[..^1];
    }

    /// <summary>Whether a word is a plural.</summary>
    public bool IsPlural(string word) => Singular(word) != word;

    private static Lexicon Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("EdgePerception.Policy.lexicon.txt")
            ?? throw new InvalidDataException("lexicon.txt is not embedded in the assembly; rebuild EdgePerception.Policy");
        using var reader = new StreamReader(stream);
        return new Lexicon(LexiconFile.Read(reader));
    }

    private static bool Stands(string[] words, IReadOnlyList<Token> tokens, int position)
    {
        if (position + words.Length > tokens.Count) return false;
        for (var i = 1; i < words.Length; i++)
        {
            var token = tokens[position + i];
            if (token.Pause != Pause.None || token.Word != words[i]) return false;
        }

        return true;
    }

    private IEnumerable<(string Meaning, string Phrase, double Weight)> Lines(string section) =>
        from entry in _sections.GetValueOrDefault(section)
            ?? throw new InvalidDataException($"lexicon.txt: no section [{section}]")
        from meaning in entry.Meanings
        from phrase in entry.Phrases
        select (meaning, phrase.Phrase, phrase.Weight);

    private HashSet<string> Set(string section) => [.. Lines(section).Select(line => line.Phrase)];

    private bool HasAny(string section, IReadOnlyList<Token> tokens, int start, int end) =>
        Enumerable.Range(start, end - start).Any(i => Lines(section).Any(line => line.Phrase == tokens[i].Word));

    private void AddSection(string section)
    {
        if (section is "contractions" or "not a typo" or "always singular" or "irregular plurals" or "verb forms" or "labels" or "kinds" or "verbs"
            or "number words" or "ordinal words" or "function words" or "not plain" or "living"
            or "kept doubled" or "hesitation sounds" or "asking for persons" or "needing a place" or "pointers")
            return;
        var name = section.Replace(' ', '-');
        if (section == "colours")
        {
            foreach (var color in _colors.Keys) Add(color, name, color);
            return;
        }

        foreach (var (meaning, phrase, _) in Lines(section)) Add(phrase, name, meaning);
    }

    private void Add(string phrase, string section, string meaning)
    {
        var words = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return;
        if (!_byFirstWord.TryGetValue(words[0], out var phrases)) _byFirstWord[words[0]] = phrases = [];
        if (!phrases.Exists(old => old.Section == section && old.Meaning == meaning && old.Words.SequenceEqual(words)))
            phrases.Add(new Phrase(words, section, meaning));
    }

    private void ReadColors()
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

    private void ReadPlurals()
    {
        foreach (var (singular, plural, _) in Lines("irregular plurals"))
        {
            if (!plural.Contains(' ', StringComparison.Ordinal)) _singulars[plural] = singular;
        }
    }

    private void ReadNouns()
    {
        foreach (var entry in _sections["labels"])
        {
            foreach (var label in entry.Meanings) AddNoun(label, label, 1);
        }

        foreach (var (label, phrase, weight) in Lines("labels")) AddNoun(phrase, label, weight);
        foreach (var (kind, member, weight) in Lines("kinds")) AddNoun(kind, member, weight);
        foreach (var (_, thing, _) in Lines("things")) AddNoun(thing, thing, 1);
        foreach (var noun in _nouns.Keys)
        {
            AddNoun(noun, "noun");
            if (_nouns[noun].Exists(meaning => meaning.Label == "person")) AddNoun(noun, "person-nouns");
        }

        foreach (var (_, plural, _) in Lines("irregular plurals")) Add(plural, "noun", plural);
    }

    private void AddNoun(string noun, string section)
    {
        Add(noun, section, noun);
        Add(Plural(noun), section, Plural(noun));
    }

    /// <summary>The regular plural of a noun, which <see cref="Singular"/> undoes.</summary>
    private static string Plural(string noun) => noun switch
    {
        [.., 'c' or 's', 'h'] or [.., 's', 's'] or [.., 'x'] => noun + "es",
        [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => noun[..^1] + "ies",
        _ => noun + "s",
    };

    private void AddNoun(string phrase, string label, double weight)
    {
        if (!_nouns.TryGetValue(phrase, out var meanings)) _nouns[phrase] = meanings = [];
        var at = meanings.FindIndex(meaning => meaning.Label == label);
        if (at < 0) meanings.Add((label, weight));
        else if (meanings[at].Weight < weight) meanings[at] = (label, weight);
    }

    private void AddVerbs()
    {
        var forms = Lines("verb forms").GroupBy(line => line.Meaning).ToDictionary(group => group.Key, group => group.Select(line => line.Phrase).ToList());
        foreach (var section in new[] { "verbs", "unknown verbs", "harmful verbs", "avoided deeds", "saying" })
        {
            if (!_sections.ContainsKey(section)) continue;
            var name = section.Replace(' ', '-');
            foreach (var (meaning, phrase, _) in Lines(section))
            {
                Add(phrase, name, meaning);
                var space = phrase.IndexOf(' ', StringComparison.Ordinal);
                var (verb, rest) = space < 0 ? (phrase, "") : (phrase[..space], phrase[space..]);
                Add(Gerund(verb) + rest, name + ":ing", meaning);
                Add(Third(verb) + rest, name + ":s", meaning);
                foreach (var past in forms.GetValueOrDefault(verb) ?? [Past(verb)]) Add(past + rest, name + ":ed", meaning);
            }
        }
    }

    private static string Gerund(string verb)
    {
        if (verb.Length > 2 && verb[^1] == 'e' && verb[^2] is not ('e' or 'y' or 'o')) return verb[..^1] + "ing";
        return (Doubles(verb) ? verb + verb[^1] : verb) + "ing";
    }

    private static string Past(string verb)
    {
        if (verb[^1] == 'e') return verb + "d";
        if (verb.Length > 2 && verb[^1] == 'y' && !IsVowel(verb[^2])) return verb[..^1] + "ied";
        return (Doubles(verb) ? verb + verb[^1] : verb) + "ed";
    }

    private static string Third(string verb) => verb is "go" or "do" ? verb + "es" : Plural(verb);

    /// <summary>Consonant, vowel, consonant in a word of one syllable: "grab", "set", "drop".</summary>
    private static bool Doubles(string verb) =>
        verb is [.. var head, var vowel, var last] && IsVowel(vowel) && !IsVowel(last) && last is not ('w' or 'x' or 'y')
        && head.Length > 0 && !head.Any(IsVowel);

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';
}
