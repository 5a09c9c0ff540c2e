using System.Globalization;

namespace EdgePerception.Fusion.Inference;

/// <summary>What the decoders ask of a manifest's tensors, and the one line that tells what is not met.</summary>
internal static class DecoderRules
{
    private const float Rounding = 1e-3f;
    private const float Padding = -1;

    /// <summary>Checks that a model is of the family that is needed.</summary>
    /// <exception cref="ModelException">The manifest names another.</exception>
    public static void Family(ModelManifest manifest, DecoderFamily family)
    {
        if (manifest.Decoder == family) return;
        throw Refusal(manifest, $"its decoder is {Name(manifest)}; {ModelFamily.Of(family).Name} is needed here");
    }

    /// <summary>Checks that the manifest names one of these numbers of outputs.</summary>
    /// <param name="manifest">What is checked.</param>
    /// <param name="names">The outputs that the family reads, for the message.</param>
    /// <param name="counts">How many there may be.</param>
    /// <exception cref="ModelException">It names another number.</exception>
    public static void Outputs(ModelManifest manifest, string names, params ReadOnlySpan<int> counts)
    {
        if (!counts.Contains(manifest.Outputs.Count))
        {
            throw Refusal(
                manifest,
                $"the decoder {Name(manifest)} reads the outputs {names}; the manifest names {manifest.Outputs.Count}");
        }
    }

    /// <summary>
    /// An output of that many axes, each but the batch with a length, holding floating-point numbers or, where asked
    /// for, integers.
    /// </summary>
    /// <param name="manifest">What is checked.</param>
    /// <param name="index">Which output.</param>
    /// <param name="form">Its axes, for the message.</param>
    /// <param name="axes">How many axes it has.</param>
    /// <param name="integers">Whether it holds 64-bit integers.</param>
    /// <exception cref="ModelException">The output is another.</exception>
    public static IReadOnlyList<int> Output(
        ModelManifest manifest, int index, string form, int axes, bool integers = false)
    {
        var output = manifest.Outputs[index];
        if (output.Shape.Count != axes || output.Shape[0] is not (1 or -1)
            || output.Shape.Skip(1).Any(length => length < 1))
            throw Shape(manifest, index, form);
        var fits = integers ? output.Type == TensorType.Int64 : output.Type is TensorType.Float32 or TensorType.Float16;
        return fits ? output.Shape
            : throw Refusal(manifest, $"output '{output.Name}' is {output.Type.ToString().ToLowerInvariant()}; "
            + $"the decoder {Name(manifest)} reads {(integers ? "int64" : "float32 or float16")} there");
    }

    /// <summary>Checks that an output holds four numbers for each of so many boxes.</summary>
    /// <exception cref="ModelException">It holds others.</exception>
    public static void Boxes(ModelManifest manifest, int index, int count)
    {
        var form = $"[n, {count}, 4]";
        var shape = Output(manifest, index, form, 3);
        if (shape[1] != count || shape[2] != 4) throw Shape(manifest, index, form);
    }

    /// <summary>Checks that the model takes an image and nothing else, since nothing else would be filled.</summary>
    /// <exception cref="ModelException">It takes more.</exception>
    public static void ImageOnly(ModelManifest manifest)
    {
        if (manifest.Inputs.Count > 1)
            throw Refusal(manifest,
                $"the decoder {Name(manifest)} fills the picture alone, not the input '{manifest.Inputs[1].Name}'");
    }

    /// <summary>The refusal of an output's shape.</summary>
    public static ModelException Shape(ModelManifest manifest, int index, string form, bool anyFree = false)
    {
        var output = manifest.Outputs[index];
        return Refusal(manifest,
            $"output '{output.Name}' has shape [{string.Join(", ", output.Shape)}]; the decoder {Name(manifest)} "
                                 + $"reads {form}{(anyFree ? "" : ", only n may be free")}");
    }

    /// <summary>The refusal of an answer that names no label.</summary>
    public static ModelException NoDetection(ModelManifest manifest, int index, float score, float label) =>
        Refusal(manifest,
        $"output '{manifest.Outputs[index].Name}' holds a row that is no detection "
        + $"(score {score}, class {label}; there are {manifest.Labels.Count} labels)");

    /// <summary>Checks that scores are probabilities, but for a rounding; −1 marks a row that holds nothing.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="index">The output that holds them.</param>
    /// <param name="lowest">The lowest of the scores that were looked at.</param>
    /// <param name="highest">The highest.</param>
    /// <exception cref="ModelException">One is below 0 or above 1.</exception>
    public static void Probabilities(ModelManifest manifest, int index, float lowest, float highest)
    {
        if (highest <= 1 + Rounding && (lowest >= -Rounding || lowest == Padding || !float.IsFinite(lowest))) return;
        var score = highest > 1 + Rounding ? highest : lowest;
        throw Refusal(
            manifest,
            string.Create(
                CultureInfo.InvariantCulture, $"output '{manifest.Outputs[index].Name}' gives the score {score}, ")
                                + "which is no probability (0 to 1) but percent or a logit; export the model so that "
                                + "it ends with probabilities");
    }

    /// <summary>The numbers of the first output of a model whose manifest says that they are probabilities.</summary>
    /// <exception cref="ModelException">They are none.</exception>
    public static ReadOnlySpan<float> Probabilities(ModelManifest manifest, ReadOnlySpan<float> scores)
    {
        foreach (var score in scores)
        {
            if (score is >= -Rounding and <= 1 + Rounding) continue;
            throw Refusal(manifest,
                string.Create(CultureInfo.InvariantCulture, $"output '{manifest.Outputs[0].Name}' gives {score}, ")
                                    + "which is no probability (0 to 1); where these are logits, write scores: logits "
                                    + "into the manifest");
        }

        return scores;
    }

    /// <summary>A refusal that names the model and its file.</summary>
    public static ModelException Refusal(ModelManifest manifest, string rule) =>
        new($"model '{manifest.Name}' ({manifest.File}): {rule}");

    private static string Name(ModelManifest manifest) => manifest.Family.Name;
}
