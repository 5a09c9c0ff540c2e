using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>
/// What an engine is good for: TensorRT's version, the driver's, the GPU. Asked of NVIDIA's own libraries, which this
/// program neither links nor brings.
/// </summary>
/// <param name="TensorRt">TensorRT's version, such as 10.9.0.</param>
/// <param name="Driver">The newest CUDA version that the driver knows, such as 13.0.</param>
/// <param name="Gpu">The GPU's name.</param>
/// <param name="ComputeCapability">What the GPU can do, such as 8.7.</param>
internal sealed record GpuPlatform(string TensorRt, string Driver, string Gpu, string ComputeCapability)
{
    /// <summary>The driver's library.</summary>
    public const string CudaLibrary = "libcuda.so.1";

    /// <summary>TensorRT's library, newest first.</summary>
    public static readonly IReadOnlyList<string> TensorRtLibraries = ["libnvinfer.so.10", "libnvinfer.so.8"];

    /// <summary>Asks the libraries.</summary>
    /// <param name="device">Number of the GPU, from 0.</param>
    /// <param name="cuda">The driver's library, by name or path.</param>
    /// <param name="tensorRt">TensorRT's library by names or paths, the first that loads is asked.</param>
    /// <exception cref="ModelException">
    /// A library is missing, or there is no such GPU; the line names which.
    /// </exception>
    public static GpuPlatform Read(int device, string cuda, IReadOnlyList<string> tensorRt)
    {
        var version = TensorRtVersion(tensorRt);
        var driver = Load([cuda]);
        return Ask(driver, Path.GetFileName(cuda), device) with { TensorRt = version };
    }

    private static unsafe string TensorRtVersion(IReadOnlyList<string> names)
    {
        var library = Load(names);
        var version = ((delegate* unmanaged<int>)Function(library, Path.GetFileName(names[0]), "getInferLibVersion"))();
        // 8601 is 8.6.1; from 10 on there are two digits more: 100900 is 10.9.0.
        var (major, minor) =
            version >= 10_000 ? (version / 10_000, version / 100 % 100) : (version / 1000, version / 100 % 10);
        return string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{version % 100}");
    }

    private static unsafe GpuPlatform Ask(nint library, string name, int device)
    {
        int version, handle, major, minor;
        Check(((delegate* unmanaged<uint, int>)Function(library, name, "cuInit"))(0), "cuInit");
        Check(((delegate* unmanaged<int*, int>)Function(library, name, "cuDriverGetVersion"))(&version),
            "cuDriverGetVersion");
        Check(((delegate* unmanaged<int*, int, int>)Function(library, name, "cuDeviceGet"))(&handle, device),
            $"cuDeviceGet of GPU {device}");
        Span<byte> text = stackalloc byte[256];
        fixed (byte* bytes = text)
        {
            Check(
                ((delegate* unmanaged<byte*, int, int, int>)Function(library, name, "cuDeviceGetName"))(
                    bytes, text.Length - 1, handle), "cuDeviceGetName");
        }

        const int CapabilityMajor = 75, CapabilityMinor = 76;
        var attribute = (delegate* unmanaged<int*, int, int, int>)Function(library, name, "cuDeviceGetAttribute");
        Check(attribute(&major, CapabilityMajor, handle), "cuDeviceGetAttribute");
        Check(attribute(&minor, CapabilityMinor, handle), "cuDeviceGetAttribute");
        var length = text.IndexOf((byte)0);
        return new GpuPlatform(
            "", string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}"),
            Encoding.UTF8.GetString(text[..Math.Max(length, 0)]),
            string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}"));

        void Check(int result, string call)
        {
            if (result != 0) throw new ModelException($"{name}: {call} failed with CUDA's error {result}");
        }
    }

    private static nint Load(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library)) return library;
        }

        try
        {
            return NativeLibrary.Load(names[0]);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new ModelException(OnnxRuntimeLibrary.NativeReason(e), e);
        }
    }

    private static nint Function(nint library, string name, string function) =>
        NativeLibrary.TryGetExport(library, function, out var address)
        ? address
        : throw new ModelException($"{name} has no {function}");
}
