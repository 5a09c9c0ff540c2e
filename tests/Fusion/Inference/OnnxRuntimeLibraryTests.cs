using System.Reflection;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>
/// A device's own build of ONNX Runtime from a folder. A library is loaded once in a process, so each case has one of
/// its own.
/// </summary>
public sealed class OnnxRuntimeLibraryTests : IDisposable
{
    private static readonly string Packaged = Path.Combine(
        AppContext.BaseDirectory, "runtimes",
        $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "native", "libonnxruntime.so");

    // The package of the build for a GPU, as restore laid it down.
    private static readonly string GpuBuild = typeof(OnnxRuntimeLibraryTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "GpuLibraries").Value!;

    private const string Version = "1.31.1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_the_variable_the_library_that_comes_with_the_program_serves()
    {
        var (exitCode, lines) = await UseAsync("");
        Assert.Equal((0, $"{Version}, the one that comes with the program"), (exitCode, lines[0]));
        Assert.Equal("CPU answers 3", lines[^1]);
    }

    [Theory]
    [InlineData("libonnxruntime.so")]
    [InlineData("libonnxruntime.so.1")]
    public async Task The_folders_library_serves_under_either_name(string name)
    {
        File.Copy(Packaged, Path.Combine(_folder.Path, name));
        var (exitCode, lines) = await UseAsync(_folder.Path);
        Assert.Equal((0, $"{Version}, {_folder.Path}/{name}"), (exitCode, lines[0]));
        Assert.Equal("CPU answers 3", lines[^1]);
    }

    [Theory]
    [InlineData("1.10.0")]
    [InlineData("1.24.9")]
    [InlineData("1.24.1-dev+cuda")]
    [InlineData("2.0.0")]
    [InlineData("")]
    [InlineData("new")]
    public async Task A_library_of_another_version_is_refused(string version)
    {
        var library = CompiledLibrary.Make(_folder, "libonnxruntime.so", CompiledLibrary.OnnxRuntime(version));
        await IsRefusedAsync(
            $"{library} is ONNX Runtime {version}, and this program needs version 1.25 or later below 2.0");
    }

    [Fact]
    public async Task A_folder_without_the_library_is_refused()
    {
        _folder.Write("libonnxruntime.so.2", "");
        await IsRefusedAsync($"{_folder.Path} holds no libonnxruntime.so and no libonnxruntime.so.1");
    }

    [Fact]
    public async Task A_file_that_is_no_library_is_refused()
    {
        var file = _folder.Write("libonnxruntime.so", "text");
        await IsRefusedAsync($"{file} cannot be loaded: libonnxruntime.so: file too short");
    }

    [Fact]
    public async Task A_library_that_is_not_ONNX_Runtime_is_refused()
    {
        var library = CompiledLibrary.Make(_folder, "libonnxruntime.so", "int nothing(void) { return 0; }");
        await IsRefusedAsync($"{library} is not ONNX Runtime: it has no OrtGetApiBase");
    }

    [Fact]
    public async Task A_real_build_for_a_GPU_names_all_that_its_providers_lack_and_the_processor_serves()
    {
        if (RuntimeInformation.OSArchitecture != Architecture.X64) return;
        var (exitCode, lines) = await UseAsync(GpuBuild);
        Assert.Equal(0, exitCode);
        Assert.Equal("CPU answers 3", lines[^1]);
        string[] providers = ["TensorRT", "CUDA"];
        string[][] needed =
        [
            ["libcublas.so.13", "libnvinfer.so.10", "libnvonnxparser.so.10", "libcudart.so.13", "libcudnn.so.9"],
            ["libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10", "libcudart.so.13", "libcuda.so.1"],
        ];
        for (var i = 0; i < providers.Length; i++)
        {
            var missing = needed[i].Where(name => !NativeLibrary.TryLoad(name, out _)).ToArray();
            if (missing.Length == 0) continue;
            Assert.Contains(
                $"{providers[i]}: {string.Join(", ", missing)}: cannot open shared object file: No such file or "
                + "directory", lines);
        }
    }

    private async Task IsRefusedAsync(string problem)
    {
        var (exitCode, lines) = await UseAsync(_folder.Path);
        Assert.Equal(2, exitCode);
        Assert.Equal(
            $"{OnnxRuntimeLibrary.Variable}: {problem}; name the folder of a fitting build, or unset the variable to "
            + "use "
                     + "the one that comes with the program", Assert.Single(lines));
    }

    private static async Task<(int ExitCode, string[] Lines)> UseAsync(string folder)
    {
        var (exitCode, output) = await OtherProcess.RunAsync(
            new Dictionary<string, string> { [OnnxRuntimeLibrary.Variable] = folder }, "use-library");
        return (exitCode, output.TrimEnd('\n').Split('\n'));
    }
}
