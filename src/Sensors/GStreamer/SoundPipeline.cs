using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>The GStreamer pipeline of a microphone, as <see cref="PipelineDescription"/> has it.</summary>
internal static class SoundPipeline
{
    private const string Source = "source";

    // Streams that are no sound are neither decoded nor waited for.
    private const string Decode = "decodebin expose-all-streams=false caps=\"audio/x-raw\"";

    /// <summary>Describes the pipeline of a microphone.</summary>
    /// <param name="settings">Valid ones.</param>
    public static PipelineDescription For(MicrophoneSettings settings)
    {
        if (settings.Kind == MicrophoneKind.Custom)
            return new(settings.Pipeline!, PipelineDescription.AudioSink, [], []);
        var properties = new List<ElementProperty>();
        var launch = $"{Head(settings, properties)} ! {Tail(settings)}";
        return PipelineDescription.Of(launch, PipelineDescription.AudioSink, properties);
    }

    private static string Head(MicrophoneSettings settings, List<ElementProperty> properties)
    {
        switch (settings.Kind)
        {
            case MicrophoneKind.File:
                properties.Add(new(Source, "location", Path.GetFullPath(settings.Path!)));
                return $"filesrc name={Source} ! {Decode}";
            case MicrophoneKind.Rtsp:
                properties.Add(new(Source, "location", settings.Url!));
                var protocols = settings.Transport == RtspTransport.Tcp ? "tcp" : "udp";
                return $"rtspsrc name={Source} protocols={protocols} latency={settings.LatencyMs}"
                    + $" drop-on-latency=true  {Source}. ! application/x-rtp,media=audio ! decodebin";
            case MicrophoneKind.Alsa or MicrophoneKind.Pulse:
                if (settings.Device is { } device) properties.Add(new(Source, "device", device));
                var element = settings.Kind == MicrophoneKind.Alsa ? "alsasrc" : "pulsesrc";
                return $"{element} name={Source} provide-clock=false latency-time=10000 buffer-time=200000"
                    + $" ! capsfilter caps=\"audio/x-raw,channels={settings.Channels};audio/x-raw\"";
            case MicrophoneKind.TestTone:
                return "audiotestsrc is-live=true volume=0.1 samplesperbuffer=160"
                    + $" ! audio/x-raw,rate={AudioBuffer.SampleRate}";
            default:
                throw new ArgumentException(
                    $"no pipeline makes a microphone of kind {settings.Kind}", nameof(settings));
        }
    }

    // The source's channels stay as many as they are: GStreamer mixes loudspeakers whose places it knows, and refuses
    // to mix the microphones of an array, which have none. Live sound is never held back for the clock: that only adds
    // its latency; a file plays by it.
    private static string Tail(MicrophoneSettings settings) =>
        "audioconvert ! audioresample"
        + $" ! audio/x-raw,format=F32LE,layout=interleaved,rate={AudioBuffer.SampleRate}"
        + $" ! appsink name={PipelineDescription.AudioSink}"
        + $" sync={(settings.Kind == MicrophoneKind.File ? "true" : "false")} max-buffers=200 drop=true"
        + " enable-last-sample=false qos=false wait-on-eos=false";
}
