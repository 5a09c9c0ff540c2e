using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>How models are run on this machine.</summary>
public sealed record InferenceSettings
{
    /// <summary>Threads of one model run on the processor; 0 takes all cores.</summary>
    [Range(0, 256)]
    public int Threads { get; init; }

    /// <summary>
    /// Whether the first provider of a model's manifest must be there. When false the next one that is there serves,
    /// and the log names what was missing.
    /// </summary>
    public bool RequireFirstProvider { get; init; }

    /// <summary>How many pictures one run may take at most, where the model's batch axis allows it; memory is bound for them.</summary>
    [Range(1, 64)]
    public int MaxBatch { get; init; } = 16;

    /// <summary>Number of the GPU, from 0.</summary>
    [Range(0, 15)]
    public int GpuDevice { get; init; }
}
