using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// A source opened by GStreamer: pulls its samples, looks at their form when it changes, and says what its pipeline
/// says. Used by one thread. Steady state allocates nothing.
/// </summary>
/// <typeparam name="TFeed">What it feeds: frames or sound.</typeparam>
public abstract class GStreamerSource<TFeed> : ICapture<TFeed>
{
    private readonly Pipeline _pipeline;
    private readonly PipelineMessages _messages;
    private nint _caps;
    private bool _seen;

    private protected GStreamerSource(
        Pipeline pipeline, PipelineWords words, CaptureLife life, SensorClock clock, TimeSpan? origin, ILogger logger)
    {
        _pipeline = pipeline;
        Times = new SampleTimes(pipeline, clock, origin);
        _messages = new PipelineMessages(pipeline.Bus, words, life, logger);
    }

    /// <summary>When samples were taken.</summary>
    private protected SampleTimes Times { get; }

    /// <inheritdoc/>
    public CaptureRead Read(TFeed feed, TimeSpan timeout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(feed);
        _messages.Check(_seen);
        var sample = _pipeline.Pull(timeout);
        if (sample != 0)
        {
            try
            {
                return Deliver(sample, feed) ? CaptureRead.Arrived : CaptureRead.Unusable;
            }
            finally
            {
                Gst.MiniUnref(sample);
            }
        }

        _messages.Check(_seen);
        return _pipeline.IsAtEnd ? CaptureRead.Ended : CaptureRead.Nothing;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _pipeline.Dispose();
        Gst.Forget(ref _caps);
    }

    /// <summary>Refuses a recording that is not there.</summary>
    /// <exception cref="CaptureException">There is no such file.</exception>
    private protected static void CheckFile(string path)
    {
        if (!File.Exists(path))
            throw new CaptureException(CaptureFailure.Configuration, $"there is no file '{path}'");
    }

    /// <summary>Starts a source, or frees it.</summary>
    private protected static T Started<T>(T source)
        where T : GStreamerSource<TFeed>
    {
        try
        {
            if (source._pipeline.Play()) return source;
            source._messages.Check(seen: false);
            throw source._messages.Failure("the pipeline does not start", seen: false);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Hands a sample to the feed; false if it is not to be used.</summary>
    private protected abstract bool Deliver(nint sample, TFeed feed);

    /// <summary>Takes over the form of the samples that come from now on.</summary>
    /// <exception cref="CaptureException">It is another than the sink must be given.</exception>
    private protected abstract void ReadCaps(nint structure);

    /// <summary>Looks whether a sample has another form than the one before it.</summary>
    private protected void LookAt(nint sample)
    {
        if (!Gst.IsNew(Gst.SampleCaps(sample), ref _caps)) return;
        ReadCaps(Gst.CapsStructure(_caps, 0));
        _seen = true;
    }

    /// <summary>The exception for samples that cannot be used.</summary>
    private protected CaptureException Failure(string what) => _messages.Failure(what, seen: true);
}
