using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Inference.Engines;

namespace EdgePerception.Fusion.Tests;

/// <summary>
/// The test assembly as a program: the other process of tests that need one, because a build is to be killed, or a
/// native library is loaded once in a process.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["build-engine", var port, var cache, var key] => BuilderStandIn.Run(port, cache, key),
        ["use-library"] => LibraryUser.Run(),
        _ => 64,
    };
}
