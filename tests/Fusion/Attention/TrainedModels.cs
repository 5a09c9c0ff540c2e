using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;

namespace EdgePerception.Fusion.Tests.Attention;

/// <summary>The networks that this repository trained.</summary>
internal static class TrainedModels
{
    public static string Folder { get; } = Path.Combine(TestModels.Repository, "models", "grounding");

    public static AttentionModel Load(string name = "grounding") => AttentionModel.Load(
        Path.Combine(TestModels.Repository, "configs", "models", name + ".yaml"), Path.Combine(TestModels.Repository, "models"),
        new InferenceSettings { MaxBatch = 1 });

    public static Vocabulary Vocabulary() => new(File.ReadAllBytes(Path.Combine(Folder, "vocabulary.tsv")), "vocabulary.tsv");
}
