using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>Engines of different circumstances never take each other's place.</summary>
public sealed class EngineKeyTests : IDisposable
{
    private static readonly GpuPlatform Orin = new("10.9.0", "13.0", "Orin", "8.7");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_circumstances_have_the_same_key()
    {
        Assert.Equal(EngineKey.For(TestModels.Manifest(), _folder.Path, Orin),
            EngineKey.For(TestModels.Manifest(), "/elsewhere", Orin));
        Assert.Matches("^test-[0-9a-f]{16}$", EngineKeys.Orin().FolderName);
    }

    [Fact]
    public void Whatever_an_engine_depends_on_changes_its_place()
    {
        var manifest = TestModels.Manifest("free_batch.onnx") with { Inputs = [Free(1, 2, 4)] };
        var first = _folder.Write("a.table", "one");
        EngineKey[] keys =
        [
            Of(manifest), Of(manifest with { Sha256 = new string('b', 64) }), Of(manifest with { Name = "other" }),
            Of(manifest with { Inputs = [Free(1, 2, 8)] }), Of(manifest with { Inputs = [Free(1, 1, 4)] }),
            Of(manifest with { Inputs = [Free(2, 2, 4)] }),
            Of(manifest with { Tensorrt = new TensorRtManifest { Precision = TensorRtPrecision.Fp16 } }),
            Of(manifest with { Tensorrt = new TensorRtManifest { WorkspaceMb = 64 } }),
            Of(Int8()),
            EngineKey.For(manifest, _folder.Path, Orin with { TensorRt = "10.9.1" }),
            EngineKey.For(manifest, _folder.Path, Orin with { Driver = "13.1" }),
            EngineKey.For(manifest, _folder.Path, Orin with { Gpu = "Thor" }),
            EngineKey.For(manifest, _folder.Path, Orin with { ComputeCapability = "11.0" }),
            Of(manifest) with { OnnxRuntime = "1.30.0" },
        ];
        File.WriteAllText(first, "two");
        keys = [.. keys, Of(Int8())];
        Assert.Equal(keys.Length, keys.Select(key => key.FolderName).Distinct().Count());

        EngineKey Of(ModelManifest of) => EngineKey.For(of, _folder.Path, Orin);
        ModelManifest Int8() =>
            manifest with
            {
                Tensorrt = new TensorRtManifest { Precision = TensorRtPrecision.Int8, CalibrationTable = "a.table" },
            };
    }

    [Fact]
    public void Timings_are_shared_by_models_and_not_by_gpus()
    {
        Assert.Equal(EngineKeys.Orin("a").TimingName, EngineKeys.Orin("b").TimingName);
        Assert.NotEqual(EngineKeys.Orin().TimingName, (EngineKeys.Orin() with { Gpu = "Thor" }).TimingName);
        Assert.NotEqual(EngineKeys.Orin().TimingName, (EngineKeys.Orin() with { TensorRt = "10.3.0" }).TimingName);
    }

    [Fact]
    public void A_calibration_table_that_is_not_there_is_named()
    {
        var manifest = TestModels.Manifest() with
        {
            Tensorrt = new TensorRtManifest { Precision = TensorRtPrecision.Int8, CalibrationTable = "no/such.table" },
        };
        var e = Assert.Throws<ModelException>(() => EngineKey.For(manifest, _folder.Path, Orin));
        Assert.StartsWith($"the calibration table {_folder.Path}/no/such.table cannot be read: ", e.Message);
    }

    private static TensorManifest Free(int min, int opt, int max) => new()
    {
        Name = "images",
        Shape = [-1, 8, 8, 3],
        Profile = new TensorProfile { Min = [min, 8, 8, 3], Opt = [opt, 8, 8, 3], Max = [max, 8, 8, 3] },
    };
}
