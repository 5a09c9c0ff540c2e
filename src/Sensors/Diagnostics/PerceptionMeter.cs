using System.Diagnostics.Metrics;

namespace EdgePerception.Sensors.Diagnostics;

/// <summary>
/// The one meter of the service. The name of each of its instruments begins with <c>edge_perception.</c>.
/// </summary>
public static class PerceptionMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "EdgePerception";

    /// <summary>The meter.</summary>
    public static Meter Instance { get; } = new(Name);
}
