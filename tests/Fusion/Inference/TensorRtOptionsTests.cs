using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>What ONNX Runtime's TensorRT provider is told, to the letter.</summary>
public class TensorRtOptionsTests
{
    private static readonly InferenceSettings SecondGpu = new() { GpuDevice = 1 };

    [Fact]
    public void A_plain_model_names_the_gpu_and_its_engine()
    {
        Assert.Equal(
            """
            device_id=1
            trt_engine_cache_enable=1
            trt_engine_cache_path=/cache/engine
            trt_fp16_enable=0
            trt_int8_enable=0
            trt_timing_cache_enable=0
            """, Options(new TensorRtManifest(), [TestModels.Tensor("images", 1, 3, 8, 8)], timing: null));
    }

    [Fact]
    public void A_build_in_half_precision_states_the_profile_of_every_input_and_keeps_its_timings()
    {
        TensorManifest[] inputs =
        [
            new()
            {
                Name = "images",
                Shape = [-1, 3, -1, 640],
                Profile = new TensorProfile
                {
                    Min = [1, 3, 320, 640], Opt = [2, 3, 640, 640], Max = [16, 3, 1280, 640],
                },
            },
            TestModels.Tensor("orig/sizes:0", 1, 2),
        ];
        Assert.Equal(
            """
            device_id=1
            trt_engine_cache_enable=1
            trt_engine_cache_path=/cache/engine
            trt_fp16_enable=1
            trt_int8_enable=0
            trt_max_workspace_size=4294967296
            trt_profile_max_shapes=images:16x3x1280x640,orig/sizes:0:1x2
            trt_profile_min_shapes=images:1x3x320x640,orig/sizes:0:1x2
            trt_profile_opt_shapes=images:2x3x640x640,orig/sizes:0:1x2
            trt_timing_cache_enable=1
            trt_timing_cache_path=/cache/engine/timing
            """, Options(new TensorRtManifest { Precision = TensorRtPrecision.Fp16, WorkspaceMb = 4096 }, inputs,
                "/cache/engine/timing"));
    }

    [Theory]
    [InlineData(true, "1")]
    [InlineData(false, "0")]
    public void Int8_names_its_table_by_an_absolute_path(bool native, string flag)
    {
        var manifest = new TensorRtManifest
        {
            Precision = TensorRtPrecision.Int8,
            CalibrationTable = "tables/test.cache",
            NativeCalibrationTable = native,
        };
        Assert.Equal(
            $"""
             device_id=1
             trt_engine_cache_enable=1
             trt_engine_cache_path=/cache/engine
             trt_fp16_enable=1
             trt_int8_calibration_table_name=/models/tables/test.cache
             trt_int8_enable=1
             trt_int8_use_native_calibration_table={flag}
             trt_timing_cache_enable=0
             """, Options(manifest, [TestModels.Tensor("images", 1, 3, 8, 8)], timing: null));
    }

    [Fact]
    public void A_graph_with_its_own_quantization_needs_no_table()
    {
        var options = TensorRtOptions.For(
            TestModels.Manifest() with { Tensorrt = new TensorRtManifest { Precision = TensorRtPrecision.Qdq } },
            "/models", SecondGpu, "/e", null);
        Assert.Equal(("1", "1"), (options["trt_int8_enable"], options["trt_fp16_enable"]));
        Assert.DoesNotContain(options.Keys, name => name.Contains("calibration"));
    }

    private static string Options(TensorRtManifest tensorRt, TensorManifest[] inputs, string? timing)
    {
        var manifest = TestModels.Manifest() with { Inputs = inputs, Tensorrt = tensorRt };
        return string.Join('\n', TensorRtOptions.For(manifest, "/models", SecondGpu, "/cache/engine", timing)
            .OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"{option.Key}={option.Value}"));
    }
}
