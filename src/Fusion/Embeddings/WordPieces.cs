using EdgePerception.Fusion.Inference;
using Microsoft.ML.Tokenizers;

namespace EdgePerception.Fusion.Embeddings;

/// <summary>
/// Parts text into BERT's word pieces, in lower case. Identical to training/ears/pieces.py for the letters and marks
/// of English; shared vectors prove it. A letter with an accent is another letter: the program runs without the tables
/// that would part them, so that "café" is an unknown word. Thread-safe.
/// </summary>
internal sealed class WordPieces
{
    /// <summary>How many tokens a text has at most, the marks of its beginning and end included.</summary>
    public const int MaxTokens = 128;

    // Far more than that many tokens of any language hold; the tokenizer would look at a whole book first.
    private const int MaxCharacters = 2048;
    private const int First = 101;
    private const int Last = 102;

    private readonly BertTokenizer _tokenizer;

    /// <summary>Reads the pieces, one a line.</summary>
    /// <exception cref="ModelException">They are not BERT's.</exception>
    public WordPieces(byte[] vocabulary, string file)
    {
        try
        {
            using var stream = new MemoryStream(vocabulary, writable: false);
            _tokenizer = BertTokenizer.Create(stream, new BertOptions());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            throw new ModelException($"{file} holds no word pieces of BERT: {e.Message.Split('\n')[0]}", e);
        }

        var marks = (_tokenizer.PaddingTokenId, _tokenizer.ClassificationTokenId, _tokenizer.SeparatorTokenId);
        if (marks == (0, First, Last)) return;
        throw new ModelException(
            $"{file} holds other word pieces than BERT's: [PAD] must be 0, [CLS] {First}, [SEP] {Last}");
    }

    /// <summary>
    /// The tokens of a text, between the marks of its beginning and end; what is beyond the most is cut off.
    /// </summary>
    public int[] Tokens(string text)
    {
        if (text.Length > MaxCharacters) text = text[..MaxCharacters];
        // "[SEP]" in a text is a word in brackets and no mark.
        text = text.Replace("[", "[ ", StringComparison.Ordinal);
        var ids = _tokenizer.EncodeToIds(text, MaxTokens - 2, addSpecialTokens: false, out _, out _);
        return [First, .. ids.Take(MaxTokens - 2), Last];
    }
}
