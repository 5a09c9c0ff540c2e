namespace EdgePerception.Policy.Safety;

/// <summary>The named inputs of the gate; <see cref="SafetyGate.Rules"/> has what each may do.</summary>
public enum SafetyInput
{
    /// <summary>None: all is well.</summary>
    None,

    /// <summary>The service ends.</summary>
    End,

    /// <summary>Somebody halted.</summary>
    Halt,

    /// <summary>There is no decision any more.</summary>
    SceneLost,

    /// <summary>A controller's heartbeat.</summary>
    Controller,

    /// <summary>The link by which stops come.</summary>
    Link,

    /// <summary>The stalest camera.</summary>
    Camera,

    /// <summary>The stalest microphone.</summary>
    Microphone,

    /// <summary>The age of the newest decision.</summary>
    Scene,

    /// <summary>How late the safety thread comes.</summary>
    Load,

    /// <summary>The temperature.</summary>
    Heat,

    /// <summary>The wall clock.</summary>
    Clock,

    /// <summary>Whether somebody armed the robot.</summary>
    Arming,

    /// <summary>How long all has been well again.</summary>
    Recovery,

    /// <summary>How well objects can be seen.</summary>
    Vision,

    /// <summary>How sure it is that what is carried out is what was meant.</summary>
    Confidence,
}

/// <summary>
/// What the gate looks at, all of one instant. The defaults are those of a robot that has just been started: nothing is
/// permitted by them.
/// </summary>
public readonly record struct SafetyInputs()
{
    /// <summary>The service ends.</summary>
    public bool IsEnded { get; init; }

    /// <summary>A halt stands.</summary>
    public bool IsHalted { get; init; }

    /// <summary>Somebody armed this start of the service.</summary>
    public bool IsArmed { get; init; }

    /// <summary>Whether there has been a decision since the start.</summary>
    public bool HasDecided { get; init; }

    /// <summary>Since the world was as the newest decision saw it; since the start where there is none.</summary>
    public TimeSpan SceneAge { get; init; }

    /// <summary>For how long decisions have come in time, up to the newest one.</summary>
    public TimeSpan SceneInTimeFor { get; init; }

    /// <summary>Since anything that mends itself last withheld the permit.</summary>
    public TimeSpan CalmFor { get; init; }

    /// <summary>Since the newest picture of the camera that is silent for longest; zero without a camera.</summary>
    public TimeSpan CameraSilence { get; init; }

    /// <summary>Since the newest sound of the microphone that is silent for longest; zero without one.</summary>
    public TimeSpan MicrophoneSilence { get; init; }

    /// <summary>
    /// By how much the controller that is silent for longest is beyond its window; zero or less while all are heard.
    /// </summary>
    public TimeSpan ControllerOverdue { get; init; }

    /// <summary>
    /// Since a stop could last have come in, where there is one way alone; zero where there are more.
    /// </summary>
    public TimeSpan LinkLostFor { get; init; }

    /// <summary>By how much the safety thread came too late.</summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>By how much the wall clock has just jumped.</summary>
    public TimeSpan ClockJump { get; init; }

    /// <summary>The hottest part, degrees Celsius; not a number where nothing measures.</summary>
    public double TemperatureC { get; init; } = double.NaN;

    /// <summary>How well objects can be seen, 0 to 1.</summary>
    public double Vision { get; init; }

    /// <summary>How sure what is carried out is what was meant, 0 to 1; 1 while nothing is.</summary>
    public double Confidence { get; init; }
}
