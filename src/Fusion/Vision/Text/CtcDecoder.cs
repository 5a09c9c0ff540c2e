using System.Text;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Text;

/// <summary>
/// Reads text from a recogniser's steps by greedy CTC decoding (Graves et al. 2006): the likeliest class of each step,
/// repetitions joined, blanks left out. The score is the mean probability of the characters that stay, each by its
/// first step. Not thread-safe.
/// </summary>
internal sealed class CtcDecoder
{
    private readonly string[] _characters;
    private readonly ModelManifest _manifest;
    private readonly StringBuilder _text = new();

    /// <summary>Takes the characters that the manifest names, and checks them against the model's classes.</summary>
    /// <exception cref="ModelException">There are not as many characters as the model has classes.</exception>
    public CtcDecoder(OnnxModel model)
    {
        var manifest = model.Manifest;
        var classes = manifest.Outputs[0].Shape[^1];
        var file = manifest.Characters!;
        var lines = Lines(Encoding.UTF8.GetString(model.ReadFile(file)));
        _characters = ["", .. lines, .. classes == lines.Count + 2 ? [" "] : Array.Empty<string>()];
        _manifest = manifest;
        if (_characters.Length != classes)
        {
            throw DecoderRules.Refusal(
                manifest, $"{file.File} has {lines.Count} characters for the {classes} classes of output "
                                                 + $"'{manifest.Outputs[0].Name}'; there must be one fewer, for the "
                                                 + "blank, or two, for the space");
        }
    }

    /// <summary>Reads one line.</summary>
    /// <param name="steps">Scores, a row of all classes for each step.</param>
    public RecognizedText Decode(ReadOnlySpan<float> steps)
    {
        _text.Clear();
        var (last, count, sum) = (0, 0, 0f);
        for (; steps.Length >= _characters.Length; steps = steps[_characters.Length..])
        {
            var row = steps[.._characters.Length];
            var best = IndexOfLargest(row);
            if (best != 0 && best != last)
            {
                _text.Append(_characters[best]);
                sum += Probability(row, best);
                count++;
            }

            last = best;
        }

        return count == 0 ? new RecognizedText("", 0) : new RecognizedText(_text.ToString(), MathF.Min(sum / count, 1));
    }

    private float Probability(ReadOnlySpan<float> row, int best)
    {
        if (_manifest.Scores == ScoreKind.Probabilities)
            return DecoderRules.Probabilities(_manifest, row.Slice(best, 1))[0];
        var sum = 0f;
        foreach (var logit in row) sum += MathF.Exp(logit - row[best]);
        return 1 / sum;
    }

    private static int IndexOfLargest(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] > row[best]) best = i;
        }

        return best;
    }

    // Not trimmed: a line may hold a character that counts as white space.
    private static List<string> Lines(string text)
    {
        var lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}
