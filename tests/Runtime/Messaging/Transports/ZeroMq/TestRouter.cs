using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>Routers and safety levels for tests.</summary>
internal static class TestRouter
{
    /// <summary>A router behind an open gate, whose controllers need not know permits.</summary>
    public static ActionRouter Legacy(
        ZeroMqSettings options, SensorClock clock, ILogger<ActionRouter>? log = null) => new(
        options, "robot", new SafetySettings { LegacyControllers = true }, static () => true, clock,
        log ?? new ListLogger<ActionRouter>());

    /// <summary>A router that gives motion to those that know permits alone.</summary>
    public static ActionRouter Permitting(
        ZeroMqSettings options, Func<bool> mayMove, SensorClock clock, ILogger<ActionRouter> log) =>
        new(options, "robot", new SafetySettings(), mayMove, clock, log);

    /// <summary>A level, as the supervisor tells it.</summary>
    public static SafetyState Level(SafetyLevel level, string cause = "a test", string command = "") => new(
        level, level == SafetyLevel.Act ? SafetyInput.None : SafetyInput.Halt, cause, "a resume",
        SensorClock.System.Now, IsArmed: true, level == SafetyLevel.Halt ? "h1" : "", command);
}
