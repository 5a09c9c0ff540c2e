using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// What surrounds the supervisor in the service: all that it looks at, those that it tells, and what the last run left.
/// </summary>
public sealed class SafetyWatch(
    SafetySupervisor safety, SafetyJournal journal, SafetyMarkKeeper marks, ActionDispatcher actions,
    ControllerDoor door, Messenger messenger, SensorRig rig, Thermometer thermometer, ILogger<SafetyWatch> logger)
{
    /// <summary>Joins the supervisor with what it looks at and tells; before anything of messaging starts.</summary>
    public void Connect()
    {
        safety.Probes = new SafetyProbes
        {
            CameraSilence = () => rig.CameraSilence,
            MicrophoneSilence = () => rig.MicrophoneSilence,
            TemperatureC = () => thermometer.Celsius,
            LinkLostFor = StopsLostFor,
        };
        safety.Entered += journal.Entered;
        // The controllers first, and on the supervisor's own thread; everybody else by the journal's.
        safety.Changed += actions.SafetyChanged;
        safety.Changed += journal.Note;
        safety.Confirmed += journal.Confirm;
        journal.Told += actions.TellSafety;
        if (messenger.Controllers is not { } controllers) return;
        safety.Probes = safety.Probes with
        {
            ControllerOverdue = () => controllers.Overdue,
            OverdueController = () => controllers.OverdueCause,
        };
        safety.Beat += controllers.DeliverBeat;
        controllers.Handler = door.Take;
        // Who registers before the first change is told as well.
        controllers.DeliverSafety(safety.State);
    }

    /// <summary>
    /// Starts the supervisor; halted, where the last run did not end in order or nothing can be written down. A disk
    /// that hangs delays it by two seconds.
    /// </summary>
    public async Task StartAsync()
    {
        thermometer.Start();
        journal.Start();
        if (await marks.BeginAsync() is { } cause) safety.Halt(cause);
        safety.Start();
    }

    /// <summary>Tells everybody the supervisor's last word, within a second; after its end.</summary>
    public void TellTheRest() => journal.Dispose();

    /// <summary>
    /// Writes down how the run ended, within two seconds; after the supervisor's end, when no halt can come any more.
    /// </summary>
    /// <param name="isOrderly">Whether it ended in order, so that the next start need not be halted.</param>
    public async Task EndAsync(bool isOrderly)
    {
        thermometer.Dispose();
        if (isOrderly && !await marks.EndAsync())
            HostingLog.EndUnmarked(logger, marks.Trouble ?? "the disk does not answer");
    }

    // A controller through which people stop the robot is another way; then a lost broker holds nobody.
    private TimeSpan StopsLostFor() =>
        messenger.StopProbe is not { } probe || messenger.Controllers is { RelaysStops: true } ? TimeSpan.Zero
            : probe.LostFor;
}
