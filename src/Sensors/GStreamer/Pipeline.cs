using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// A running GStreamer pipeline on CLOCK_MONOTONIC with its sink. One thread uses it; disposing stops it and
/// releases all that it holds.
/// </summary>
internal sealed unsafe class Pipeline : IDisposable
{
    private nint _pipeline;
    private nint _sink;

    private Pipeline(nint pipeline) => _pipeline = pipeline;

    public nint Bus { get; private set; }

    /// <summary>Whether the stream has come to its end.</summary>
    public bool IsAtEnd => Gst.IsEos(_sink) != 0;

    /// <summary>
    /// The instant on CLOCK_MONOTONIC at which running time is 0; known once the first sample is there.
    /// </summary>
    public TimeSpan BaseTime => FromNanoseconds(Gst.BaseTime(_pipeline));

    public static TimeSpan FromNanoseconds(ulong nanoseconds) => new((long)(nanoseconds / TimeSpan.NanosecondsPerTick));

    /// <summary>Builds a pipeline and gives it the clock, its sink and its properties; it does not run yet.</summary>
    /// <exception cref="CaptureException">Its text is wrong or an element is missing.</exception>
    public static Pipeline Build(PipelineDescription description)
    {
        GStreamerLibrary.Load();
        var pipeline = new Pipeline(Parse(description.Launch));
        try
        {
            pipeline.SetUp(description);
            return pipeline;
        }
        catch
        {
            pipeline.Dispose();
            throw;
        }
    }

    /// <summary>Starts it; false when it cannot, with the reason on the bus.</summary>
    public bool Play() => Gst.SetState(_pipeline, Gst.StatePlaying) != Gst.StateChangeFailure;

    /// <summary>The next sample, waiting for it up to a time; 0 if none came. The caller unrefs it.</summary>
    public nint Pull(TimeSpan timeout) =>
        Gst.TryPullSample(_sink, (ulong)timeout.Ticks * TimeSpan.NanosecondsPerTick);

    public void Dispose()
    {
        if (_pipeline == 0) return;
        _ = Gst.SetState(_pipeline, Gst.StateNull);
        foreach (var part in (ReadOnlySpan<nint>)[_sink, Bus, _pipeline])
            if (part != 0) Gst.Unref(part);
        (_pipeline, _sink, Bus) = (0, 0, 0);
    }

    private static nint Parse(string launch)
    {
        var context = Gst.ParseContextNew();
        GError* error = null;
        var pipeline = Gst.ParseLaunch(launch, context, 0, &error);
        var missing = TakeMissing(context);
        var text = Gst.Take(error);
        Gst.ParseContextFree(context);
        if (text.Length == 0 && pipeline != 0) return pipeline;
        // A pipeline and an error can come together.
        if (pipeline != 0) Gst.Unref(pipeline);
        throw new CaptureException(
            CaptureFailure.Configuration,
            missing ?? $"GStreamer cannot build the pipeline: {text.ReplaceLineEndings(" ")}");
    }

    private static string? TakeMissing(nint context)
    {
        var names = Gst.MissingElements(context);
        if (names is null) return null;
        var first = Gst.Text(names[0]);
        Gst.FreeStrings(names);
        // The parser also lists elements that are there but whose properties are not.
        return GStreamerLibrary.Has(first) ? null : GStreamerLibrary.Describe(first);
    }

    private void SetUp(PipelineDescription description)
    {
        var clock = Gst.SystemClock();
        Gst.UseClock(_pipeline, clock);
        Gst.Unref(clock);
        Bus = Gst.Bus(_pipeline);
        _sink = Gst.BinGetByName(_pipeline, description.Sink);
        if (_sink == 0)
        {
            throw new CaptureException(
                CaptureFailure.Configuration, $"the pipeline has no 'appsink name={description.Sink}'");
        }

        foreach (var property in description.Properties) Set(property);
    }

    private void Set(ElementProperty property)
    {
        var element = Gst.BinGetByName(_pipeline, property.Element);
        Gst.SetProperty(element, property.Name, property.Value);
        Gst.Unref(element);
    }
}
