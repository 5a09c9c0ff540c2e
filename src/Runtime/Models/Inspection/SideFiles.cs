using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// What some families need beside the graph, and what their numbers mean where only a name can tell: places for files
/// that a person must name, and the kind of scores that the output's name tells.
/// </summary>
internal static class SideFiles
{
    private static readonly string NoSum = new('0', 64);

    public static ModelManifest AddCharacters(
        ModelManifest manifest, IReadOnlyList<string> names, Dictionary<string, string> notes)
    {
        notes["characters"] = "EDIT: the file of the characters that the model tells, one a line, and its sha256";
        var file = new ModelFile { File = $"{manifest.Name}.characters.txt", Sha256 = NoSum };
        return manifest with { Characters = file };
    }

    public static ModelManifest AddTokenizer(
        ModelManifest manifest, IReadOnlyList<string> names, Dictionary<string, string> notes)
    {
        notes["tokenizer"] = "EDIT: the tokenizer's merges (merges.txt of the model) and their sha256";
        return manifest with
        {
            Tokenizer = new TokenizerManifest
            {
                Merges = new ModelFile { File = $"{manifest.Name}.merges.txt", Sha256 = NoSum },
                ContextLength = Math.Max(manifest.Inputs[0].Shape.Skip(1).FirstOrDefault(), 2),
            },
        };
    }

    public static ModelManifest AddScores(
        ModelManifest manifest, IReadOnlyList<string> names, Dictionary<string, string> notes)
    {
        var isLogits = manifest.Outputs[0].Name.Contains("logit", StringComparison.OrdinalIgnoreCase);
        notes["scores"] = isLogits ? "by the output's name" : "CHECK: logits where the model ends without a softmax";
        return manifest with { Scores = isLogits ? ScoreKind.Logits : ScoreKind.Probabilities };
    }
}
