using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>
/// A model whose first provider is TensorRT, over its engine's life. The GPU's own libraries are compiled stand-ins; in
/// TensorRT's place the processor runs the graph, and the build is a real process.
/// </summary>
public sealed class EngineServingTests : IDisposable
{
    private static readonly ModelManifest Manifest = TestModels.Manifest() with
    {
        Providers = [ExecutionProvider.Tensorrt, ExecutionProvider.Cuda, ExecutionProvider.Cpu],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly InferenceSettings _settings;
    private readonly InferencePlatform _platform;
    private readonly List<Dictionary<string, string>> _tensorRt = [];

    public EngineServingTests()
    {
        _settings = TestModels.OneThread with { EngineCache = Path.Combine(_folder.Path, "engines") };
        var cuda = CompiledLibrary.Make(_folder, "libcuda.so.1", CompiledLibrary.Cuda);
        var tensorRt = CompiledLibrary.Make(_folder, "libnvinfer.so.10", CompiledLibrary.TensorRt(100900));
        _platform = new InferencePlatform(Append, device => GpuPlatform.Read(device, cuda, [tensorRt]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_next_provider_serves_until_the_engine_is_built_and_then_TensorRT_does()
    {
        EngineRequest wanted;
        using (var model = Load(_settings))
        {
            Assert.Equal("CPU", model.Provider);
            Assert.StartsWith("TensorRT: its engine is not in ", model.MissingProviders[0]);
            Assert.StartsWith("CUDA: ", model.MissingProviders[1]);
            wanted = model.RequestedEngine!;
            Assert.Equal(
                ("test", "10.9.0", "Orin (stand-in)"), (wanted.Key.Model, wanted.Key.TensorRt, wanted.Key.Gpu));
            Answers(model);

            using var build = new StandInBuild(_folder, wanted.Cache, wanted.Key);
            await build.IsAtWorkAsync();
            Answers(model);
            using (var during = Load(_settings)) Assert.Equal("CPU", during.Provider);
            await build.ObeysAsync("write net.engine whole");
            await build.OrderAsync("finish");
            Assert.Null(await build.Outcome);
            Answers(model);
        }

        using var swapped = Load(_settings);
        Assert.Equal("TensorRT", swapped.Provider);
        Assert.Empty(swapped.MissingProviders);
        Assert.Null(swapped.RequestedEngine);
        Assert.Equal(wanted.Cache.Find(wanted.Key), _tensorRt[^1]["trt_engine_cache_path"]);
        Assert.Equal("0", _tensorRt[^1]["trt_timing_cache_enable"]);
        Answers(swapped);
    }

    [Fact]
    public async Task A_detector_at_work_never_rests_while_its_engine_is_built_and_goes_live()
    {
        using var pool = new FramePool(1);
        using var live = new LiveDetector(
            Task.FromResult(new ObjectDetector(Load(_settings))), new SwapSettings(), SensorClock.System);
        using var end = new CancellationTokenSource();
        var (onCpu, onTensorRt) = (0, 0);
        var loop = Task.Run(() =>
        {
            List<Detection> detections = [];
            for (var i = 1; !end.IsCancellationRequested; i++)
            {
                live.Swap();
                Look(live, pool, i, detections);
                Assert.Equal("cup", Assert.Single(detections).Label);
                if (live.Current.Model.Provider == "CPU") Interlocked.Increment(ref onCpu);
                else Interlocked.Increment(ref onTensorRt);
            }
        });

        var wanted = live.Current.Model.RequestedEngine!;
        using (var build = new StandInBuild(_folder, wanted.Cache, wanted.Key))
        {
            await build.IsAtWorkAsync();
            await build.ObeysAsync("write net.engine whole");
            var before = Volatile.Read(ref onCpu);
            await Eventually.Until(() => Volatile.Read(ref onCpu) > before + 10, "ticks during the build");
            await build.OrderAsync("finish");
            Assert.Null(await build.Outcome);
        }

        Assert.True((await live.ProposeAsync(new ObjectDetector(Load(_settings)))).Accepted);
        await Eventually.Until(() => Volatile.Read(ref onTensorRt) > 10 || loop.IsCompleted, "ticks on the engine");
        await end.CancelAsync();
        await loop;
        Assert.Equal("TensorRT", live.Current.Model.Provider);
    }

    [Fact]
    public void The_builder_makes_the_engine_that_loading_looks_for()
    {
        var phases = new List<EnginePhase>();
        var place = EngineBuilder.Build(Manifest, TestModels.Folder, _settings, phases.Add, _platform);
        Assert.Equal([EnginePhase.Starting, EnginePhase.Compiling, EnginePhase.Running, EnginePhase.Storing], phases);
        Assert.Equal("1", _tensorRt[^1]["trt_timing_cache_enable"]);
        using var model = Load(_settings);
        Assert.Equal(("TensorRT", place), (model.Provider, _tensorRt[^1]["trt_engine_cache_path"]));
        Assert.Equal(place, EngineBuilder.Build(Manifest, TestModels.Folder, _settings, _ => { }, _platform));
    }

    [Fact]
    public void Answers_that_are_no_numbers_do_not_keep_an_engine_from_being_built()
    {
        var manifest = TestModels.Manifest("nan.onnx") with { Providers = Manifest.Providers };
        Assert.NotEmpty(EngineBuilder.Build(manifest, TestModels.Folder, _settings, _ => { }, _platform));
    }

    [Fact]
    public void A_graph_that_does_not_fit_its_manifest_is_not_built()
    {
        var manifest = Manifest with { Outputs = [TestModels.Tensor("nothing", 1, 2, 6)] };
        var e =
            Assert.Throws<ModelException>(() =>
                EngineBuilder.Build(manifest, TestModels.Folder, _settings, _ => { }, _platform));
        Assert.Contains("there is no output 'nothing'", e.Message);
        Assert.Empty(Directory.GetDirectories(_settings.EngineCache));
    }

    [Fact]
    public void A_model_that_is_not_for_TensorRT_is_not_built()
    {
        var e =
            Assert.Throws<ModelException>(() =>
                EngineBuilder.Build(TestModels.Manifest(), TestModels.Folder, _settings, _ => { }, _platform));
        Assert.Equal("model 'test': its manifest does not name tensorrt among its providers", e.Message);
    }

    [Fact]
    public void A_builder_without_TensorRT_names_what_is_missing()
    {
        var e = Assert.Throws<ModelException>(() => EngineBuilder.Build(
            Manifest, TestModels.Folder, _settings, _ => { },
            _platform with { Append = InferencePlatform.Machine.Append }));
        Assert.Equal($"model 'test': TensorRT is not here: {ExecutionProviders.NotInThisBuild}", e.Message);
    }

    [Fact]
    public void A_required_TensorRT_without_its_engine_says_how_to_get_it()
    {
        var e = Assert.Throws<ModelException>(() => Load(_settings with { RequireFirstProvider = true }));
        Assert.Equal(
            $"model 'test': no execution provider can run it here (TensorRT: its engine is not in "
            + $"{_settings.EngineCache} yet "
                     + "('edge-perception models build' puts it there)); inference.requireFirstProvider is set",
                     e.Message);
    }

    [Fact]
    public void A_GPU_that_cannot_be_asked_leaves_TensorRT_out_and_wants_no_engine()
    {
        using var model = OnnxModel.Load(Manifest, TestModels.Folder, _settings, _platform with
        {
            ReadGpu = device =>
                GpuPlatform.Read(device, "/no/libcuda.so.1", [Path.Combine(_folder.Path, "libnvinfer.so.10")]),
        });
        Assert.Equal("CPU", model.Provider);
        Assert.Null(model.RequestedEngine);
        Assert.Equal("TensorRT: libcuda.so.1: cannot open shared object file: No such file or directory",
            model.MissingProviders[0]);
    }

    [Fact]
    public void A_calibration_table_that_is_missing_leaves_TensorRT_out()
    {
        using var model = OnnxModel.Load(Manifest with
        {
            Tensorrt = new TensorRtManifest { Precision = TensorRtPrecision.Int8, CalibrationTable = "no.table" },
        }, TestModels.Folder, _settings, _platform);
        Assert.Equal("CPU", model.Provider);
        Assert.StartsWith(
            $"TensorRT: the calibration table {TestModels.Folder}/no.table cannot be read", model.MissingProviders[0]);
    }

    [Fact]
    public void The_configuration_narrows_and_orders_the_providers()
    {
        using (var model = Load(_settings with { Providers = [ExecutionProvider.Cpu] }))
        {
            Assert.Empty(model.MissingProviders);
            Assert.Null(model.RequestedEngine);
        }

        using (var model = Load(_settings with { Providers = [ExecutionProvider.Cpu, ExecutionProvider.Tensorrt] }))
            Assert.Equal("CPU", model.Provider);
        var e = Assert.Throws<ModelException>(() => OnnxModel.Load(
            TestModels.Manifest(), TestModels.Folder, _settings with { Providers = [ExecutionProvider.Cuda] }));
        Assert.Equal("model 'test': inference.providers allows CUDA, its manifest names only CPU", e.Message);
    }

    private OnnxModel Load(InferenceSettings settings) =>
        OnnxModel.Load(Manifest, TestModels.Folder, settings, _platform);

    // In TensorRT's place, which writes an engine where it is told to build one; CUDA is as this machine has it.
    private void Append(SessionOptions options, ExecutionProvider provider, Dictionary<string, string> values)
    {
        if (provider != ExecutionProvider.Tensorrt)
        {
            InferencePlatform.Machine.Append(options, provider, values);
            return;
        }

        _tensorRt.Add(values);
        if (values.GetValueOrDefault("trt_timing_cache_enable") != "1") return;
        File.WriteAllText(Path.Combine(values["trt_engine_cache_path"], "net.engine"), "whole");
        File.WriteAllText(Path.Combine(values["trt_timing_cache_path"], "sm87.timing"), "measured");
    }

    // An image half a second after the last one, with a cup painted into it.
    private static void Look(LiveDetector live, FramePool pool, int sequence, List<Detection> detections)
    {
        Assert.True(pool.TryRent(8, 8, out var frame));
        using (frame)
        {
            frame.Pixels.Fill(100);
            ((ReadOnlySpan<byte>)[2, 2, 7, 7, 1, 0, 0, 0, 0, 0, 0, 0]).CopyTo(frame.Pixels);
            frame.Stamp(
                "front", sequence, new SensorTime(TimeSpan.FromSeconds(sequence * 0.5), DateTimeOffset.UnixEpoch));
            live.Detect(new ReadOnlySpan<Frame>(in frame), new ReadOnlySpan<List<Detection>>(in detections));
        }
    }

    private static void Answers(OnnxModel model)
    {
        model.Input(0).Elements<float>()[0] = 3;
        model.Run();
        Assert.Equal(3, model.Output(0).Floats()[0]);
    }
}
