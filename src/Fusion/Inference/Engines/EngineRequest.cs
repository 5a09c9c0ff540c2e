namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>An engine that would let TensorRT serve a model, and that is not built yet.</summary>
/// <param name="Key">What it must be good for.</param>
/// <param name="Cache">Where it belongs.</param>
public sealed record EngineRequest(EngineKey Key, EngineCache Cache);
