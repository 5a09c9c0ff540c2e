using System.Diagnostics;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.Deploy;

/// <summary>A checkout that this user cannot write, as on a read-only mount or in somebody else's folder.</summary>
public sealed class ReadOnlyCheckoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [NamespaceFact]
    public async Task One_that_is_set_up_needs_no_set_up_and_none_is_tried() =>
        Assert.Equal((0, ""), await RunAsync(Files.Repository, "eng/setup.sh runtime"));

    [NamespaceFact]
    public async Task One_that_is_not_says_in_a_line_which_folder_must_be_writable()
    {
        var checkout = Copy();
        foreach (var command in (string[])["edge-perception --version", "eng/setup.sh demo"])
        {
            var (code, said) = await RunAsync(checkout, command);
            Assert.True(code == 2, said);
            var folder = $"set-up: {checkout}/.cache must be writable for this user";
            Assert.StartsWith(folder, OnlyLine(said), StringComparison.Ordinal);
        }

        // Set up, but not built.
        Directory.CreateDirectory(Path.Combine(checkout, ".cache/stamps"));
        Directory.CreateDirectory(Path.Combine(checkout, "models/fetched"));
        File.WriteAllText(Path.Combine(checkout, ".cache/stamps/runtime.done"), "");
        File.WriteAllText(Path.Combine(checkout, "models/fetched/centernet-mobilenetv3-coco.onnx"), "");
        File.WriteAllText(Path.Combine(checkout, "models/fetched/minilm.onnx"), "");
        var (unbuilt, line) = await RunAsync(checkout, "edge-perception --version");
        Assert.True(unbuilt == 2, line);
        var expected = $"edge-perception: {checkout}/artifacts must be writable for this user";
        Assert.StartsWith(expected, OnlyLine(line), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string OnlyLine(string said) =>
        Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    // What set-up and start look at, without what they make.
    private string Copy()
    {
        var checkout = Path.Combine(_folder.Path, "checkout");
        Directory.CreateDirectory(checkout);
        foreach (var part in (string[])["edge-perception", "eng", "configs", "training/evaluation/real", "global.json"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(checkout, part))!);
            Bash($"cp -r '{Path.Combine(Files.Repository, part)}' '{Path.Combine(checkout, part)}'");
        }

        return checkout;
    }

    private static void Bash(string script)
    {
        using var process = Process.Start("bash", ["-c", script]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<(int Code, string Said)> RunAsync(string checkout, string command)
    {
        var script = $"mount --bind '{checkout}' '{checkout}' && mount -o remount,bind,ro '{checkout}' "
            + $"&& cd / && exec '{checkout}'/{command}";
        using var process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "bash", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + errors);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class NamespaceFactAttribute : FactAttribute
    {
        public NamespaceFactAttribute()
        {
            var start = new ProcessStartInfo("unshare", ["-rm", "true"]) { RedirectStandardError = true };
            using var probe = Process.Start(start)!;
            probe.WaitForExit();
            if (probe.ExitCode != 0) Skip = "this machine allows no namespace for a read-only mount (unshare -rm)";
        }
    }
}
