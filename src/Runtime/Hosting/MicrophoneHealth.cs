using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Runtime.Hosting;

/// <summary>Each microphone: whether sound comes.</summary>
internal sealed class MicrophoneHealth(IReadOnlyList<CaptureSource<SoundFeed>> microphones) : IHealthSource
{
    /// <inheritdoc/>
    public IEnumerable<ComponentHealth> Look() => microphones.Select(microphone => microphone.Status).Select(status =>
        new ComponentHealth(
            $"microphone {status.Name}",
            status.State is CaptureState.Live or CaptureState.Ended ? HealthStatus.Ok : HealthStatus.Degraded,
            status.Reason ?? status.State.ToString().ToLowerInvariant()));
}
