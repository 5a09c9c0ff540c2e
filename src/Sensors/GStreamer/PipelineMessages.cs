using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// Empties a pipeline's bus: an error becomes an exception that names the source and what to install, a warning a line
/// in the log. The bus is emptied at each read, or it would grow.
/// </summary>
internal sealed unsafe class PipelineMessages(nint bus, PipelineWords words, CaptureLife life, ILogger logger)
{
    private string? _missing;
    private string? _warning;

    /// <summary>Looks at everything that was said since the last time.</summary>
    /// <exception cref="CaptureException">An error was among it.</exception>
    public void Check(bool seen)
    {
        for (nint message; (message = Gst.BusPop(bus)) != 0;)
        {
            try { Look(message, seen); }
            finally { Gst.MiniUnref(message); }
        }
    }

    /// <summary>The exception for a source that gives nothing, with what its pipeline said.</summary>
    public CaptureException Failure(string what, bool seen)
    {
        if (!seen && _missing is not null)
            what = $"no plug-in for {_missing}: sudo apt install gstreamer1.0-libav gstreamer1.0-plugins-bad";
        return new CaptureException(CaptureFailure.Error, $"{words.Where}: {what.ReplaceLineEndings(" ").Trim()}");
    }

    private void Look(nint message, bool seen)
    {
        GError* error = null;
        byte* debug = null;
        switch (((GstMessage*)message)->Type)
        {
            case GstMessage.Error:
                Gst.ParseError(message, &error, &debug);
                throw Failure(Explain(Gst.Take(error), TakeText(debug), seen), seen);
            case GstMessage.Warning:
                Gst.ParseWarning(message, &error, &debug);
                Warn(Gst.Take(error), TakeText(debug), seen);
                break;
            case GstMessage.Element:
                NoteMissingPlugin(Gst.MessageStructure(message));
                break;
        }
    }

    private string Explain(string text, string debug, bool seen)
    {
        // What decodebin calls an internal error is a stream that no branch of the pipeline wanted.
        if (words.IsFile && !seen && debug.Contains("not-linked", StringComparison.Ordinal))
            return words.Stream;
        // Nor is it a fault of this machine that a stream cannot be decoded which nobody wants.
        if (words.IsFile && !seen && debug.Contains("no suitable plugins", StringComparison.Ordinal)
            && words.Foreign.Any(caps => debug.Contains(caps, StringComparison.Ordinal)))
            return words.Stream;
        // The first line of the details says what the text does not, such as the errno of a device.
        var detail = debug.Split('\n', 2) is [_, var rest] ? rest.ReplaceLineEndings(" ").Trim() : "";
        return detail.Length is 0 or > 200 ? text : $"{text} ({detail})";
    }

    private void Warn(string text, string debug, bool seen)
    {
        if (!seen && debug.Contains("delayed linking", StringComparison.OrdinalIgnoreCase))
            throw Failure(words.Stream, seen);
        // One that repeats, as at a broken stream, is said once.
        if (text == _warning) return;
        _warning = text;
        logger.Warned(life.Kind, life.Name, life.Redaction.Strike(text.ReplaceLineEndings(" ").Trim()));
    }

    private void NoteMissingPlugin(nint structure)
    {
        if (structure == 0 || Gst.Text(Gst.StructureName(structure)) != "missing-plugin") return;
        var name = Gst.Text(Gst.StructureString(structure, "name"));
        _missing = name.Length > 0 ? name : Gst.Text(Gst.StructureString(structure, "detail"));
    }

    private static string TakeText(byte* text)
    {
        var result = Gst.Text(text);
        Gst.Free(text);
        return result;
    }
}
