using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Whether the robot may move, what keeps it and what leads back; and whether a restart would know of it.
/// </summary>
internal sealed class SafetyHealth(SafetySupervisor safety, SafetyMarkKeeper marks) : IHealthSource
{
    /// <inheritdoc/>
    public IEnumerable<ComponentHealth> Look()
    {
        var (state, trouble) = (safety.State, marks.Trouble);
        var level = TagNames.Of(state.Level);
        var detail = state.Level == SafetyLevel.Act ? level : $"{level}: {state.Cause}; way back: {state.WayBack}";
        var isWell = state.Level == SafetyLevel.Act && trouble is null;
        yield return new ComponentHealth(
            "safety", isWell ? HealthStatus.Ok : HealthStatus.Degraded,
            trouble is null ? detail : $"{detail}; {trouble}");
    }
}
