using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>
/// What NVIDIA's libraries are asked, by libraries in their place; and what is said where they are missing.
/// </summary>
public sealed class GpuPlatformTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(100900, "10.9.0")]
    [InlineData(101304, "10.13.4")]
    [InlineData(8601, "8.6.1")]
    [InlineData(8510, "8.5.10")]
    public void The_libraries_tell_versions_and_gpu(int version, string text)
    {
        var cuda = CompiledLibrary.Make(_folder, "libcuda.so.1", CompiledLibrary.Cuda);
        var tensorRt = CompiledLibrary.Make(_folder, "libnvinfer.so.10", CompiledLibrary.TensorRt(version));
        Assert.Equal(new GpuPlatform(text, "13.0", "Orin (stand-in)", "8.7"),
            GpuPlatform.Read(0, cuda, ["/no/libnvinfer.so.11", tensorRt]));
        var e = Assert.Throws<ModelException>(() => GpuPlatform.Read(3, cuda, [tensorRt]));
        Assert.Equal("libcuda.so.1: cuDeviceGet of GPU 3 failed with CUDA's error 101", e.Message);
    }

    [Fact]
    public void A_missing_library_is_named()
    {
        var tensorRt = CompiledLibrary.Make(_folder, "libnvinfer.so.10", CompiledLibrary.TensorRt(100900));
        var e = Assert.Throws<ModelException>(() => GpuPlatform.Read(0, "/no/libcuda.so.1", [tensorRt]));
        Assert.Equal("libcuda.so.1: cannot open shared object file: No such file or directory", e.Message);
        e = Assert.Throws<ModelException>(() =>
            GpuPlatform.Read(0, "/no/libcuda.so.1", ["libnvinfer-not-here.so.10", "libnvinfer-not-here.so.8"]));
        Assert.Equal("libnvinfer-not-here.so.10: cannot open shared object file: No such file or directory", e.Message);
    }

    [Fact]
    public void A_library_that_is_another_is_named_with_what_it_lacks()
    {
        var cuda = CompiledLibrary.Make(_folder, "libcuda.so.1", "int cuInit(unsigned flags) { return 0; }");
        var tensorRt = CompiledLibrary.Make(_folder, "libnvinfer.so.10", CompiledLibrary.TensorRt(100900));
        var e = Assert.Throws<ModelException>(() => GpuPlatform.Read(0, cuda, [tensorRt]));
        Assert.Equal("libcuda.so.1 has no cuDriverGetVersion", e.Message);
        e = Assert.Throws<ModelException>(() => GpuPlatform.Read(0, cuda, [cuda]));
        Assert.Equal("libcuda.so.1 has no getInferLibVersion", e.Message);
        var text = _folder.Write("libtext.so", "not a library");
        e = Assert.Throws<ModelException>(() => GpuPlatform.Read(0, cuda, [text]));
        Assert.StartsWith("libtext.so: ", e.Message);
    }
}
