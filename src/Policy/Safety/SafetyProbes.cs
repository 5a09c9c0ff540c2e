namespace EdgePerception.Policy.Safety;

/// <summary>
/// Where the safety thread finds what it cannot know by itself. Each is asked some fifty times a second, from any
/// thread, and returns at once: it reads a field, and neither waits nor allocates.
/// </summary>
public sealed record SafetyProbes
{
    /// <summary>Since the newest picture of the camera that is silent for longest.</summary>
    public Func<TimeSpan> CameraSilence { get; init; } = static () => TimeSpan.Zero;

    /// <summary>Since the newest sound of the microphone that is silent for longest.</summary>
    public Func<TimeSpan> MicrophoneSilence { get; init; } = static () => TimeSpan.Zero;

    /// <summary>By how much the controller that is silent for longest is beyond its window.</summary>
    public Func<TimeSpan> ControllerOverdue { get; init; } = static () => TimeSpan.Zero;

    /// <summary>Which one that is, as a sentence made beforehand; empty where it is not known.</summary>
    public Func<string> OverdueController { get; init; } = static () => "";

    /// <summary>Since a stop could last have come in, where there is one way for it alone.</summary>
    public Func<TimeSpan> LinkLostFor { get; init; } = static () => TimeSpan.Zero;

    /// <summary>The hottest part, degrees Celsius; not a number where nothing measures.</summary>
    public Func<double> TemperatureC { get; init; } = static () => double.NaN;
}
