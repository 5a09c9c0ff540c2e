using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Attention;

/// <summary>
/// What names mean to the attention network: the sentence encoder's vectors of words and labels, each read once and
/// kept, up to a bound; training/grounding/meanings.py has the same. Owned by one thread, as the encoder is.
/// </summary>
internal sealed class NameMeanings(SentenceEncoder encoder)
{
    private const int MaxKept = 4096; // 6 MiB of vectors, more than the names of any one reading
    private const int LongestName = 256;
    private static readonly float[] Nothing = new float[AttentionTensors.Meaning];

    private readonly RecentlyUsed<float[]> _kept = new(MaxKept);
    private readonly List<string> _missing = [];

    /// <summary>Reads names that are not kept, in few runs: later questions for them cost nothing.</summary>
    /// <param name="names">Words or labels, fewer than are kept.</param>
    /// <exception cref="ModelException">A run failed, or answered with something not a number.</exception>
    public void Learn(List<string> names)
    {
        _missing.Clear();
        foreach (var name in names)
        {
            if (_kept.TryGet(name, out _) || _missing.Contains(name)) continue;
            if (TextWords.Of(Beginning(name)).Count > 0) _missing.Add(name);
            else _kept.Add(name, Nothing);
        }

        if (_missing.Count == 0) return;
        var vectors = encoder.Encode(_missing.ConvertAll(name => string.Join(' ', TextWords.Of(Beginning(name)))));
        for (var i = 0; i < vectors.Length; i++) _kept.Add(_missing[i], vectors[i]);
    }

    /// <summary>The vector of a name that was learned, of length one, or all zeros where it has no words.</summary>
    /// <exception cref="KeyNotFoundException">It was not learned.</exception>
    public ReadOnlySpan<float> Of(string name) =>
        _kept.TryGet(name, out var vector) ? vector : throw new KeyNotFoundException(name);

    private static string Beginning(string name) => name.Length <= LongestName ? name : name[..LongestName];
}
