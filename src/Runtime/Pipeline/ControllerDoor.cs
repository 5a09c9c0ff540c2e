using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// What controllers do, on the router's thread: their halts are in force before this returns, their resumes and arms
/// go through the doors of the topics of the same names, and for all else the loop comes. Waits for nothing.
/// </summary>
public sealed class ControllerDoor(
    SafetySupervisor safety, ArmDoor arm, ResumeDoor resume, ControllerInbox inbox)
{
    private const string NoTime = $"issued_at: {Timestamps.Fault}";

    /// <summary>
    /// Takes an event; returns why what it asks for is refused, which its controller is told, or null.
    /// </summary>
    public string? Take(ControllerEvent happened)
    {
        switch (happened)
        {
            case ControllerHalted halted:
                safety.Halt(Cause(halted));
                return null;
            case ControllerResumed resumed:
                return Time(resumed.IssuedAt, out var given) ? resume.Resume(resumed.HaltId, given) : NoTime;
            case ControllerArmed armed:
                return Time(armed.IssuedAt, out given) ? arm.Arm(armed.Id, given) : NoTime;
            case ControllerRegistered { Window: { } window }:
                safety.Pace(window);
                break;
        }

        inbox.Add(happened);
        return null;
    }

    private static string Cause(ControllerHalted halted)
    {
        if (halted.Controller.Length == 0) return "a program on the controllers' socket";
        return halted.Reason.Length == 0 ? $"controller {halted.Controller}"
            : $"controller {halted.Controller}: {halted.Reason}";
    }

    private static bool Time(Timestamp? issuedAt, out DateTimeOffset? given)
    {
        given = null;
        if (issuedAt is null) return true;
        if (!Timestamps.TryRead(issuedAt, out var time)) return false;
        given = time;
        return true;
    }
}
