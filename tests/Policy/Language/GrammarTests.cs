using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>What holds of the product's own grammar and lexicon as a whole.</summary>
public class GrammarTests
{
    // Classes that no section lists: the parser fills them in.
    private static readonly HashSet<string> Filled =
        ["number", "ordinal", "time", "id", "label", "noun", "person-nouns", "living-nouns", "expletive"];

    private static readonly HashSet<string> Forms = ["ing", "ed", "s"];

    // Sections that are read letter by letter or looked up, so that they may hold what is never a word of its own.
    private static readonly HashSet<string> NotHeard = ["contractions", "hesitation sounds", "not a typo"];

    private static readonly Dictionary<string, List<LexiconEntry>> Sections = ReadLexicon();

    [Fact]
    public void Every_class_of_words_that_the_grammar_names_has_phrases()
    {
        var missing = Words().Where(name => name[0] == '<').Select(name => name[1..^1])
            .Where(name => !Filled.Contains(name) && !Holds(name.Split(':')));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_symbol_has_a_use()
    {
        var uses = Grammar.Default.Alternatives.ToLookup(one => one.Symbol, one => one.Parts.SelectMany(Names));
        var reached = new HashSet<string> { Grammar.Piece, Grammar.LinkedPiece };
        var open = new Stack<string>(reached);
        while (open.TryPop(out var symbol))
        {
            foreach (var name in uses[symbol].SelectMany(names => names).Where(reached.Add)) open.Push(name);
        }

        List<string> unused = [.. uses.Select(group => group.Key).Where(symbol => !reached.Contains(symbol))];
        Assert.Empty(unused);
    }

    [Fact]
    public void Every_word_of_the_grammar_can_be_heard()
    {
        var words = Words().Where(name => char.IsAsciiLetterLower(name[0]) || char.IsAsciiDigit(name[0]));
        List<string> never = [.. words.Where(word => Heard(word) != word && Heard($"{word} x") != $"{word} x")];
        Assert.True(never.Count == 0, string.Join(", ", never));
    }

    [Fact]
    public void Every_phrase_of_the_lexicon_can_be_heard()
    {
        var phrases = Sections.Where(section => !NotHeard.Contains(section.Key)).SelectMany(section => section.Value)
            .SelectMany(entry => entry.Phrases).Select(phrase => phrase.Phrase).Distinct();
        List<string> never = [.. phrases.Where(phrase => Heard(phrase) != phrase)];
        Assert.True(never.Count == 0, string.Join(", ", never));
    }

    [Fact]
    public void Every_contraction_can_be_heard()
    {
        var never = from entry in Sections["contractions"]
                    from meaning in entry.Meanings
                    from written in entry.Phrases
                    where Heard(written.Phrase) != meaning
                    select written.Phrase;
        Assert.Equal("", string.Join(", ", never));
    }

    [Fact]
    public void No_alternative_stands_twice() => Assert.Empty(Grammar.Default.Alternatives
        .GroupBy(one => $"[{one.Symbol}] {one.Label} : {string.Join(' ', one.Parts.Select(Written))}")
        .Where(group => group.Count() > 1).Select(group => group.Key));

    private static IEnumerable<string> Words() =>
        Grammar.Default.Alternatives.SelectMany(alternative => alternative.Parts).SelectMany(Names).Distinct();

    private static IEnumerable<string> Names(Part part) =>
        part.Group.Count == 0 ? [part.Name] : part.Group.SelectMany(parts => parts).SelectMany(Names);

    private static string Written(Part part)
    {
        var group = string.Join('|', part.Group.Select(parts => string.Join(' ', parts.Select(Written))));
        return $"{part.Before} {part.Name}({group}){part.Optional}{part.Repeats}";
    }

    /// <summary>Whether the lexicon holds "section", "section:meaning" or one of these with a verb's form.</summary>
    private static bool Holds(string[] parts)
    {
        var meaning = parts.Skip(1).FirstOrDefault(part => part != "any" && !Forms.Contains(part));
        return Sections.TryGetValue(parts[0].Replace('-', ' '), out var entries)
            && entries.Any(entry => entry.Phrases.Length > 0 && (meaning is null || entry.Meanings.Contains(meaning)));
    }

    private static string Heard(string text) => string.Join(' ', TestGrammar.Words(text).Select(token => token.Word));

    private static Dictionary<string, List<LexiconEntry>> ReadLexicon()
    {
        var assembly = typeof(CommandParser).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream("EdgePerception.Policy.lexicon.txt")!);
        return LexiconFile.Read(reader);
    }
}
