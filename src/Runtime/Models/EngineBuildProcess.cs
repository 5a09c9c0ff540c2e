using System.Diagnostics;
using System.Globalization;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Runtime.Diagnostics;

namespace EdgePerception.Runtime.Models;

/// <summary>
/// How the service has an engine built: this very program, as a process of its own, with <c>models build</c>.
/// </summary>
public static class EngineBuildProcess
{
    /// <summary>The build of an engine that the service's detector wants; not started.</summary>
    /// <param name="models">Where the detector is.</param>
    /// <param name="gpu">The number of the GPU that it is built for.</param>
    /// <param name="wanted">The engine.</param>
    // A build takes all cores for minutes, and what serves meanwhile needs them more.
    public static ProcessStartInfo For(ModelsSettings models, int gpu, EngineRequest wanted) => ThisProgram.Start(
        ["nice", "-n", "10"],
        [
            "models", "build", models.Detector, "--models", models.Folder,
            "--engine-cache", wanted.Cache.Folder, "--gpu", gpu.ToString(CultureInfo.InvariantCulture), "--json",
        ]);
}
