using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>The real models that eng/setup.sh models fetches, by the names of their manifests.</summary>
internal static class FetchedModels
{
    public static string Folder { get; } = Path.Combine(TestModels.Repository, "models");

    /// <summary>The path of CLIP's merges.</summary>
    public static string ClipMerges => Present("fetched/clip-merges.txt");

    public static ModelManifest Manifest(string name) =>
        YamlBinder.Read<ModelManifest>(Path.Combine(TestModels.Repository, "configs", "models", name + ".yaml")) with
        {
            Providers = [ExecutionProvider.Cpu],
        };

    public static OnnxModel Load(string name)
    {
        var manifest = Manifest(name);
        Present(manifest.File);
        return OnnxModel.Load(manifest, Folder, TestModels.OneThread);
    }

    private static string Present(string file)
    {
        var path = Path.Combine(Folder, file);
        Assert.True(File.Exists(path), $"models/{file} is missing: run eng/setup.sh models");
        return path;
    }
}
