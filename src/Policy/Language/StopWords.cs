using System.Text;

namespace EdgePerception.Policy.Language;

/// <summary>
/// The words of <c>stops.txt</c>, whose head explains its form: which phrases halt the robot and where, and what only
/// sounds like it. Immutable and thread-safe.
/// </summary>
internal sealed class StopWords
{
    private const string Source = "stops.txt";

    // A slot for each letter from a to z, and one for all others.
    private const int Slots = 27;

    private static readonly Lazy<StopWords> Embedded = new(ReadEmbedded);

    private readonly PhraseNotation _notation = new();
    private readonly Dictionary<string, string> _squeezed = new(StringComparer.Ordinal);
    private readonly string[][] _byStart = new string[Slots][];
    private readonly string[][] _byEnd = new string[Slots][];
    private readonly HashSet<string> _beginnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Action<string[], PhraseTrie<string>>> _sections;

    private StopWords()
    {
        _sections = new(StringComparer.Ordinal)
        {
            ["stop"] = TakeStop,
            ["wait"] = Order(StopPlace.NotNext),
            ["alone"] = Order(StopPlace.Clause),
            ["utterance"] = Into(Utterances),
            ["forbidden"] = Order(StopPlace.Forbidden),
            ["slips"] = (words, _) => Slippery.Add((Only(words), StopText.LettersOf(Only(words)))),
            ["negation"] = Reversed(Negations),
            ["bans"] = Reversed(Bans),
            ["links"] = Into(Links),
            ["asked"] = Reversed(Asked),
            ["determiners"] = Into(Determiners),
            ["adjectives"] = Into(Adjectives),
            ["goes on"] = Into(GoesOn),
            ["compounds"] = Into(Compounds),
            ["compounds with a determiner"] = Into(DeterminedCompounds),
            ["quoted"] = Reversed(Quoted),
            ["next step"] = Into(NextStep),
            ["described"] = Into(Described),
            ["infinitive"] = Into(Infinitive),
            ["fillers"] = Into(Fillers),
            ["words"] = (_, _) => { },
        };
    }

    /// <summary>The words that come with the program.</summary>
    /// <exception cref="InvalidDataException">The file has a fault; the message names its row.</exception>
    public static StopWords Default => Embedded.Value;

    /// <summary>What halts, by its words.</summary>
    public PhraseTrie<StopPhrase> Orders { get; } = new();

    /// <summary>What halts where it is all that is said.</summary>
    public PhraseTrie<string> Utterances { get; } = new();

    /// <summary>Nouns that hold a stop word.</summary>
    public PhraseTrie<string> Compounds { get; } = new();

    /// <summary>Nouns that hold a stop word and are one only behind a determiner.</summary>
    public PhraseTrie<string> DeterminedCompounds { get; } = new();

    /// <summary>What means the opposite, last word first.</summary>
    public PhraseTrie<string> Negations { get; } = new();

    /// <summary>What forbids, last word first.</summary>
    public PhraseTrie<string> Bans { get; } = new();

    /// <summary>What urges though it holds a negation, last word first.</summary>
    public PhraseTrie<string> Asked { get; } = new();

    /// <summary>What stands before words that are read off something, last word first.</summary>
    public PhraseTrie<string> Quoted { get; } = new();

    /// <summary>Single words that halt, by their letters without doubled ones.</summary>
    public Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Squeezed =>
        _squeezed.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How the words of <see cref="Squeezed"/> begin, themselves with it.</summary>
    public HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Beginnings =>
        _beginnings.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Single words that halt.</summary>
    public IReadOnlyCollection<string> Single => _squeezed.Values;

    /// <summary>Single words that halt and begin with the same letter as a word.</summary>
    public ReadOnlySpan<string> StartingLike(ReadOnlySpan<char> word) => _byStart[Slot(word[0])];

    /// <summary>Single words that halt and end in the same letter as a word.</summary>
    public ReadOnlySpan<string> EndingLike(ReadOnlySpan<char> word) => _byEnd[Slot(word[^1])];

    /// <summary>Words that may stand between a negation and what it denies.</summary>
    public HashSet<string> Links { get; } = [];

    /// <summary>Words that begin a noun phrase.</summary>
    public HashSet<string> Determiners { get; } = [];

    /// <summary>Words between a determiner and its noun.</summary>
    public HashSet<string> Adjectives { get; } = [];

    /// <summary>Words that lead a noun phrase on.</summary>
    public HashSet<string> GoesOn { get; } = [];

