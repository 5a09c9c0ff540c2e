using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Runtime.Hosting;

/// <summary>Each camera: whether frames come, and whether there is anything to see in them.</summary>
internal sealed class CameraHealth(IReadOnlyList<CaptureSource<FrameFeed>> cameras, PerceptionFusion fusion)
    : IHealthSource
{
    // From here on down an image is worth a word.
    private const float PoorQuality = 0.5f;

    /// <inheritdoc/>
    public IEnumerable<ComponentHealth> Look()
    {
        foreach (var camera in cameras)
        {
            var status = camera.Status;
            var poor = status.State == CaptureState.Live ? Poor(fusion[status.Name].Quality) : null;
            var isWell = poor is null && status.State is CaptureState.Live or CaptureState.Ended;
            yield return new ComponentHealth(
                $"camera {status.Name}", isWell ? HealthStatus.Ok : HealthStatus.Degraded,
                poor ?? status.Reason ?? status.State.ToString().ToLowerInvariant());
        }
    }

    private static string? Poor(ImageQuality quality) => quality.Value >= PoorQuality ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"picture {quality.Fault.ToString().ToLowerInvariant()} (quality {quality.Value:0.00})");
}
