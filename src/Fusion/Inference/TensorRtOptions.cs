using System.Globalization;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// A manifest in the words of ONNX Runtime's TensorRT provider
/// (onnxruntime.ai/docs/execution-providers/TensorRT-ExecutionProvider.html).
/// </summary>
internal static class TensorRtOptions
{
    /// <summary>The provider's options for a model.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="modelsFolder">What its calibration table is relative to.</param>
    /// <param name="settings">The GPU.</param>
    /// <param name="engineFolder">Where the engine lies or is written to.</param>
    /// <param name="timingFolder">
    /// Where the timing cache lies while an engine is built; null if one is only loaded.
    /// </param>
    public static Dictionary<string, string> For(
        ModelManifest manifest, string modelsFolder, InferenceSettings settings, string engineFolder,
        string? timingFolder)
    {
        var tensorRt = manifest.Tensorrt;
        var options = new Dictionary<string, string>
        {
            ["device_id"] = settings.GpuDevice.ToString(CultureInfo.InvariantCulture),
            ["trt_fp16_enable"] = Flag(tensorRt.Precision is not TensorRtPrecision.Fp32),
            ["trt_int8_enable"] = Flag(tensorRt.Precision is TensorRtPrecision.Int8 or TensorRtPrecision.Qdq),
            ["trt_engine_cache_enable"] = "1",
            ["trt_engine_cache_path"] = engineFolder,
            ["trt_timing_cache_enable"] = Flag(timingFolder is not null),
        };
        if (timingFolder is not null) options["trt_timing_cache_path"] = timingFolder;
        if (tensorRt.Precision == TensorRtPrecision.Int8)
        {
            // The provider looks for the table in the engine's folder, unless the path is absolute.
            options["trt_int8_calibration_table_name"] =
                Path.GetFullPath(tensorRt.CalibrationTable, Path.GetFullPath(modelsFolder));
            options["trt_int8_use_native_calibration_table"] = Flag(tensorRt.NativeCalibrationTable);
        }

        if (tensorRt.WorkspaceMb > 0)
            options["trt_max_workspace_size"] =
                ((long)tensorRt.WorkspaceMb << 20).ToString(CultureInfo.InvariantCulture);
        if (manifest.Inputs.Any(input => input.Profile is not null))
        {
            // One profile must state every input that is free in the graph, those included that the manifest holds
            // fast.
            options["trt_profile_min_shapes"] = Shapes(manifest, profile => profile.Min);
            options["trt_profile_opt_shapes"] = Shapes(manifest, profile => profile.Opt);
            options["trt_profile_max_shapes"] = Shapes(manifest, profile => profile.Max);
        }

        return options;
    }

    /// <summary>The lengths of every input, as in <c>images:1x3x640x640,mask:1x4</c>.</summary>
    internal static string Shapes(ModelManifest manifest, Func<TensorProfile, IReadOnlyList<int>> lengths) =>
        string.Join(',',
        manifest.Inputs.Select(input =>
            $"{input.Name}:{string.Join('x', input.Profile is { } profile ? lengths(profile) : input.Shape)}"));

    private static string Flag(bool on) => on ? "1" : "0";
}
