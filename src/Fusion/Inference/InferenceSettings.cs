using System.ComponentModel.DataAnnotations;
using EdgePerception.Fusion.Inference.Engines;

namespace EdgePerception.Fusion.Inference;

/// <summary>How models are run on this machine.</summary>
public sealed record InferenceSettings
{
    /// <summary>Threads of one model run on the processor; 0 takes all cores.</summary>
    [Range(0, 256)]
    public int Threads { get; init; }

    /// <summary>
    /// Which of the providers that models' manifests name may serve, best first; all of them in the manifest's order
    /// when empty.
    /// </summary>
    public IReadOnlyList<ExecutionProvider> Providers { get; init; } = [];

    /// <summary>
    /// Whether the first of a model's providers must be there. When false the next one that is there serves,
    /// and the log names what was missing.
    /// </summary>
    public bool RequireFirstProvider { get; init; }

    /// <summary>
    /// How many pictures one run may take at most, where the model's batch axis allows it; memory is bound for them.
    /// </summary>
    [Range(1, 64)]
    public int MaxBatch { get; init; } = 16;

    /// <summary>Number of the GPU, from 0.</summary>
    [Range(0, 15)]
    public int GpuDevice { get; init; }

    /// <summary>
    /// The folder of built TensorRT engines; <c>engines</c> in the models folder when empty. In a configuration file it
    /// is relative to that file.
    /// </summary>
    public string EngineCache { get; init; } = "";

    /// <summary>How long the build of an engine may take before it is ended as hung, minutes.</summary>
    [Range(1, 24 * 60)]
    public int EngineBuildLimitMinutes { get; init; } = 60;

    /// <summary>What may run a model, best first.</summary>
    /// <exception cref="ModelException">
    /// The manifest names none of the providers that the configuration allows.
    /// </exception>
    internal IReadOnlyList<ExecutionProvider> OrderFor(ModelManifest manifest)
    {
        if (Providers.Count == 0) return manifest.Providers;
        var order = Providers.Distinct().Where(manifest.Providers.Contains).ToList();
        return order.Count > 0 ? order : throw new ModelException(
            $"model '{manifest.Name}': inference.providers allows {Names(Providers)}, its manifest names only "
            + $"{Names(manifest.Providers)}");

        static string Names(IEnumerable<ExecutionProvider> providers) =>
            string.Join(", ", providers.Select(ExecutionProviders.Name));
    }

    /// <summary>Where engines lie.</summary>
    internal EngineCache EngineCacheFor(string modelsFolder) =>
        new(Path.GetFullPath(EngineCache.Length > 0 ? EngineCache : Path.Combine(modelsFolder, "engines")));
}
