using System.Globalization;
using System.Text;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// Reads the names of classes as Python programs note them: a list or tuple of strings, or a dictionary of them by
/// number, with the escapes of Python's string literals. The text is not trusted: what is none of these gives no names.
/// </summary>
internal ref struct PythonNames
{
    private const int MaxNames = 100_000;
    private readonly ReadOnlySpan<char> _text;
    private readonly List<string> _names = [];
    private int _at;

    private PythonNames(ReadOnlySpan<char> text) => _text = text;

    /// <summary>
    /// The names in the order of their numbers; none where the text is no such literal or numbers are missing.
    /// </summary>
    public static IReadOnlyList<string> Read(string text)
    {
        var reader = new PythonNames(text);
        return reader.ReadNames() ? reader._names : [];
    }

    private bool ReadNames()
    {
        Skip();
        var isRead = Next() switch
        {
            '{' => ReadDictionary(),
            '[' => ReadList(']'),
            '(' => ReadList(')'),
            _ => false,
        };
        Skip();
        return isRead && _at == _text.Length;
    }

    private bool ReadList(char end)
    {
        while (!Takes(end))
        {
            if (_names.Count == MaxNames || ReadString() is not { } name) return false;
            _names.Add(name);
            if (!Takes(',') && !IsNext(end)) return false;
        }

        return true;
    }

    private bool ReadDictionary()
    {
        var byNumber = new SortedDictionary<int, string>();
        while (!Takes('}'))
        {
            if (byNumber.Count == MaxNames || ReadNumber() is not { } number || !Takes(':')
                || ReadString() is not { } name)
                return false;
            byNumber[number] = name;
            if (!Takes(',') && !IsNext('}')) return false;
        }

        _names.AddRange(byNumber.Values);
        return byNumber.Count == 0 || byNumber.Keys.Last() == byNumber.Count - 1;
    }

    // Keys that went through JSON are strings.
    private int? ReadNumber()
    {
        Skip();
        var from = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        var digits = _at > from ? _text[from.._at] : ReadString();
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < MaxNames ? number : null;
    }

    // Literals that follow each other are one, as in Python.
    private string? ReadString()
    {
        var value = new StringBuilder();
        var any = false;
        for (; Quote() is { } quote; any = true)
        {
            if (!ReadLiteral(quote, value)) return null;
        }

        return any ? Sound(value) : null;
    }

    // The quote that opens a literal, which a u may precede.
    private char? Quote()
    {
        Skip();
        var at = _at < _text.Length && _text[_at] is 'u' or 'U' ? _at + 1 : _at;
        if (at >= _text.Length || _text[at] is not ('\'' or '"')) return null;
        _at = at + 1;
        return _text[at];
    }

    private bool ReadLiteral(char quote, StringBuilder value)
    {
        while (_at < _text.Length)
        {
            var letter = _text[_at++];
            if (letter == quote) return true;
            if (letter != '\\') value.Append(letter);
            else if (!ReadEscape(value)) return false;
        }

        return false;
    }

    private bool ReadEscape(StringBuilder value)
    {
        var letter = Next();
        switch (letter)
        {
            case '\n': return true;
            case '\\' or '\'' or '"': value.Append(letter); return true;
            case 'a': value.Append('\a'); return true;
            case 'b': value.Append('\b'); return true;
            case 'f': value.Append('\f'); return true;
            case 'n': value.Append('\n'); return true;
            case 'r': value.Append('\r'); return true;
            case 't': value.Append('\t'); return true;
            case 'v': value.Append('\v'); return true;
            case 'x': return ReadCode(2, value);
            case 'u': return ReadCode(4, value);
            case 'U': return ReadCode(8, value);
            case >= '0' and <= '7': ReadOctal(letter - '0', value); return true;
            case '\0': return false;
            // What is no escape stays as it stands.
            default: value.Append('\\').Append(letter); return true;
        }
    }

    private bool ReadCode(int digits, StringBuilder value)
    {
        if (_text.Length - _at < digits
            || !int.TryParse(
                _text.Slice(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code is < 0 or > 0x10FFFF)
        {
            return false;
        }

        _at += digits;
        // A half of a pair stands alone here, and finds its other half in the next escape.
        if (code < 0x10000) value.Append((char)code);
        else value.Append(new Rune(code));
        return true;
    }

    private void ReadOctal(int code, StringBuilder value)
    {
        for (var digits = 1; digits < 3 && _at < _text.Length && _text[_at] is >= '0' and <= '7'; digits++)
            code = code * 8 + (_text[_at++] - '0');
        value.Append((char)code);
    }

    // A half of a pair that found no other half is no letter.
    private static string Sound(StringBuilder value) => string.Concat(value.ToString().EnumerateRunes());

    private bool IsNext(char letter)
    {
        Skip();
        return _at < _text.Length && _text[_at] == letter;
    }

    private bool Takes(char letter)
    {
        if (!IsNext(letter)) return false;
        _at++;
        return true;
    }

    private char Next() => _at < _text.Length ? _text[_at++] : '\0';

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }
}
