using EdgePerception.Fusion.Inference;
using static EdgePerception.Fusion.Tests.Inference.TestModels;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>Providers on a machine that may lack them: whatever is missing is named, and something serves.</summary>
public class ExecutionProviderTests
{
    private static readonly ExecutionProvider[] All = [ExecutionProvider.Tensorrt, ExecutionProvider.Cuda,
        ExecutionProvider.Cpu];
    private static readonly string[] Names = ["TensorRT", "CUDA", "CPU"];

    [Fact]
    public void The_first_provider_that_is_there_serves_and_those_before_it_are_named_with_what_they_lack()
    {
        using var model = OnnxModel.Load(Manifest() with { Providers = All }, Folder, OneThread);
        var missing = Array.IndexOf(Names, model.Provider);
        Assert.Equal(Names.Take(missing), model.MissingProviders.Select(line => line[..line.IndexOf(':')]));
        Assert.All(model.MissingProviders, line =>
        {
            Assert.DoesNotContain(line, char.IsControl);
            Assert.InRange(line.Length, 20, 200);
            Assert.DoesNotContain("onnxruntime/core", line);
            Assert.EndsWith(ExecutionProviders.NotInThisBuild, line);
        });
        model.Input(0).Elements<float>()[0] = 3;
        model.Run();
        Assert.Equal(3, model.Output(0).Floats()[0]);
    }

    [Fact]
    public void The_processor_lacks_nothing()
    {
        using var model = Load(Manifest());
        Assert.Equal("CPU", model.Provider);
        Assert.Empty(model.MissingProviders);
    }

    [Fact]
    public void A_first_provider_that_is_required_and_missing_is_fatal()
    {
        using var probe = OnnxModel.Load(Manifest() with { Providers = All }, Folder, OneThread);
        if (probe.MissingProviders.Count == 0) return;
        var e = Assert.Throws<ModelException>(() => OnnxModel.Load(
            Manifest() with { Providers = All }, Folder, OneThread with { RequireFirstProvider = true }));
        Assert.StartsWith(
            $"model 'test': no execution provider can run it here ({probe.MissingProviders[0]})", e.Message);
        Assert.EndsWith("; inference.requireFirstProvider is set", e.Message);
    }

    [Fact]
    public void A_required_first_provider_that_is_there_serves()
    {
        using var model = OnnxModel.Load(Manifest(), Folder, OneThread with { RequireFirstProvider = true });
        Assert.Equal("CPU", model.Provider);
    }

    [Fact]
    public void A_model_without_the_processor_among_its_providers_names_all_that_are_missing()
    {
        using var probe = OnnxModel.Load(Manifest() with { Providers = All }, Folder, OneThread);
        if (probe.MissingProviders.Count < 2) return;
        var e = Assert.Throws<ModelException>(() => Load(
            Manifest() with { Providers = [ExecutionProvider.Cuda, ExecutionProvider.Tensorrt] }));
        Assert.Equal("model 'test': no execution provider can run it here "
                     + $"({probe.MissingProviders[1]}; {probe.MissingProviders[0]})", e.Message);
    }

    [Theory]
    [InlineData(
        "[ErrorCode:Fail] x.cc:1 F(): provider_bridge_ort.cc:1 Failed to load library /a/libx.so with error: "
        + "libcublas.so.13: cannot open shared object file: No such file or directory",
        "libcublas.so.13: cannot open shared object file: No such file or directory")]
    [InlineData("Failed to load library with error: /folder/liby.so: cannot open shared object file",
        "liby.so: cannot open shared object file")]
    [InlineData(
        "[ErrorCode:Fail] CUDA execution provider is not enabled in this build. ", ExecutionProviders.NotInThisBuild)]
    [InlineData("[ErrorCode:Fail] Exiting due to terminate flag\nsecond line", "Exiting due to terminate flag")]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("", "")]
    public void The_reason_is_what_a_person_can_act_on(string message, string reason) =>
        Assert.Equal(reason, ExecutionProviders.Reason(new InvalidOperationException(message)));
}
