using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>What a family needs beside the graph, and what its numbers mean where only a name can tell.</summary>
internal static class SideFiles
{
    private static readonly string NoSum = new('0', 64);

    /// <summary>The manifest with places for files that a person must name, and with the kind of scores that the output's name tells.</summary>
    public static ModelManifest AddTo(ModelManifest manifest, Dictionary<string, string> notes)
    {
        switch (manifest.Decoder)
        {
            case DecoderFamily.TextRecognition:
                notes["characters"] = "EDIT: the file of the characters that the model tells, one a line, and its sha256";
                return manifest with { Characters = new ModelFile { File = $"{manifest.Name}.characters.txt", Sha256 = NoSum } };
            case DecoderFamily.TextEmbedding:
                notes["tokenizer"] = "EDIT: the tokenizer's merges (merges.txt of the model) and their sha256";
                return manifest with
                {
                    Tokenizer = new TokenizerManifest
                    {
                        Merges = new ModelFile { File = $"{manifest.Name}.merges.txt", Sha256 = NoSum },
                        ContextLength = Math.Max(manifest.Inputs[0].Shape.Skip(1).FirstOrDefault(), 2),
                    },
                };
            case DecoderFamily.Classifier:
                var isLogits = manifest.Outputs[0].Name.Contains("logit", StringComparison.OrdinalIgnoreCase);
                notes["scores"] = isLogits ? "by the output's name" : "CHECK: logits where the model ends without a softmax";
                return manifest with { Scores = isLogits ? ScoreKind.Logits : ScoreKind.Probabilities };
            default:
                return manifest;
        }
    }
}
