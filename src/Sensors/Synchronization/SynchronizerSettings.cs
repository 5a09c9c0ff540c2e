namespace EdgePerception.Sensors.Synchronization;

/// <summary>How frames become a snapshot.</summary>
/// <param name="MaxAge">
/// A frame older than this when it is looked at is refused and counted as stale; more than zero.
/// </param>
/// <param name="JoinWait">How long a frame that is there may wait for those of other cameras that are due.</param>
/// <param name="MaxCameras">
/// How many cameras a snapshot takes at most, from 1: what one run of the model takes. Asked at each snapshot, since
/// the model may still be loading when the cameras are opened, and another may take its place; all cameras where it is
/// null.
/// </param>
public sealed record SynchronizerSettings(TimeSpan MaxAge, TimeSpan JoinWait = default, Func<int>? MaxCameras = null);
