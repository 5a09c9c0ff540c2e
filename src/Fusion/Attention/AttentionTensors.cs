using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Attention;

/// <summary>
/// The attention model's inputs and outputs, in the order of its manifests: where each is, and what it must be.
/// models/grounding/README.md says what they hold.
/// </summary>
internal static class AttentionTensors
{
    public const int Words = 0;
    public const int RegionNames = 1;
    public const int Regions = 2;
    public const int SoundNames = 3;
    public const int Sounds = 4;
    public const int WordMask = 5;
    public const int RegionMask = 6;
    public const int SoundMask = 7;
    public const int Quality = 8;

    public const int Referents = 0;
    public const int Intent = 1;
    public const int Gates = 2;
    public const int Attention = 3;

    /// <summary>How many numbers the meaning of a name has.</summary>
    public const int Meaning = 384;

    /// <summary>Target, destination, avoid.</summary>
    public const int Roles = 3;

    /// <summary>What follows the objects of a role: absent, several, not asked.</summary>
    public const int Slots = 3;

    private static readonly TensorManifest[] Inputs =
    [
        Numbers("words", 1, -1, Meaning), Numbers("region_names", 1, -1, Meaning),
        Numbers("regions", 1, -1, SceneTokens.RegionLength), Numbers("sound_names", 1, -1, Meaning),
        Numbers("sounds", 1, -1, SceneTokens.SoundLength), Numbers("word_mask", 1, -1), Numbers("region_mask", 1, -1),
        Numbers("sound_mask", 1, -1),
        Numbers("quality", 1, 3),
    ];

    /// <summary>Whether a model with these inputs, in this order, is an attention model.</summary>
    public static bool AreInputs(IEnumerable<string> names) => names.SequenceEqual(Inputs.Select(input => input.Name));

    /// <summary>Checks a manifest, with which the model's graph is compared when it is loaded.</summary>
    /// <exception cref="ModelException">A tensor is another; the first one that is gets named.</exception>
    public static void Check(ModelManifest manifest)
    {
        TensorManifest[] outputs =
            [Numbers("referents", 1, Roles, -1), Numbers("intent", 1, manifest.Labels.Count), Numbers("gates", 1, 3),
                Numbers("attention", 1, -1, -1)];
        Check(manifest, "input", manifest.Inputs, Inputs);
        Check(manifest, "output", manifest.Outputs, outputs);
        if (manifest.Outputs.FirstOrDefault(output =>
            output.Shape.Contains(-1) && output.Profile is null) is { } unbounded)
            throw DecoderRules.Refusal(
                manifest, $"output '{unbounded.Name}' needs a profile that bounds its free axes");
    }

    private static void Check(
        ModelManifest manifest, string kind, IReadOnlyList<TensorManifest> actual, TensorManifest[] expected)
    {
        if (actual.Count != expected.Length)
            throw DecoderRules.Refusal(manifest,
                $"the decoder grounding has the {kind}s {string.Join(", ", expected.Select(tensor => tensor.Name))}");
        for (var i = 0; i < expected.Length; i++)
        {
            if (Describe(actual[i]) != Describe(expected[i]))
                throw DecoderRules.Refusal(manifest,
                    $"{kind} {i + 1} is {Describe(actual[i])}; the decoder grounding needs {Describe(expected[i])}");
        }
    }

    private static string Describe(TensorManifest tensor) =>
        $"'{tensor.Name}' {tensor.Type.ToString().ToLowerInvariant()} [{string.Join(", ", tensor.Shape)}]";

    private static TensorManifest Numbers(string name, params int[] shape) => new() { Name = name, Shape = shape };
}
