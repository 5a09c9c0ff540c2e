using System.Diagnostics;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>Small C libraries in the place of NVIDIA's and others.</summary>
internal static class CompiledLibrary
{
    /// <summary>A driver that knows CUDA 13.0 and one GPU.</summary>
    public const string Cuda = """
        #include <string.h>
        int cuInit(unsigned flags) { return flags; }
        int cuDriverGetVersion(int *version) { *version = 13000; return 0; }
        int cuDeviceGet(int *device, int ordinal) { *device = 40 + ordinal; return ordinal == 0 ? 0 : 101; }
        int cuDeviceGetName(char *name, int length, int device) { strncpy(name, "Orin (stand-in)", length); return device == 40 ? 0 : 1; }
        int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute == 75 ? 8 : attribute == 76 ? 7 : -1; return 0; }
        """;

    /// <summary>TensorRT of that version number.</summary>
    public static string TensorRt(int version) => $"int getInferLibVersion(void) {{ return {version}; }}";

    /// <summary>An ONNX Runtime that has nothing but a version.</summary>
    public static string OnnxRuntime(string version) => $$"""
        static const void *api(unsigned version) { return 0; }
        static const char *text(void) { return "{{version}}"; }
        static const struct { const void *(*get)(unsigned); const char *(*version)(void); } base = { api, text };
        const void *OrtGetApiBase(void) { return &base; }
        """;

    /// <summary>Compiles a library into the folder and answers its path.</summary>
    public static string Make(TemporaryFolder folder, string name, string source, string options = "")
    {
        var file = folder.Write($"{name}.c", source);
        var library = Path.Combine(folder.Path, name);
        var start = new ProcessStartInfo("gcc",
            ["-shared", "-fPIC", "-o", library, file, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardError = true,
        };
        using var compiler = Process.Start(start)!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, errors);
        return library;
    }
}
