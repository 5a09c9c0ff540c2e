using EdgePerception.Fusion.Inference.Engines;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>Keys for tests.</summary>
internal static class EngineKeys
{
    public static EngineKey Orin(string model = "test") => new()
    {
        Model = model,
        ModelSha256 = new string('a', 64),
        Precision = "fp16",
        CalibrationSha256 = "",
        WorkspaceMb = 0,
        Profiles = "images:1x8x8x3 images:1x8x8x3 images:4x8x8x3",
        OnnxRuntime = "1.29.0",
        TensorRt = "10.9.0",
        Driver = "13.0",
        Gpu = "Orin",
        ComputeCapability = "8.7",
    };
}
