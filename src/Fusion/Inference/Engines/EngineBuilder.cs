namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>
/// Builds a model's TensorRT engine into the cache, in this process and on this thread: minutes on a small device. The
/// service has another process do it (<see cref="EngineBuild"/>), since TensorRT may crash or hang.
/// </summary>
public static class EngineBuilder
{
    /// <summary>Builds the engine; one that is there already is left as it is.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="modelsFolder">What its files are relative to.</param>
    /// <param name="settings">The GPU and the cache.</param>
    /// <param name="progress">Told each phase as it begins, on this thread.</param>
    /// <returns>The engine's folder.</returns>
    /// <exception cref="ModelException">
    /// A library is missing, the model does not fit its manifest, TensorRT cannot build it, the cache cannot be
    /// written, or another process is building it. The cache is as it was before.
    /// </exception>
    public static string Build(
        ModelManifest manifest, string modelsFolder, InferenceSettings settings, Action<EnginePhase> progress) =>
        Build(manifest, modelsFolder, settings, progress, InferencePlatform.Machine);

    internal static string Build(
        ModelManifest manifest, string modelsFolder, InferenceSettings settings, Action<EnginePhase> progress,
        InferencePlatform platform)
    {
        progress(EnginePhase.Starting);
        if (!manifest.Providers.Contains(ExecutionProvider.Tensorrt))
            throw new ModelException(
                $"model '{manifest.Name}': its manifest does not name tensorrt among its providers");
        OnnxRuntimeLibrary.Prepare();
        if (platform.Missing(ExecutionProvider.Tensorrt, settings.GpuDevice) is { } missing)
            throw new ModelException($"model '{manifest.Name}': TensorRT is not here: {missing}");
        var key = EngineKey.For(manifest, modelsFolder, platform.ReadGpu(settings.GpuDevice));
        return Build(settings.EngineCacheFor(modelsFolder), key, progress, TimeProvider.System, draft =>
        {
            using var model = OnnxModel.LoadForBuild(manifest, modelsFolder, settings, platform, draft);
            // Parts whose shapes only a run tells are built by it.
            progress(EnginePhase.Running);
            model.RunUnchecked();
        });
    }

    /// <summary>The life of a build, whatever makes the engine.</summary>
    internal static string Build(
        EngineCache cache, EngineKey key, Action<EnginePhase> progress, TimeProvider time, Action<EngineDraft> make)
    {
        if (cache.Find(key) is { } built) return built;
        var started = time.GetTimestamp();
        using var draft = cache.Begin(key);
        progress(EnginePhase.Compiling);
        make(draft);
        progress(EnginePhase.Storing);
        return draft.Publish(time.GetElapsedTime(started));
    }
}
