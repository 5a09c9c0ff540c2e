using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Fusion.Inference.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Inference;

/// <summary>Opens sessions on the best execution provider that this machine has.</summary>
public static class ExecutionProviders
{
    /// <summary>What a provider lacks on this machine, in ONNX Runtime's words; null if it can be used.</summary>
    /// <exception cref="ModelException">ONNX Runtime itself cannot be used.</exception>
    public static string? Missing(ExecutionProvider provider)
    {
        OnnxRuntimeLibrary.Prepare();
        return InferencePlatform.Machine.Missing(provider, new InferenceSettings().GpuDevice);
    }

    /// <summary>
    /// Tries the providers in order. One whose libraries are missing is named with ONNX Runtime's own words, which name
    /// the library; TensorRT serves only where its engine was built before, and otherwise the answer says which is
    /// wanted.
    /// </summary>
    /// <exception cref="ModelException">None of them could run the model, or the first was required.</exception>
    internal static OpenedSession Open(
        byte[] model, ModelManifest manifest, string modelsFolder, InferenceSettings settings,
        InferencePlatform platform)
    {
        var order = settings.OrderFor(manifest);
        var missing = new List<string>();
        EngineRequest? wanted = null;
        foreach (var provider in order)
        {
            var lack = platform.Missing(provider, settings.GpuDevice);
            var values = InferencePlatform.Device(settings.GpuDevice);
            if (lack is null && provider == ExecutionProvider.Tensorrt)
                lack = FindEngine(manifest, modelsFolder, settings, platform, ref values, ref wanted);
            if (lack is null)
            {
                try
                {
                    using var options = Options(settings);
                    Append(options, order, provider, values, settings, platform);
                    return new OpenedSession(new InferenceSession(model, options), provider, missing, wanted);
                }
                catch (Exception e) when (InferencePlatform.IsMissing(e) && provider != ExecutionProvider.Cpu)
                {
                    lack = Reason(e);
                }
                catch (OnnxRuntimeException e)
                {
                    throw new ModelException(
                        $"model '{manifest.Name}': {manifest.File} is not a model that can be loaded: {Reason(e)}", e);
                }
            }

            missing.Add($"{Name(provider)}: {lack}");
            if (settings.RequireFirstProvider) break;
        }

        throw new ModelException(
            $"model '{manifest.Name}': no execution provider can run it here ({string.Join("; ", missing)})"
                                 + (settings.RequireFirstProvider ? "; inference.requireFirstProvider is set" : ""));
    }

    /// <summary>A session on TensorRT that builds its engine into a folder.</summary>
    /// <exception cref="ModelException">TensorRT is not there, or cannot build it.</exception>
    internal static OpenedSession OpenForBuild(
        byte[] model, ModelManifest manifest, string modelsFolder, InferenceSettings settings,
        InferencePlatform platform, EngineDraft draft)
    {
        try
        {
            using var options = Options(settings);
            var values = TensorRtOptions.For(manifest, modelsFolder, settings, draft.Folder, draft.TimingFolder);
            Append(options, settings.OrderFor(manifest), ExecutionProvider.Tensorrt, values, settings, platform);
            return new OpenedSession(new InferenceSession(model, options), ExecutionProvider.Tensorrt, [], null);
        }
        catch (Exception e) when (InferencePlatform.IsMissing(e))
        {
            throw new ModelException($"model '{manifest.Name}': TensorRT cannot build its engine: {Reason(e)}", e);
        }
    }

    /// <summary>The provider's name as people write it.</summary>
    public static string Name(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Tensorrt => "TensorRT",
        ExecutionProvider.Cuda => "CUDA",
        _ => "CPU",
    };

    // What TensorRT lacks to serve this model at once: the libraries that its key is read from, or the engine.
    private static string? FindEngine(
        ModelManifest manifest, string modelsFolder, InferenceSettings settings, InferencePlatform platform,
        ref Dictionary<string, string> values, ref EngineRequest? wanted)
    {
        try
        {
            var key = EngineKey.For(manifest, modelsFolder, platform.ReadGpu(settings.GpuDevice));
            var cache = settings.EngineCacheFor(modelsFolder);
            if (cache.Find(key) is not { } engine)
            {
                wanted = new EngineRequest(key, cache);
                return $"its engine is not in {cache.Folder} yet ('edge-perception models build' puts it there)";
            }

            values = TensorRtOptions.For(manifest, modelsFolder, settings, engine, timingFolder: null);
            return null;
        }
        catch (ModelException e)
        {
            return e.Message;
        }
    }

    // Parts of a graph that TensorRT cannot run fall to the next provider of the session, which had better be CUDA.
    private static void Append(
        SessionOptions options, IReadOnlyList<ExecutionProvider> order, ExecutionProvider provider,
        Dictionary<string, string> values,
        InferenceSettings settings, InferencePlatform platform)
    {
        platform.Append(options, provider, values);
        if (provider == ExecutionProvider.Tensorrt && order.Contains(ExecutionProvider.Cuda)
            && platform.Missing(ExecutionProvider.Cuda, settings.GpuDevice) is null)
        {
            platform.Append(options, ExecutionProvider.Cuda, InferencePlatform.Device(settings.GpuDevice));
        }
    }

    private static SessionOptions Options(InferenceSettings settings) => new()
    {
        // Its warnings are nothing that a user can act on, and its errors come as exceptions, told in one line.
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        IntraOpNumThreads = settings.Threads,
        InterOpNumThreads = 1,
    };

    /// <summary>What a build of ONNX Runtime without a provider lacks, and where one with it comes from.</summary>
    internal const string NotInThisBuild =
        "not in this build of ONNX Runtime; build with -p:OnnxRuntimeGpu=true (x64), or "
                                           + $"name the folder of a build for the GPU in {OnnxRuntimeLibrary.Variable}";

    /// <summary>What ONNX Runtime has to say, without the places in its own source that it puts before it.</summary>
    internal static string Reason(Exception e)
    {
        const string LibraryMark = " with error: ";
        const string StatusMark = " : FAIL : ";
        const string NotBuilt = " is not enabled in this build";
        var message = SessionFault.Explain(e.Message.Split('\n')[0].Trim());
        if (message.Contains(NotBuilt, StringComparison.Ordinal)) return NotInThisBuild;
        foreach (var mark in (string[])[LibraryMark, StatusMark])
        {
            var at = message.LastIndexOf(mark, StringComparison.Ordinal);
            if (at < 0) continue;
            message = message[(at + mark.Length)..];
            break;
        }

        // "/folder/libx.so: cannot open shared object file": the name says it.
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return message.StartsWith('/') && colon > 0 ? Path.GetFileName(message[..colon]) + message[colon..] : message;
    }
}

/// <summary>A session and how it came about.</summary>
/// <param name="Session">The session; the caller's.</param>
/// <param name="Provider">What runs it.</param>
/// <param name="Missing">The providers before it, each with what it lacks.</param>
/// <param name="Wanted">The engine without which TensorRT does not serve yet.</param>
internal sealed record OpenedSession(
    InferenceSession Session, ExecutionProvider Provider, IReadOnlyList<string> Missing, EngineRequest? Wanted);
