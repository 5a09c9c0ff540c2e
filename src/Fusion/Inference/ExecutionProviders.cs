using System.Globalization;
using EdgePerception.Fusion.Inference.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Inference;

/// <summary>Opens sessions on the best execution provider that this machine has.</summary>
public static class ExecutionProviders
{
    /// <summary>What a provider lacks on this machine, in ONNX Runtime's words; none when it can be used.</summary>
    public static string? Missing(ExecutionProvider provider)
    {
        using var options = new SessionOptions();
        try
        {
            Append(options, provider, new InferenceSettings());
            return null;
        }
        catch (Exception e) when (IsMissing(e))
        {
            return Reason(e);
        }
    }

    /// <summary>
    /// Tries the providers in order. A provider whose libraries are missing is put into <paramref name="missing"/>
    /// with ONNX Runtime's own words, which name the library.
    /// </summary>
    /// <exception cref="ModelException">None of them could run the model, or the first was required.</exception>
    internal static (InferenceSession Session, ExecutionProvider Provider) Open(
        byte[] model, ModelManifest manifest, InferenceSettings settings, List<string> missing)
    {
        foreach (var provider in manifest.Providers)
        {
            using var options = new SessionOptions
            {
                // Its warnings are nothing that a user can act on, and its errors come as exceptions, told in one line.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                IntraOpNumThreads = settings.Threads,
                InterOpNumThreads = 1,
            };
            try
            {
                Append(options, provider, settings);
            }
            catch (Exception e) when (IsMissing(e))
            {
                missing.Add($"{Name(provider)}: {Reason(e)}");
                if (settings.RequireFirstProvider) break;
                continue;
            }

            try
            {
                return (new InferenceSession(model, options), provider);
            }
            catch (OnnxRuntimeException e) when (provider != ExecutionProvider.Cpu)
            {
                missing.Add($"{Name(provider)}: {Reason(e)}");
                if (settings.RequireFirstProvider) break;
            }
            catch (OnnxRuntimeException e)
            {
                throw new ModelException($"model '{manifest.Name}': {manifest.File} is not a model that can be loaded: {Reason(e)}", e);
            }
        }

        throw new ModelException($"model '{manifest.Name}': no execution provider can run it here ({string.Join("; ", missing)})"
                                 + (settings.RequireFirstProvider ? "; inference.requireFirstProvider is set" : ""));
    }

    /// <summary>The provider's name as people write it.</summary>
    public static string Name(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Tensorrt => "TensorRT",
        ExecutionProvider.Cuda => "CUDA",
        _ => "CPU",
    };

    private static bool IsMissing(Exception e) => e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException;

    // The overloads with an options object name the missing library; those with a device number hide it.
    private static void Append(SessionOptions options, ExecutionProvider provider, InferenceSettings settings)
    {
        var device = new Dictionary<string, string>
        {
            ["device_id"] = settings.GpuDevice.ToString(CultureInfo.InvariantCulture),
        };
        switch (provider)
        {
            case ExecutionProvider.Tensorrt:
                using (var tensorRt = new OrtTensorRTProviderOptions())
                {
                    tensorRt.UpdateOptions(device);
                    options.AppendExecutionProvider_Tensorrt(tensorRt);
                }

                break;
            case ExecutionProvider.Cuda:
                using (var cuda = new OrtCUDAProviderOptions())
                {
                    cuda.UpdateOptions(device);
                    options.AppendExecutionProvider_CUDA(cuda);
                }

                break;
            case ExecutionProvider.Cpu:
                break;
        }
    }

    /// <summary>What ONNX Runtime has to say, without the places in its own source that it puts before it.</summary>
    internal static string Reason(Exception e)
    {
        const string LibraryMark = " with error: ";
        const string StatusMark = " : FAIL : ";
        var message = SessionFault.Explain(e.Message.Split('\n')[0].Trim());
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
