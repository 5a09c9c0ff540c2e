using System.Diagnostics;
using System.Globalization;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Runtime.Configuration;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>How the service has an engine built: this very program, as a process of its own, with <c>models build</c>.</summary>
public static class EngineBuildProcess
{
    /// <summary>The build of an engine that the service's detector wants; not started.</summary>
    public static ProcessStartInfo For(ServiceConfiguration configuration, EngineWanted wanted)
    {
        var program = Environment.ProcessPath!;
        // A build takes all cores for minutes, and what serves meanwhile needs them more.
        var start = new ProcessStartInfo("nice", ["-n", "10", program]);
        // Run by dotnet, the program is its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "EdgePerception.Runtime.dll"));
        foreach (var argument in (string[])
                 [
                     "models", "build", configuration.Models.Detector, "--models", configuration.Models.Folder,
                     "--engine-cache", wanted.Cache.Folder, "--gpu", configuration.Inference.GpuDevice.ToString(CultureInfo.InvariantCulture), "--json",
                 ])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
