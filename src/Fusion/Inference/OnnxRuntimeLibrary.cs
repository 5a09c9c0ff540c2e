using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// Which build of ONNX Runtime's library this process uses: the one that comes with the program, or a device's own from
/// the folder in <c>EDGE_PERCEPTION_ONNXRUNTIME</c>, where its CUDA and TensorRT providers lie beside it. Thread-safe.
/// </summary>
public static unsafe partial class OnnxRuntimeLibrary
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "EDGE_PERCEPTION_ONNXRUNTIME";

    private const string TelemetrySwitch = "ORT_DISABLE_TELEMETRY";

    // The bindings copy the table of functions that 1.25 has and later versions only add to: an older library would
    // hand out whatever lies behind its own table.
    private static readonly Version Oldest = new(1, 25);
    private static readonly Version TooNew = new(2, 0);
    private static readonly string[] Names = ["libonnxruntime.so", "libonnxruntime.so.1"];
    private static readonly Lazy<string?> Chosen = new(() => Choose(Environment.GetEnvironmentVariable(Variable)));

    /// <summary>The library's version and where it is from, for people.</summary>
    /// <exception cref="ModelException">The library cannot be used.</exception>
    public static string Description => $"{Version}, {Chosen.Value ?? "the one that comes with the program"}";

    /// <summary>The library's version.</summary>
    /// <exception cref="ModelException">The library cannot be used.</exception>
    public static string Version
    {
        get
        {
            Prepare();
            return OrtEnv.Instance().GetVersionString();
        }
    }

    /// <summary>
    /// The folder of the library, where its providers must lie; none for the program's own before it is loaded.
    /// </summary>
    internal static string? Folder => Path.GetDirectoryName(Chosen.Value ?? LoadedFile());

    /// <summary>
    /// Makes sure of the library before anything of ONNX Runtime is touched; whoever opens a session calls it first.
    /// </summary>
    /// <exception cref="ModelException">
    /// The folder has no library, or one that these bindings cannot work with.
    /// </exception>
    public static void Prepare() => _ = Chosen.Value;

    /// <summary>
    /// Keeps ONNX Runtime from calling its maker and from leaving a device's id and a log at the user's: on Linux its
    /// telemetry is on unless the environment says otherwise when the library is loaded. <see cref="Prepare"/> does so
    /// as well; a program calls this first thing, since other native threads may read the environment later on.
    /// </summary>
    public static void DisableTelemetry()
    {
        if (Environment.GetEnvironmentVariable(TelemetrySwitch) == "1") return;
        // .NET's own setter changes a copy, which native libraries never see, and which processes that are started get.
        Environment.SetEnvironmentVariable(TelemetrySwitch, "1");
        if (SetEnv(TelemetrySwitch, "1", 1) != 0)
            throw new ModelException($"{TelemetrySwitch} cannot be set: the environment is full");
    }

    /// <summary>
    /// Loads the library on another thread, for whoever has other things to do before the first session. The process
    /// must not end before the task does: the library's own clean-up would meet its half-made state. What is wrong with
    /// it is told by <see cref="Prepare"/>; the task never fails.
    /// </summary>
    public static Task LoadAheadAsync() => Task.Run(static () =>
    {
        try
        {
            _ = Version;
        }
        catch (ModelException)
        {
            // Told by whoever needs it.
        }
    });

    // The file that the environment names, after it was loaded; none for the program's own.
    private static string? Choose(string? folder)
    {
        DisableTelemetry();
        if (string.IsNullOrEmpty(folder)) return null;
        var file = Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
                   ?? throw Unusable(folder, $"holds no {string.Join(" and no ", Names)}");
        var library = Load(file);
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(
            typeof(OrtEnv).Assembly, (name, _, _) => name == "onnxruntime" ? library : 0);
        return file;
    }

    private static nint Load(string file)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(Path.GetFullPath(file));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw Unusable(file, $"cannot be loaded: {NativeReason(e)}");
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var getBase))
            throw Unusable(file, "is not ONNX Runtime: it has no OrtGetApiBase");
        var functions = ((delegate* unmanaged<ApiBase*>)getBase)();
        var text = Marshal.PtrToStringUTF8((nint)functions->GetVersionString()) ?? "";
        // "1.23.0-dev+cuda" is 1.23 for this purpose.
        if (!System.Version.TryParse(text.Split('-', '+')[0], out var version) || version < Oldest || version >= TooNew)
            throw Unusable(
                file, $"is ONNX Runtime {text}, and this program needs version {Oldest} or later below {TooNew}");
        return library;
    }

    private static string? LoadedFile() => File.ReadLines("/proc/self/maps")
        .Select(line => line[Math.Max(line.IndexOf('/', StringComparison.Ordinal), 0)..])
        .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libonnxruntime.so", StringComparison.Ordinal));

    /// <summary>The linker's own line of a failed load, which names the library that is missing.</summary>
    internal static string NativeReason(Exception e)
    {
        var line = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("");
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return line.StartsWith('/') && colon > 0 ? Path.GetFileName(line[..colon]) + line[colon..] : line;
    }

    private static ModelException Unusable(string what, string problem) =>
        new($"{Variable}: {what} {problem}; name the folder of a fitting build, or unset the variable to use the one "
            + "that comes with the program");

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ApiBase
    {
        public readonly nint GetApi;
        public readonly delegate* unmanaged<byte*> GetVersionString;
    }
}
