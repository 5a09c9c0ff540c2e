using System.Globalization;
using EdgePerception.Fusion.Inference.Engines;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// The native side that sessions are opened on: this machine's, or in tests stand-ins for libraries of a GPU.
/// </summary>
/// <param name="Append">Adds a provider with its options to a session's; throws what ONNX Runtime throws.</param>
/// <param name="ReadGpu">
/// What engines for the GPU of that number are good for; throws <see cref="ModelException"/>.
/// </param>
internal sealed record InferencePlatform(
    Action<SessionOptions, ExecutionProvider, Dictionary<string, string>> Append, Func<int, GpuPlatform> ReadGpu)
{
    /// <summary>This machine.</summary>
    public static readonly InferencePlatform Machine = new(
        AppendNative, device => GpuPlatform.Read(device, GpuPlatform.CudaLibrary, GpuPlatform.TensorRtLibraries));

    /// <summary>What a provider lacks here, in ONNX Runtime's words; null if it can be used.</summary>
    public string? Missing(ExecutionProvider provider, int device)
    {
        if (provider == ExecutionProvider.Cpu) return null;
        using var options = new SessionOptions();
        try
        {
            Append(options, provider, Device(device));
            return null;
        }
        catch (Exception e) when (IsMissing(e))
        {
            var reason = ExecutionProviders.Reason(e);
            // The loader names the first that is missing; people want to hear of all at once.
            var all = OnnxRuntimeLibrary.Folder is { } folder
                ? SharedLibrary.MissingFor(
                    Path.Combine(folder, $"libonnxruntime_providers_{provider.ToString().ToLowerInvariant()}.so"))
                : [];
            return all.Count > 1 && reason.StartsWith($"{all[0]}: ", StringComparison.Ordinal)
                ? string.Join(", ", all) + reason[all[0].Length..]
                : reason;
        }
    }

    /// <summary>Whether an exception says that a provider is not to be had.</summary>
    public static bool IsMissing(Exception e) =>
        e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException;

    /// <summary>The options that only name the GPU.</summary>
    public static Dictionary<string, string> Device(int device) =>
        new() { ["device_id"] = device.ToString(CultureInfo.InvariantCulture) };

    // The overloads with an options object name the missing library; those with a device number hide it.
    private static void AppendNative(
        SessionOptions options, ExecutionProvider provider, Dictionary<string, string> values)
    {
        switch (provider)
        {
            case ExecutionProvider.Tensorrt:
                using (var tensorRt = new OrtTensorRTProviderOptions())
                {
                    tensorRt.UpdateOptions(values);
                    options.AppendExecutionProvider_Tensorrt(tensorRt);
                }

                break;
            case ExecutionProvider.Cuda:
                using (var cuda = new OrtCUDAProviderOptions())
                {
                    cuda.UpdateOptions(values);
                    options.AppendExecutionProvider_CUDA(cuda);
                }

                break;
            case ExecutionProvider.Cpu:
                break;
        }
    }
}
