using System.Runtime.InteropServices;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// The functions of GStreamer 1.20 and later that are used, by their versioned names. Pointers that a comment calls
/// owned are released by the caller.
/// </summary>
internal static unsafe partial class Gst
{
    public const string Core = "libgstreamer-1.0.so.0";
    public const string App = "libgstapp-1.0.so.0";
    public const string GLib = "libglib-2.0.so.0";
    public const ulong NoTime = ulong.MaxValue;
    public const int FormatTime = 3;
    public const int StateNull = 1;
    public const int StatePlaying = 4;
    public const int StateChangeFailure = 0;
    public const int MapRead = 1;

    [LibraryImport(Core, EntryPoint = "gst_init_check")]
    public static partial int InitCheck(int* argc, byte*** argv, GError** error);

    [LibraryImport(Core, EntryPoint = "gst_version_string")]
    public static partial byte* VersionString();

    // Owned, or null; the error may be set together with a pipeline.
    [LibraryImport(Core, EntryPoint = "gst_parse_launch_full", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ParseLaunch(string description, nint context, int flags, GError** error);

    [LibraryImport(Core, EntryPoint = "gst_parse_context_new")]
    public static partial nint ParseContextNew();

    [LibraryImport(Core, EntryPoint = "gst_parse_context_free")]
    public static partial void ParseContextFree(nint context);

    // An owned array of owned strings, or null.
    [LibraryImport(Core, EntryPoint = "gst_parse_context_get_missing_elements")]
    public static partial byte** MissingElements(nint context);

    // Owned, or null.
    [LibraryImport(Core, EntryPoint = "gst_element_factory_find", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FactoryFind(string name);

    // Owned, or null.
    [LibraryImport(Core, EntryPoint = "gst_bin_get_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BinGetByName(nint bin, string name);

    [LibraryImport(Core, EntryPoint = "gst_util_set_object_arg", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetProperty(nint element, string name, string value);

    // Owned.
    [LibraryImport(Core, EntryPoint = "gst_system_clock_obtain")]
    public static partial nint SystemClock();

    [LibraryImport(Core, EntryPoint = "gst_pipeline_use_clock")]
    public static partial void UseClock(nint pipeline, nint clock);

    [LibraryImport(Core, EntryPoint = "gst_element_set_state")]
    public static partial int SetState(nint element, int state);

    [LibraryImport(Core, EntryPoint = "gst_element_get_base_time")]
    public static partial ulong BaseTime(nint element);

    // Owned.
    [LibraryImport(Core, EntryPoint = "gst_element_get_bus")]
    public static partial nint Bus(nint element);

    // Owned, or null.
    [LibraryImport(Core, EntryPoint = "gst_bus_pop")]
    public static partial nint BusPop(nint bus);

    // The error and the text are owned.
    [LibraryImport(Core, EntryPoint = "gst_message_parse_error")]
    public static partial void ParseError(nint message, GError** error, byte** debug);

    // The error and the text are owned.
    [LibraryImport(Core, EntryPoint = "gst_message_parse_warning")]
    public static partial void ParseWarning(nint message, GError** error, byte** debug);

    [LibraryImport(Core, EntryPoint = "gst_message_get_structure")]
    public static partial nint MessageStructure(nint message);

    [LibraryImport(Core, EntryPoint = "gst_object_unref")]
    public static partial void Unref(nint instance);

    [LibraryImport(Core, EntryPoint = "gst_mini_object_unref")]
    public static partial void MiniUnref(nint instance);

    [LibraryImport(Core, EntryPoint = "gst_mini_object_ref")]
    public static partial nint MiniRef(nint instance);

    // Owned, or null.
    [LibraryImport(App, EntryPoint = "gst_app_sink_try_pull_sample")]
    public static partial nint TryPullSample(nint sink, ulong timeoutNanoseconds);

    [LibraryImport(App, EntryPoint = "gst_app_sink_is_eos")]
    public static partial int IsEos(nint sink);

    [LibraryImport(Core, EntryPoint = "gst_sample_get_buffer")]
    public static partial GstBuffer* SampleBuffer(nint sample);

    [LibraryImport(Core, EntryPoint = "gst_sample_get_caps")]
    public static partial nint SampleCaps(nint sample);

    [LibraryImport(Core, EntryPoint = "gst_sample_get_segment")]
    public static partial nint SampleSegment(nint sample);

    [LibraryImport(Core, EntryPoint = "gst_segment_to_running_time")]
    public static partial ulong ToRunningTime(nint segment, int format, ulong position);

    [LibraryImport(Core, EntryPoint = "gst_caps_get_structure")]
    public static partial nint CapsStructure(nint caps, uint index);

    // Owned by the structure.
    [LibraryImport(Core, EntryPoint = "gst_structure_get_name")]
    public static partial byte* StructureName(nint structure);

    // Owned by the structure, or null.
    [LibraryImport(Core, EntryPoint = "gst_structure_get_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* StructureString(nint structure, string field);

    [LibraryImport(Core, EntryPoint = "gst_structure_get_int", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StructureInt(nint structure, string field, int* value);

    [LibraryImport(Core, EntryPoint = "gst_buffer_map")]
    public static partial int Map(GstBuffer* buffer, GstMapInfo* info, int flags);

    [LibraryImport(Core, EntryPoint = "gst_buffer_unmap")]
    public static partial void Unmap(GstBuffer* buffer, GstMapInfo* info);

    [LibraryImport(GLib, EntryPoint = "g_error_free")]
    public static partial void ErrorFree(GError* error);

    [LibraryImport(GLib, EntryPoint = "g_free")]
    public static partial void Free(void* memory);

    [LibraryImport(GLib, EntryPoint = "g_strfreev")]
    public static partial void FreeStrings(byte** strings);

    /// <summary>A native string that is not owned.</summary>
    /// <summary>
    /// Whether caps are others than the last. Holding the last ones keeps their address from being reused, so that
    /// comparing addresses is enough.
    /// </summary>
    public static bool IsNew(nint caps, ref nint last)
    {
        if (caps == last) return false;
        Forget(ref last);
        last = MiniRef(caps);
        return true;
    }

    /// <summary>Gives up caps that were held.</summary>
    public static void Forget(ref nint caps)
    {
        if (caps != 0) MiniUnref(caps);
        caps = 0;
    }

    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>Takes an error's text and frees it.</summary>
    public static string Take(GError* error)
    {
        if (error is null) return "";
        var text = Text(error->Message);
        ErrorFree(error);
        return text;
    }
}

/// <summary>GError of GLib.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GError
{
    public uint Domain;
    public int Code;
    public byte* Message;
}

/// <summary>The public part of GstBuffer (gst/gstbuffer.h), the same on every 64-bit platform.</summary>
[StructLayout(LayoutKind.Explicit, Size = 112)]
internal struct GstBuffer
{
    [FieldOffset(72)] public ulong PresentationTime;
}

/// <summary>The public part of GstMessage (gst/gstmessage.h), the same on every 64-bit platform.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GstMessage
{
    public const uint Error = 1 << 1;
    public const uint Warning = 1 << 2;
    public const uint Element = 1 << 15;

    [FieldOffset(64)] public uint Type;
}

/// <summary>GstMapInfo (gst/gstmemory.h), the same on every 64-bit platform.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal unsafe struct GstMapInfo
{
    [FieldOffset(16)] public byte* Data;
    [FieldOffset(24)] public nuint Size;
}
