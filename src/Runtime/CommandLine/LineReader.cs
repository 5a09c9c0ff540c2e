using System.Text;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// Reads lines of any length at a bounded cost: of one that is too long, only its beginning. Not thread-safe.
/// </summary>
/// <param name="reader">What to read.</param>
/// <param name="maxLength">Characters that a line may have.</param>
internal sealed class LineReader(TextReader reader, int maxLength)
{
    private readonly char[] _block = new char[16_384];
    private readonly StringBuilder _line = new();
    private int _next;
    private int _count;
    private bool _afterReturn;

    /// <summary>
    /// The next line without what ends it (a line feed, a carriage return, or both); none at the end. One that is too
    /// long comes with one character more than it may have, and the rest of it is passed over.
    /// </summary>
    public string? Read()
    {
        _line.Clear();
        for (var isNew = true; Next(out var character); isNew = false)
        {
            var isSecondHalf = isNew && _afterReturn && character == '\n';
            _afterReturn = character == '\r';
            if (isSecondHalf) return Read();
            if (character is '\r' or '\n') return _line.ToString();
            if (_line.Length <= maxLength) _line.Append(character);
        }

        return _line.Length > 0 ? _line.ToString() : null;
    }

    private bool Next(out char character)
    {
        if (_next == _count) (_next, _count) = (0, reader.Read(_block));
        character = _count > 0 ? _block[_next++] : default;
        return _count > 0;
    }
}
