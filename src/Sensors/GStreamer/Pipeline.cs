using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// A running GStreamer pipeline on CLOCK_MONOTONIC with its two sinks. One thread uses it; disposing stops it and
/// releases all that it holds.
/// </summary>
internal sealed unsafe class Pipeline : IDisposable
{
    private nint _pipeline;

    private Pipeline(nint pipeline) => _pipeline = pipeline;

    public nint Bus { get; private set; }

    public nint Video { get; private set; }

    /// <summary>0 without sound.</summary>
    public nint Audio { get; private set; }

    /// <summary>The instant on CLOCK_MONOTONIC at which running time is 0; known once the first sample is there.</summary>
    public TimeSpan BaseTime => FromNanoseconds(Gst.BaseTime(_pipeline));

    public static TimeSpan FromNanoseconds(ulong nanoseconds) => new((long)(nanoseconds / TimeSpan.NanosecondsPerTick));

    /// <summary>Builds a pipeline and gives it the clock, its sinks and its properties; it does not run yet.</summary>
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

    public void Dispose()
    {
        if (_pipeline == 0) return;
        _ = Gst.SetState(_pipeline, Gst.StateNull);
        foreach (var part in (ReadOnlySpan<nint>)[Video, Audio, Bus, _pipeline])
            if (part != 0) Gst.Unref(part);
        (_pipeline, Video, Audio, Bus) = (0, 0, 0, 0);
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
            CaptureFailure.Configuration, missing ?? $"GStreamer cannot build the pipeline: {text.ReplaceLineEndings(" ")}");
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
        Video = Gst.BinGetByName(_pipeline, PipelineDescription.VideoSink);
        Audio = Gst.BinGetByName(_pipeline, PipelineDescription.AudioSink);
        if (Video == 0)
            throw new CaptureException(CaptureFailure.Configuration, "the pipeline has no 'appsink name=video'");
        foreach (var property in description.Properties) Set(property);
    }

    private void Set(ElementProperty property)
    {
        var element = Gst.BinGetByName(_pipeline, property.Element);
        Gst.SetProperty(element, property.Name, property.Value);
        Gst.Unref(element);
    }
}
