using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>The loop.</summary>
public sealed record PipelineSettings
{
    /// <summary>A frame older than this when its turn comes is dropped, milliseconds.</summary>
    [Range(10, 60_000)]
    public int MaxFrameAgeMs { get; init; } = 500;

    /// <summary>
    /// How long a frame may wait for those of other cameras that are due, so that they join one run of the model,
    /// milliseconds; 0 waits for none.
    /// </summary>
    [Range(0, 1000)]
    public int JoinWaitMs { get; init; } = 5;

    /// <summary>A tick that takes longer than this is ended and counted as failed, milliseconds.</summary>
    [Range(100, 600_000)]
    public int TickTimeoutMs { get; init; } = 5_000;

    /// <summary>Commands that may wait for the next scene; further ones are refused.</summary>
    [Range(1, 1000)]
    public int CommandCapacity { get; init; } = 32;

    /// <summary>Failed ticks in a row from which the service calls itself failed.</summary>
    [Range(1, 1000)]
    public int FailuresUntilUnhealthy { get; init; } = 5;
}
