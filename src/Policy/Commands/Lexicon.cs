using System.Reflection;
using EdgePerception.Fusion.Vision;

namespace EdgePerception.Policy.Commands;

/// <summary>A verb of the lexicon.</summary>
/// <param name="Action">The action it asks for.</param>
/// <param name="Phrase">The phrase as listed.</param>
internal sealed record Verb(RobotActionKind Action, string Phrase);

/// <summary>The words that commands are made of, read once from the embedded <c>lexicon.txt</c>. Immutable.</summary>
internal sealed class Lexicon
{
    private static readonly string[] FunctionWords =
        ("a an the this that these those my your his her its our their it him them they he she i you we us me and or but not no "
         + "non is are was were be being been do does did to from of at in on with for as than who which whom whose what where "
         + "how many plus minus times there here all both every each one of any some either another other others others' more most least much "
         + "about there's either neither nor because since while when until if unless after before then than wearing dressed "
         + "color colour colored coloured colors colours counting counted starting seen viewed looking looks side hand edge corner picture image scene except "
         + "painted whoever whatever whichever wherever whenever source origin whose dyed excluding besides apart group bunch piece slice pair kind type sort row line left right back").Split(' ');

    private readonly Dictionary<string, string> _singulars = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alwaysSingular;
    private readonly Dictionary<string, List<(string Label, double Weight)>> _nouns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LexiconEntry>> _sections;

    private Lexicon(Dictionary<string, List<LexiconEntry>> sections)
    {
        _sections = sections;
        Anything = Set("anything");
        SoundSources = Set("sound sources");
        Clothing = Fill<bool>("clothing", _ => true);
        Colors = ReadColors();
        ColorNouns = Set("nouns that are colours too");
        Scales = Fill("scales", Enum<Scale>);
        Regions = Fill<Scale[]>("regions", name => [.. name.Split(' ').Select(Enum<Scale>)]);
        Relations = Fill("relations", Enum<SpatialRelation>);
        Motions = Fill("motions", Enum<Motion>);
        Sounds = Fill("sounds", name => name);
        Noise = Fill("noise", _ => true);
        UnmeasuredAdjectives = Fill("unmeasured adjectives", _ => true);
        UnmeasuredStates = Fill("unmeasured states", _ => true);
        Ordinals = Fill("ordinals", Number);
        Numbers = Fill("numbers", Number);
        UnknownVerbs = Fill("unknown verbs", _ => true);
        Politeness = Fill("politeness", _ => true);
        Trailing = Fill("trailing", _ => true);
        Requester = Fill("requester", _ => true);
        Names = Fill("names", _ => true);
        Corrections = Fill("corrections", _ => true);
        Retractions = Fill("retractions", _ => true);
        NotTypos = Set("not a typo");
        _alwaysSingular = Set("always singular");
        ReadPlurals();
        ReadNouns();
        ReadVerbs();
        Vocabulary = ReadVocabulary();
        NounWords = [.. _nouns.Keys.SelectMany(phrase => phrase.Split(' '))];
    }

    /// <summary>The lexicon of the product.</summary>
    public static Lexicon Default { get; } = Load();

    /// <summary>Nouns for an object of any kind.</summary>
    public HashSet<string> Anything { get; }

    /// <summary>Nouns for a sound of any kind.</summary>
    public HashSet<string> SoundSources { get; }

    /// <summary>Things that people wear.</summary>
    public PhraseTable<bool> Clothing { get; }

    /// <summary>Colour words.</summary>
    public PhraseTable<ColorTerm> Colors { get; }

    /// <summary>Colour words that are nouns where no noun follows.</summary>
    public HashSet<string> ColorNouns { get; }

    /// <summary>Superlatives, comparatives and adjectives of degree.</summary>
    public PhraseTable<Scale> Scales { get; }

    /// <summary>Parts of the picture; one or two scales each.</summary>
    public PhraseTable<Scale[]> Regions { get; }

    /// <summary>Relations between objects.</summary>
    public PhraseTable<SpatialRelation> Relations { get; }

    /// <summary>Ways to move.</summary>
    public PhraseTable<Motion> Motions { get; }

    /// <summary>Sounds by their name.</summary>
    public PhraseTable<string> Sounds { get; }

    /// <summary>Phrases for making any sound.</summary>
    public PhraseTable<bool> Noise { get; }

    /// <summary>Adjectives that no sensor measures.</summary>
    public PhraseTable<bool> UnmeasuredAdjectives { get; }

    /// <summary>Predicates that no sensor measures.</summary>
    public PhraseTable<bool> UnmeasuredStates { get; }

    /// <summary>Ordinal numbers; negative ones count from the end.</summary>
    public PhraseTable<int> Ordinals { get; }

    /// <summary>Cardinal numbers.</summary>
    public PhraseTable<int> Numbers { get; }

    /// <summary>Verbs of the robot's actions, also as gerunds.</summary>
    public PhraseTable<Verb> Verbs { get; } = new();

    /// <summary>What a clause after "without" or "avoid" keeps from: gerunds of the listed "do not …" phrases.</summary>
    public PhraseTable<Verb> AvoidedDeeds { get; } = new();

    /// <summary>Verbs that the robot does not know.</summary>
    public PhraseTable<bool> UnknownVerbs { get; }

    /// <summary>Words before a verb that carry no meaning for the robot.</summary>
    public PhraseTable<bool> Politeness { get; }

