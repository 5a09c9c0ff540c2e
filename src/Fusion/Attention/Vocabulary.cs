using System.Globalization;
using System.Text;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Attention;

/// <summary>The concepts of words: numbers that words of like meaning have in common. Immutable, thread-safe.</summary>
public sealed class Vocabulary
{
    /// <summary>The smallest id of a concept.</summary>
    public const int FirstConcept = 4096;

    /// <summary>The largest id of a concept.</summary>
    public const int LastConcept = 12287;

    private const int MaxConcepts = 64;
    private const int MaxWords = 1 << 18;
    private readonly Dictionary<string, int[]> _concepts = new(StringComparer.Ordinal);

    /// <summary>
    /// Reads a vocabulary: lines of a word, a tab and its ids, parted by spaces; lines that begin with # are comments.
    /// </summary>
    /// <param name="bytes">The file in UTF-8.</param>
    /// <param name="file">What to call the file in errors.</param>
    /// <exception cref="ModelException">A line is no such line, or there are too many; it names the line.</exception>
    public Vocabulary(ReadOnlySpan<byte> bytes, string file)
    {
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes).AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsEmpty || line[0] == '#') continue;
            if (_concepts.Count == MaxWords)
                throw new ModelException($"{file}, line {number}: more than {MaxWords} words");
            var tab = line.IndexOf('\t');
            if (tab <= 0 || Read(line[(tab + 1)..]) is not { } ids || !_concepts.TryAdd(line[..tab].ToString(), ids))
            {
                throw new ModelException(
                    $"{file}, line {number}: expected a new word, a tab and at most {MaxConcepts} numbers from "
                                         + $"{FirstConcept} to {LastConcept}, parted by spaces");
            }
        }
    }

    /// <summary>Reads the vocabulary that a manifest names.</summary>
    /// <param name="manifest">A manifest with a vocabulary, such as the attention network's.</param>
    /// <param name="modelsFolder">The folder that the manifest's files are relative to.</param>
    /// <exception cref="ModelException">
    /// It names none, or the file is missing, another one, or no vocabulary.
    /// </exception>
    public static Vocabulary Read(ModelManifest manifest, string modelsFolder)
    {
        var file = manifest.Vocabulary ?? throw new ModelException($"model '{manifest.Name}' names no vocabulary");
        return new Vocabulary(OnnxModel.ReadFile(manifest, modelsFolder, file), file.File);
    }

    /// <summary>
    /// A word's concepts; of a plural that is not known, those of its singular; none of a word that is not known.
    /// </summary>
    /// <param name="word">A word in lower case, or several joined by '_'.</param>
    public ReadOnlySpan<int> Concepts(string word)
    {
        if (_concepts.TryGetValue(word, out var known)) return known;
        if (word.Length > 3 && word.EndsWith('s') && _concepts.TryGetValue(word[..^1], out known)) return known;
        if (word.Length > 4 && word.EndsWith("es", StringComparison.Ordinal)
            && _concepts.TryGetValue(word[..^2], out known)) return known;
        return [];
    }

    /// <summary>
    /// Whether a word is English: one of the vocabulary, or a regular form of one ("hugged", "nestling").
    /// </summary>
    /// <param name="word">A word in lower case.</param>
    public bool Knows(string word) => Concepts(word).Length > 0 || Stems(word).Any(stem => Concepts(stem).Length > 0);

    private static IEnumerable<string> Stems(string word)
    {
        foreach (var ending in (ReadOnlySpan<string>)["ing", "ed"])
        {
            if (word.Length < ending.Length + 3 || !word.EndsWith(ending, StringComparison.Ordinal)) continue;
            var stem = word[..^ending.Length];
            return stem[^1] == stem[^2] ? [stem, stem[..^1]]
                : stem[^1] == 'i' ? [stem[..^1] + "y"]
                : [stem, stem + "e"];
        }

        return word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal) ? [word[..^3] + "y"] : [];
    }

    private static int[]? Read(ReadOnlySpan<char> text)
    {
        var ids = new List<int>();
        foreach (var part in text.Split(' '))
        {
            if (ids.Count == MaxConcepts
                || !int.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || id is < FirstConcept or > LastConcept)
            {
                return null;
            }

            ids.Add(id);
        }

        return [.. ids];
    }
}
