using System.Diagnostics;
using System.Globalization;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Runtime.CommandLine;
using EdgePerception.Runtime.Configuration;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>How the service has an engine built: this very program, as a process of its own, with <c>models build</c>.</summary>
public static class EngineBuildProcess
{
    /// <summary>The build of an engine that the service's detector wants; not started.</summary>
    // A build takes all cores for minutes, and what serves meanwhile needs them more.
    public static ProcessStartInfo For(ServiceConfiguration configuration, EngineWanted wanted) => ThisProgram.Start(
        ["nice", "-n", "10"],
        [
            "models", "build", configuration.Models.Detector, "--models", configuration.Models.Folder,
            "--engine-cache", wanted.Cache.Folder, "--gpu", configuration.Inference.GpuDevice.ToString(CultureInfo.InvariantCulture), "--json",
        ]);
}
