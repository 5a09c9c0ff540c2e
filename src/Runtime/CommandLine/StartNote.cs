using EdgePerception.Policy.Safety;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>What to do where a start alone lets nothing move.</summary>
internal static partial class StartNote
{
    /// <summary>Logs it, which waits for no reader.</summary>
    public static void Write(ILogger logger, SafetyState state, string file, bool hasMqtt)
    {
        foreach (var line in Lines(state, file, hasMqtt)) Held(logger, line);
    }

    /// <summary>A line for a halt that stands and one for an arm that is missing; none where neither is so.</summary>
    /// <param name="state">Where the robot stands.</param>
    /// <param name="file">The configuration, as it was named.</param>
    /// <param name="hasMqtt">Whether <c>send</c> can reach the service.</param>
    public static IEnumerable<string> Lines(SafetyState state, string file, bool hasMqtt)
    {
        if (state.NeedsResume)
        {
            var resume = hasMqtt ? $"edge-perception send --config {file} --resume {state.HaltId}"
                : $"a controller's resume of {state.HaltId}";
            yield return $"halted: {state.Cause}; to lift it: {resume}";
        }

        if (!state.IsArmed)
        {
            var arm = hasMqtt ? $"edge-perception send --config {file} --arm" : "a controller's arm";
            yield return $"not armed: nothing moves before {arm} (or safety.armAtStart: true)";
        }
    }

    [LoggerMessage(EventId = 5052, EventName = "StartHeld", Level = LogLevel.Warning, Message = "{Line}")]
    private static partial void Held(ILogger logger, string line);
}
