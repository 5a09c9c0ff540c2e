using System.Diagnostics;
using System.Globalization;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>How the service has an engine built: this very program, as a process of its own, with <c>models build</c>.</summary>
public static class EngineBuildProcess
{
    /// <summary>The process, not started.</summary>
    /// <param name="manifestFile">The model's manifest.</param>
    /// <param name="modelsFolder">What the manifest's files are relative to.</param>
    /// <param name="settings">The GPU and where the engine is wanted.</param>
    /// <param name="cache">Where engines lie.</param>
    public static ProcessStartInfo For(string manifestFile, string modelsFolder, InferenceSettings settings, EngineCache cache)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program);
        // Run by dotnet, the program is its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "EdgePerception.Runtime.dll"));
        foreach (var argument in (string[])
                 [
                     "models", "build", manifestFile, "--models-folder", modelsFolder, "--engine-cache", cache.Folder,
                     "--gpu", settings.GpuDevice.ToString(CultureInfo.InvariantCulture), "--json",
                 ])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
