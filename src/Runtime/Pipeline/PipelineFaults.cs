using System.Diagnostics.Metrics;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>Counts what the boundaries of ticks and commands caught. Thread-safe.</summary>
internal static class PipelineFaults
{
    private static readonly Meter Meter = new("EdgePerception.Faults");
    private static readonly Counter<long> Caught = Meter.CreateCounter<long>(
        "edge_perception.faults", description: "Exceptions that broke off a tick or a command, by stage and kind");

    /// <summary>Counts one.</summary>
    /// <param name="stage">Where it came from, in lower case; <c>receive</c> is the door of commands.</param>
    /// <param name="fault">What was thrown.</param>
    public static void Count(string stage, Exception fault) =>
        Caught.Add(1, new("stage", stage), new("reason", fault.GetType().Name));

    /// <summary>A stage's name as metrics and logs have it.</summary>
    public static string Name(Stage stage) => stage.ToString().ToLowerInvariant();
}
