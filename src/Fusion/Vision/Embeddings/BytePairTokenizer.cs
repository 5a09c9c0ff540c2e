using System.Buffers;
using System.Text;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Embeddings;

/// <summary>
/// Turns words into CLIP's token ids (Radford et al. 2021; byte pairs after Sennrich et al. 2016): lower case, words as
/// CLIP's pattern splits them, their UTF-8 bytes joined by the merges, best first. Ids are 256 for bytes, 256 for bytes
/// that end a word, one for each merge, start and end. What OpenAI's code does before, mending broken encodings and
/// composing accents (ftfy) and HTML entities, is left out; for text without those the ids are the same. Thread-safe.
/// </summary>
public sealed class BytePairTokenizer
{
    /// <summary>Characters of a text that are looked at; the rest is cut off, so that the work is bounded.</summary>
    public const int MaxCharacters = 4096;

    private const int Bytes = 256;
    private const int VisibleBytes = 188;
    private static readonly byte[] ByteOrder = OrderBytes();
    private readonly Dictionary<(int First, int Second), int> _merged;

    /// <summary>Reads the merges.</summary>
    /// <param name="merges">The file, as <see cref="TokenizerManifest.Merges"/> describes it.</param>
    /// <param name="vocabularySize">How many ids there are; with it, how many merges of the file count.</param>
    /// <param name="file">What to call the file in errors.</param>
    /// <exception cref="ModelException">The file has too few merges, or a line that joins no two symbols.</exception>
    public BytePairTokenizer(ReadOnlySpan<byte> merges, int vocabularySize = 49408, string file = "merges")
    {
        (Start, End) = (vocabularySize - 2, vocabularySize - 1);
        _merged = new Dictionary<(int, int), int>(vocabularySize);
        ReadMerges(Encoding.UTF8.GetString(merges), file);
    }

    /// <summary>The id that begins every text.</summary>
    public int Start { get; }

    /// <summary>The id that ends every text; the largest of all.</summary>
    public int End { get; }

    /// <summary>Reads the tokenizer that a text tower's manifest names.</summary>
    /// <exception cref="ModelException">
    /// The manifest names none, or its file is missing, damaged or no list of merges.
    /// </exception>
    public static BytePairTokenizer Read(OnnxModel model)
    {
        var tokenizer = model.Manifest.Tokenizer
            ?? throw new ModelException(
                $"model '{model.Manifest.Name}': the manifest has no tokenizer, which is needed for words");
        return new BytePairTokenizer(model.ReadFile(tokenizer.Merges), tokenizer.VocabularySize, tokenizer.Merges.File);
    }

    /// <summary>Writes start, the text's ids as far as there is room, end, and the padding.</summary>
    /// <param name="text">Any text; of a broken one (half a surrogate pair) U+FFFD is read.</param>
    /// <param name="ids">Receives the ids; at least two long.</param>
    /// <param name="padding">What fills the room that is left.</param>
    /// <returns>How many ids there are without the padding.</returns>
    public int Encode(string text, Span<int> ids, int padding = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ids.Length, 2, nameof(ids));
        var words = WordSplitter.LowerCase(text.AsSpan(0, Math.Min(text.Length, MaxCharacters)));
        var count = 0;
        ids[count++] = Start;
        for (int at = 0, end; count < ids.Length - 1 && WordSplitter.TryNext(words, ref at, out end); at = end)
            AddWord(words.AsSpan(at, end - at), ids[..^1], ref count);
        ids[count++] = End;
        ids[count..].Fill(padding);
        return count;
    }

    private void AddWord(ReadOnlySpan<Rune> word, Span<int> ids, ref int count)
    {
        if (WordSplitter.IsStart(word) || WordSplitter.IsEnd(word))
        {
            ids[count++] = WordSplitter.IsStart(word) ? Start : End;
            return;
        }

        var buffer = ArrayPool<int>.Shared.Rent(word.Length * 4);
        var length = 0;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in word)
        {
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)]) buffer[length++] = ByteOrder[value];
        }

        buffer[length - 1] += Bytes;
        var symbols = Merge(buffer.AsSpan(0, length));
        symbols = symbols[..Math.Min(symbols.Length, ids.Length - count)];
        symbols.CopyTo(ids[count..]);
        count += symbols.Length;
        ArrayPool<int>.Shared.Return(buffer);
    }

    // A merge's id is its rank, so the least id among neighbours is the best merge.
    private Span<int> Merge(Span<int> symbols)
    {
        while (true)
        {
            var (best, first, second) = (int.MaxValue, 0, 0);
            for (var i = 0; i < symbols.Length - 1; i++)
            {
                if (_merged.TryGetValue((symbols[i], symbols[i + 1]), out var id) && id < best)
                    (best, first, second) = (id, symbols[i], symbols[i + 1]);
            }

            if (best == int.MaxValue) return symbols;
            var length = 0;
            for (var i = 0; i < symbols.Length; i++)
            {
                var joins = i < symbols.Length - 1 && symbols[i] == first && symbols[i + 1] == second;
                symbols[length++] = joins ? best : symbols[i];
                if (joins) i++;
            }

            symbols = symbols[..length];
        }
    }

    private void ReadMerges(string text, string file)
    {
        var ids = new Dictionary<string, int>(End, StringComparer.Ordinal);
        for (var value = 0; value < Bytes; value++)
        {
            var symbol = SymbolOf(value).ToString();
            ids[symbol] = ByteOrder[value];
            ids[symbol + "</w>"] = ByteOrder[value] + Bytes;
        }

        var line = 1;
        var rest = text.AsSpan(text.IndexOf('\n', StringComparison.Ordinal) + 1);
        for (var id = 2 * Bytes; id < Start; id++)
        {
            line++;
            var end = rest.IndexOf('\n');
            var pair = (end < 0 ? rest : rest[..end]).TrimEnd('\r').ToString();
            rest = end < 0 ? [] : rest[(end + 1)..];
            var space = pair.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !ids.TryGetValue(pair[..space], out var first)
                || !ids.TryGetValue(pair[(space + 1)..], out var second)
                || !ids.TryAdd(pair[..space] + pair[(space + 1)..], id))
            {
                throw new ModelException(
                    $"{file}, line {line}: '{Shorten(pair)}' does not join two symbols that are known by then to a "
                    + "new one; "
                                         + $"{Start - 2 * Bytes} merges are needed");
            }

            _merged[(first, second)] = id;
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    /// <summary>
    /// The character that stands for a byte in the merges: itself where it can be seen, else one from U+0100 on.
    /// </summary>
    private static char SymbolOf(int value) =>
        IsVisible(value) ? (char)value : (char)(ByteOrder[value] - VisibleBytes + Bytes);

    private static bool IsVisible(int value) =>
        value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);

    // Ids begin with the bytes that can be seen, then come the others.
    private static byte[] OrderBytes()
    {
        var order = new byte[Bytes];
        var (visible, hidden) = (0, VisibleBytes);
        for (var value = 0; value < Bytes; value++) order[value] = (byte)(IsVisible(value) ? visible++ : hidden++);
        return order;
    }
}