    /// <summary>Words at the end of a clause that carry no meaning for the robot.</summary>
    public PhraseTable<bool> Trailing { get; }

    /// <summary>Phrases that name the speaker as the one to bring to.</summary>
    public PhraseTable<bool> Requester { get; }

    /// <summary>What the robot may be called.</summary>
    public PhraseTable<bool> Names { get; }

    /// <summary>Words that take back what was said just before ("no", "i mean").</summary>
    public PhraseTable<bool> Corrections { get; }

    /// <summary>Words that take back the whole command ("never mind").</summary>
    public PhraseTable<bool> Retractions { get; }

    /// <summary>Noun phrases of several words.</summary>
    public PhraseTable<string> Compounds { get; } = new();

    /// <summary>Every word that the grammar knows.</summary>
    public HashSet<string> Vocabulary { get; }

    /// <summary>Words of nouns, which are misread more dangerously than others.</summary>
    public HashSet<string> NounWords { get; }

    /// <summary>Words that look like a misspelling of a known word but are words of their own.</summary>
    public HashSet<string> NotTypos { get; }

    /// <summary>The labels that a noun can mean, with how surely; none when the noun is not listed.</summary>
    public IReadOnlyList<(string Label, double Weight)>? Meanings(string noun) => _nouns.GetValueOrDefault(noun);

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

    private static T Enum<T>(string name) where T : struct, Enum =>
        System.Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private IEnumerable<(string Meaning, string Phrase, double Weight)> Lines(string section) =>
        from entry in _sections[section]
        from meaning in entry.Meanings
        from phrase in entry.Phrases
        select (meaning, phrase.Phrase, phrase.Weight);

    private HashSet<string> Set(string section) => [.. Lines(section).Select(line => line.Phrase)];

    private PhraseTable<T> Fill<T>(string section, Func<string, T> meaning)
    {
        var table = new PhraseTable<T>();
        foreach (var (name, phrase, _) in Lines(section)) table.Add(phrase, meaning(name));
        return table;
    }

    private PhraseTable<ColorTerm> ReadColors()
    {
        var shows = new Dictionary<string, List<(NamedColor, double)>>(StringComparer.Ordinal);
        foreach (var color in System.Enum.GetValues<NamedColor>())
            shows[color.ToString().ToLowerInvariant()] = [(color, 1)];
        foreach (var (name, phrase, weight) in Lines("colours"))
        {
            if (!shows.TryGetValue(phrase, out var list)) shows[phrase] = list = [];
            list.AddRange(name.Split('+', StringSplitOptions.TrimEntries).Select(part => (Enum<NamedColor>(part), weight)));
        }

        var table = new PhraseTable<ColorTerm>();
        foreach (var (phrase, list) in shows) table.Add(phrase, new ColorTerm(phrase, list));
        return table;
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
        foreach (var phrase in _nouns.Keys.Concat(_singulars.Keys).Where(phrase => phrase.Contains(' ', StringComparison.Ordinal)))
        {
            Compounds.Add(phrase, phrase);
            Compounds.Add(phrase + "s", phrase);
        }
    }

    private void AddNoun(string phrase, string label, double weight)
    {
        if (!_nouns.TryGetValue(phrase, out var meanings)) _nouns[phrase] = meanings = [];
        var at = meanings.FindIndex(meaning => meaning.Label == label);
        if (at < 0) meanings.Add((label, weight));
        else if (meanings[at].Weight < weight) meanings[at] = (label, weight);
    }

    private void ReadVerbs()
    {
        foreach (var (name, phrase, _) in Lines("verbs"))
        {
            var verb = new Verb(Enum<RobotActionKind>(name), phrase);
            Verbs.Add(phrase, verb);
            var negated = phrase.StartsWith("do not ", StringComparison.Ordinal);
            var deed = negated ? phrase["do not ".Length..] : phrase;
            if (negated)
            {
                Verbs.Add("never " + deed, verb);
                Verbs.Add("not to " + deed, verb);
                AvoidedDeeds.Add(deed, verb);
                AvoidedDeeds.Add(Gerund(deed), verb);
            }
            else Verbs.Add(Gerund(phrase), verb);
        }
    }

    private static string Gerund(string phrase)
    {
        var space = phrase.IndexOf(' ', StringComparison.Ordinal);
        var (verb, rest) = space < 0 ? (phrase, "") : (phrase[..space], phrase[space..]);
        if (verb is "go" or "do" or "see") return verb + "ing" + rest;
        if (verb[^1] == 'e') return verb[..^1] + "ing" + rest;
        return (verb is "get" or "grab" or "put" or "set" or "drop" or "hit" or "run" or "step" or "spot" or "grip" or "let"
            ? verb + verb[^1] : verb) + "ing" + rest;
    }

    private HashSet<string> ReadVocabulary()
    {
        var words = new HashSet<string>(FunctionWords, StringComparer.Ordinal);
        // Words that are only listed as no typos are not known, or a typo of a known word could be mended into one.
        var phrases = _sections.Where(section => section.Key != "not a typo").SelectMany(section => section.Value)
            .SelectMany(entry => entry.Phrases.Select(phrase => phrase.Phrase).Concat(entry.Meanings));
        foreach (var phrase in phrases) words.UnionWith(phrase.Split(' '));
        words.UnionWith(Verbs.Words);
        words.UnionWith(AvoidedDeeds.Words);
        return words;
    }
}
