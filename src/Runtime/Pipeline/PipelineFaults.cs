using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>Counts what the boundaries of ticks and commands caught. Thread-safe.</summary>
internal static class PipelineFaults
{
    private static readonly TotalCounter Caught = new(
        "edge_perception.faults", "{fault}", "Exceptions that broke off a tick or a command, by stage and kind", "stage", "reason");

    /// <summary>Counts one.</summary>
    /// <param name="stage">Where it came from, in lower case; <c>receive</c> is the door of commands.</param>
    /// <param name="fault">What was thrown.</param>
    public static void Count(string stage, Exception fault) =>
        Caught.Add(1, stage, fault.GetType().Name);

    /// <summary>A stage's name as metrics and logs have it.</summary>
    public static string Name(Stage stage) => stage.ToString().ToLowerInvariant();
}
