namespace EdgePerception.Sensors.Synchronization;

/// <summary>How frames become a snapshot.</summary>
/// <param name="MaxAge">A frame older than this when it is looked at is refused and counted as stale; more than zero.</param>
/// <param name="JoinWait">How long a frame that is there may wait for those of other cameras that are due.</param>
/// <param name="MaxCameras">How many cameras a snapshot takes at most, from 1: what one run of the model takes.</param>
public sealed record SynchronizerSettings(TimeSpan MaxAge, TimeSpan JoinWait = default, int MaxCameras = int.MaxValue);
