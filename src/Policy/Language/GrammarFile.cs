using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgePerception.Policy.Language;

/// <summary>An alternative of a symbol as the file has it.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Label">Its meaning to the builder; none for '-'.</param>
/// <param name="Price">Its price.</param>
/// <param name="Parts">Its parts in order.</param>
/// <param name="Where">File and row.</param>
internal sealed record Alternative(string Symbol, string? Label, float Price, IReadOnlyList<Part> Parts, string Where);

/// <summary>A part of an alternative: a word, a symbol, a phrase of the lexicon, or a group.</summary>
/// <param name="Before">What may stand before it.</param>
/// <param name="Name">The word, symbol, or <c>&lt;section&gt;</c>; empty for a group.</param>
/// <param name="Group">The alternatives of a group.</param>
/// <param name="Optional">Whether it may be left out.</param>
/// <param name="Repeats">Whether it may come several times.</param>
internal sealed record Part(
    Junction Before, string Name, IReadOnlyList<IReadOnlyList<Part>> Group, bool Optional, bool Repeats);

/// <summary>
/// Reads grammar files: <c>[Symbol]</c> opens a symbol, each line below it is one alternative,
/// <c>label : parts @price</c>. The head of <c>utterance.grammar</c> explains the notation.
/// </summary>
internal sealed partial class GrammarFile(string name)
{
    private readonly List<string> _words = [];
    private int _row;
    private int _at;

    /// <summary>The alternatives in the order of the file.</summary>
    /// <exception cref="InvalidDataException">A line has a fault; the message names file and row.</exception>
    public List<Alternative> Read(TextReader reader)
    {
        var alternatives = new List<Alternative>();
        foreach (var (row, symbol, line) in SectionedText.Read(reader))
        {
            _row = row;
            if (line.Length > 0)
            {
                if (symbol.Length == 0) throw Fault("an alternative stands before the first [Symbol]");
                alternatives.Add(Line(symbol, line));
            }
            else if (!Symbol().IsMatch(symbol)) throw Fault($"'{symbol}' is no symbol: a capital letter, then letters");
        }

        return alternatives;
    }

    private Alternative Line(string symbol, string line)
    {
        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        if (colon < 0) throw Fault($"no ' : ' in '{line}'");
        var label = line[..colon].Trim();
        var price = 0f;
        var at = line.LastIndexOf('@');
        if (at > 0)
        {
            var digits = line[(at + 1)..];
            if (!float.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out price))
                throw Fault($"'{line[at..]}' is no price");
            line = line[..at];
        }

        _words.Clear();
        _words.AddRange(Words().Matches(line[(colon + 3)..]).Select(match => match.Value));
        _at = 0;
        var parts = Sequence();
        if (_at < _words.Count) throw Fault($"'{_words[_at]}' is not expected here");
        if (parts.Count == 0) throw Fault("an alternative without parts");
        if (parts[0].Before != Junction.Close)
            throw Fault("a comma before the first part; put it where the symbol is used");
        return new Alternative(symbol, label == "-" ? null : label, price, parts, $"{name}, row {_row}");
    }

    private List<Part> Sequence()
    {
        var parts = new List<Part>();
        while (_at < _words.Count && _words[_at] is not (")" or "|"))
        {
            var before = Junctions(_words[_at]);
            if (before is not null && ++_at == _words.Count) throw Fault("nothing follows the comma");
            parts.Add(One(before ?? Junction.Close));
        }

        return parts;
    }

    private Part One(Junction before)
    {
        var word = _words[_at++];
        List<IReadOnlyList<Part>> group = [];
        if (word == "(")
        {
            group.Add(Sequence());
            while (_at < _words.Count && _words[_at] == "|")
            {
                _at++;
                group.Add(Sequence());
            }

            if (_at == _words.Count || _words[_at++] != ")") throw Fault("a '(' is not closed");
            if (group.Exists(one => one.Count == 0)) throw Fault("an empty alternative within ( )");
        }
        else if (!Name().IsMatch(word)) throw Fault($"'{word}' is not expected here");

        var mark = _at < _words.Count && _words[_at] is "?" or "*" or "+" ? _words[_at++] : "";
        // What may stand before each alternative of a group stands before the group.
        if (before == Junction.Close && group.Select(one => one[0].Before).Distinct().ToList() is [var first])
            before = first;
        return new Part(before, group.Count > 0 ? "" : word, group, mark is "?" or "*", mark is "*" or "+");
    }

    private static Junction? Junctions(string word) => word switch
    {
        "," => Junction.Comma,
        ",?" => Junction.Loose,
        "." => Junction.Sentence,
        ".?" => Junction.Open,
        _ => null,
    };

    private InvalidDataException Fault(string what) => new($"{name}, row {_row}: {what}");

    [GeneratedRegex("^[A-Z][A-Za-z]*$")]
    private static partial Regex Symbol();

    [GeneratedRegex("^(<[^<>]+>|[A-Z][A-Za-z]*|[a-z0-9']+|_[a-z]?)$")]
    private static partial Regex Name();

    [GeneratedRegex(@"<[^>]+>|[,.]\??(?=\s)|[()|?*+]|[A-Za-z0-9_']+|\S")]
    private static partial Regex Words();
}
