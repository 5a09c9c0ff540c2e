namespace EdgePerception.Runtime.Diagnostics;

/// <summary>How well a part of the service does its work; the worst part is the service's.</summary>
public enum HealthStatus
{
    /// <summary>As it should.</summary>
    Ok,

    /// <summary>Less than it should, and it may recover by itself.</summary>
    Degraded,

    /// <summary>Not at all, or somebody has to look after it.</summary>
    Failed,
}

/// <summary>How one part is doing.</summary>
/// <param name="Name">Its name in <c>health</c>, such as <c>camera front</c>.</param>
/// <param name="Status">How well it does its work.</param>
/// <param name="Detail">What there is to say of it, one line.</param>
public readonly record struct ComponentHealth(string Name, HealthStatus Status, string Detail);

/// <summary>
/// A part of the service that says how it is doing. A new capability adds one, and no parameter anywhere.
/// </summary>
public interface IHealthSource
{
    /// <summary>How its components are doing now. Waits for nothing; called from any thread, once a second.</summary>
    IEnumerable<ComponentHealth> Look();
}