    /// <summary>Words before the next step of an order.</summary>
    public HashSet<string> NextStep { get; } = [];

    /// <summary>Words before a description.</summary>
    public HashSet<string> Described { get; } = [];

    /// <summary>Words before what somebody else is to do, or what is to be done later.</summary>
    public HashSet<string> Infinitive { get; } = [];

    /// <summary>Words that say nothing.</summary>
    public HashSet<string> Fillers { get; } = [];

    /// <summary>Stop words that are known again when they are mis-typed, each with the set of its letters.</summary>
    public List<(string Word, uint Letters)> Slippery { get; } = [];

    /// <summary>Signs that say stop.</summary>
    public HashSet<Rune> Signs { get; } = [];

    /// <summary>The word that such a sign says: the file's first.</summary>
    public string Sign => Single.First();

    /// <summary>Every word of the file, with no other meaning.</summary>
    public Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Known =>
        _notation.Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the words.</summary>
    /// <exception cref="InvalidDataException">A row is not of the form that the file's head describes.</exception>
    public static StopWords Read(TextReader reader)
    {
        var words = new StopWords();
        var last = 0;
        try
        {
            foreach (var (row, section, line) in SectionedText.Read(reader))
            {
                last = row;
                if (line.Length > 0) words.Take(section, line);
            }

            if (words._squeezed.Count == 0) throw new FormatException("no word that halts");
        }
        catch (FormatException fault)
        {
            throw new InvalidDataException($"{Source} row {last}: {fault.Message}", fault);
        }

        for (var slot = 0; slot < Slots; slot++)
        {
            words._byStart[slot] = [.. words.Single.Where(stop => Slot(stop[0]) == slot)];
            words._byEnd[slot] = [.. words.Single.Where(stop => Slot(stop[^1]) == slot)];
        }

        return words;
    }

    private static int Slot(char letter) => letter is >= 'a' and <= 'z' ? letter - 'a' : Slots - 1;

    private static StopWords ReadEmbedded()
    {
        using var reader = EmbeddedFile.Open(Source);
        return Read(reader);
    }

    private static Action<string[], PhraseTrie<string>> Into(HashSet<string> set) => (words, _) => set.Add(Only(words));

    private static Action<string[], PhraseTrie<string>> Into(PhraseTrie<string> phrases) =>
        (words, _) => phrases.Add(words, Joined(words));

    private static Action<string[], PhraseTrie<string>> Reversed(PhraseTrie<string> phrases) =>
        (words, _) => phrases.AddReversed(words, Joined(words));

    private Action<string[], PhraseTrie<string>> Order(StopPlace place) =>
        (words, unless) => Orders.Add(words, new StopPhrase(words.Length, place, unless));

    private void Take(string section, string line)
    {
        if (section == "classes") _notation.AddClass(line);
        else if (section == "signs")
            Signs.UnionWith(PhraseNotation.Items(line).Select(sign => sign.EnumerateRunes().First()));
        else if (line.Contains('/', StringComparison.Ordinal)
            && section is not ("stop" or "wait" or "alone" or "forbidden"))
            throw new FormatException($"section [{section}] knows no '/'");
        else if (_sections.TryGetValue(section, out var add)) TakePhrases(line, add);
        else throw new FormatException($"section [{section}] is not known");
    }

    private void TakePhrases(string line, Action<string[], PhraseTrie<string>> add)
    {
        var parts = line.Split('/');
        if (parts.Length > 2) throw new FormatException("more than one '/'");
        var unless = new PhraseTrie<string>();
        if (parts.Length == 2) _notation.Phrases(parts[1]).ForEach(words => unless.Add(words, Joined(words)));
        _notation.Phrases(parts[0]).ForEach(words => add(words, unless));
    }

    private void TakeStop(string[] words, PhraseTrie<string> unless)
    {
        Order(StopPlace.Anywhere)(words, unless);
        if (words is not [var word]) return;
        Span<char> squeezed = stackalloc char[word.Length];
        var length = StopText.Squeeze(word, squeezed);
        _squeezed.TryAdd(squeezed[..length].ToString(), word);
        for (; length > 0; length--) _beginnings.Add(squeezed[..length].ToString());
    }

    private static string Only(string[] words) =>
        words.Length == 1 ? words[0] : throw new FormatException($"'{Joined(words)}' is more than one word");

    private static string Joined(string[] words) => string.Join(' ', words);
}
