using EdgePerception.Sensors.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>Counts and logs what the boundaries of ticks and commands caught. Thread-safe.</summary>
internal static partial class CaughtFaults
{
    private static readonly TotalCounter Caught = new(
        "edge_perception.faults", "{fault}", "Exceptions that broke off a tick or a command, by stage and kind",
        "stage", "reason");

    /// <summary>Counts one.</summary>
    /// <param name="stage">Where it came from, in lower case; <c>receive</c> is the door of commands.</param>
    /// <param name="fault">What was thrown.</param>
    public static void Count(string stage, Exception fault) => Caught.Add(1, stage, fault.GetType().Name);

    /// <summary>Counts and logs one that cost a single command.</summary>
    public static void Command(ILogger logger, Exception fault, string id, string stage)
    {
        Count(stage, fault);
        CommandBroken(logger, fault, id, stage);
    }

    /// <summary>Logs one without counting it, for what breaks while another is being answered.</summary>
    [LoggerMessage(EventId = 5013, EventName = "CommandBroken", Level = LogLevel.Error,
        Message = "Command {Id} is refused for an internal error in stage {Stage}")]
    public static partial void CommandBroken(ILogger logger, Exception exception, string id, string stage);
}
