using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// When the samples of a pipeline were taken: its base time plus their running time, so absolute CLOCK_MONOTONIC. Live
/// sources stamp at capture, so no latency is to be taken off. For a network camera that is the arrival of the first
/// packet plus the stream's own times: what the camera and the network took before is not known. A sample without a
/// time stamp was taken when it arrives.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="clock">The clock of the service.</param>
/// <param name="origin">What running times count from; null where it is the pipeline's base time.</param>
internal sealed unsafe class SampleTimes(Pipeline pipeline, SensorClock clock, TimeSpan? origin)
{
    private TimeSpan? _base;

    /// <summary>
    /// When a sample was taken; null if it is outside its segment and not to be used, such as a lead-in.
    /// </summary>
    /// <param name="sample">The sample.</param>
    /// <param name="length">How long it is; zero for a frame.</param>
    public TimeSpan? Of(nint sample, TimeSpan length)
    {
        var presentation = Gst.SampleBuffer(sample)->PresentationTime;
        if (presentation == Gst.NoTime) return clock.Monotonic - length;
        var running = Gst.ToRunningTime(Gst.SampleSegment(sample), Gst.FormatTime, presentation);
        if (running == Gst.NoTime) return null;
        _base ??= origin ?? pipeline.BaseTime;
        return _base.Value + Pipeline.FromNanoseconds(running);
    }
}
