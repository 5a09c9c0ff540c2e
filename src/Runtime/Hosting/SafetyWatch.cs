using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// What surrounds the supervisor in the service: the sensors and the temperature that it looks at, the journal, and
/// what the last run left.
/// </summary>
public sealed class SafetyWatch(
    SafetySupervisor safety, SafetyJournal journal, SafetyMarkKeeper marks, SensorRig rig, Thermometer thermometer,
    ILogger<SafetyWatch> logger)
{
    /// <summary>
    /// Starts the supervisor; halted, where the last run did not end in order or nothing can be written down. A disk
    /// that hangs delays it by two seconds.
    /// </summary>
    public async Task StartAsync()
    {
        thermometer.Start();
        safety.Probes = safety.Probes with
        {
            CameraSilence = () => rig.CameraSilence,
            MicrophoneSilence = () => rig.MicrophoneSilence,
            TemperatureC = () => thermometer.Celsius,
        };
        safety.Entered += journal.Entered;
        safety.Changed += journal.Note;
        safety.Confirmed += journal.Confirm;
        journal.Start();
        if (await marks.BeginAsync() is { } cause) safety.Halt(cause);
        safety.Start();
    }

    /// <summary>
    /// Writes down how the run ended, within two seconds; after the supervisor's end, when no halt can come any more.
    /// </summary>
    /// <param name="isOrderly">Whether it ended in order, so that the next start need not be halted.</param>
    public async Task EndAsync(bool isOrderly)
    {
        thermometer.Dispose();
        journal.Dispose();
        if (isOrderly && !await marks.EndAsync())
            HostingLog.EndUnmarked(logger, marks.Trouble ?? "the disk does not answer");
    }
}
