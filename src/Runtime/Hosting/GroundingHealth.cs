using EdgePerception.Policy.Commands;
using EdgePerception.Runtime.Diagnostics;

namespace EdgePerception.Runtime.Hosting;

/// <summary>What grounds commands: whether it is loaded, and whether by all that was wanted.</summary>
internal sealed class GroundingHealth(CommandGrounder grounder) : IHealthSource
{
    /// <inheritdoc/>
    public IEnumerable<ComponentHealth> Look()
    {
        var (isReady, trouble) = (grounder.IsReady, grounder.Trouble);
        yield return new ComponentHealth(
            "grounding", isReady && trouble is null ? HealthStatus.Ok : HealthStatus.Degraded,
            !isReady ? "loading" : trouble ?? "ready");
    }
}
