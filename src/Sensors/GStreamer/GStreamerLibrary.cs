using System.Diagnostics.CodeAnalysis;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>Whether GStreamer is on this machine, and which Debian package brings what is missing.</summary>
public static class GStreamerLibrary
{
    private const string BasePackages =
        "libgstreamer1.0-0 libgstreamer-plugins-base1.0-0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good";

    private static readonly Lock Gate = new();
    private static bool _ready;

    /// <summary>Loads the library; answers its version, or why it cannot be used and how to get it.</summary>
    public static bool TryLoad([NotNullWhen(true)] out string? version, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            Load();
            version = Version();
            fault = null;
            return true;
        }
        catch (CaptureException e)
        {
            (version, fault) = (null, e.Message);
            return false;
        }
    }

    /// <summary>
    /// The elements that a source needs and this machine lacks, each with the package that brings it.
    /// </summary>
    /// <exception cref="CaptureException">GStreamer itself is missing.</exception>
    public static IReadOnlyList<string> Missing(CameraSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Load();
        return settings.Kind == CameraKind.Synthetic ? []
            : Missing(PipelineDescription.For(settings, Has("nvvidconv")));
    }

    /// <summary>The same for a microphone.</summary>
    /// <exception cref="CaptureException">GStreamer itself is missing.</exception>
    public static IReadOnlyList<string> Missing(MicrophoneSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Load();
        return settings.Kind == MicrophoneKind.Synthetic ? [] : Missing(SoundPipeline.For(settings));
    }

    /// <summary>Loads the library once; the same fault comes again at each call.</summary>
    internal static unsafe void Load()
    {
        lock (Gate)
        {
            if (_ready) return;
            try
            {
                GError* error = null;
                if (Gst.InitCheck(null, null, &error) == 0)
                    throw new CaptureException(
                        CaptureFailure.Configuration, $"GStreamer does not start: {Gst.Take(error)}");
                _ready = true;
            }
            catch (DllNotFoundException e)
            {
                throw new CaptureException(
                    CaptureFailure.Configuration, $"GStreamer is not installed: sudo apt install {BasePackages}", e);
            }
        }
    }

    /// <summary>Whether an element is there; <see cref="Load"/> comes first.</summary>
    internal static bool Has(string element)
    {
        var factory = Gst.FactoryFind(element);
        if (factory == 0) return false;
        Gst.Unref(factory);
        return true;
    }

    internal static string Describe(string element) =>
        $"the GStreamer element '{element}' is missing: {Remedy(element)}";

    private static unsafe string Version() => Gst.Text(Gst.VersionString());

    private static string Remedy(string element) => element switch
    {
        "alsasrc" => "sudo apt install gstreamer1.0-alsa",
        "pulsesrc" => "sudo apt install gstreamer1.0-pulseaudio",
        "appsink" or "decodebin" or "videoconvert" or "videoscale" or "videorate" or "audioconvert" or "audioresample"
            or "videotestsrc" or "audiotestsrc" => "sudo apt install gstreamer1.0-plugins-base",
        "rtspsrc" or "v4l2src" or "jpegdec" or "videoflip" => "sudo apt install gstreamer1.0-plugins-good",
        "filesrc" or "capsfilter" or "queue" => "sudo apt install libgstreamer1.0-0",
        _ when element.StartsWith("nv", StringComparison.Ordinal) => "it comes with JetPack (nvidia-l4t-gstreamer)",
        _ => $"find its package with: apt-file search libgst{element}.so, or gst-inspect-1.0",
    };

    private static string[] Missing(PipelineDescription description) =>
        [.. description.Elements.Where(element => !Has(element)).Select(Describe)];
}
