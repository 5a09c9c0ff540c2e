using System.Diagnostics;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.Deploy;

/// <summary>The unit as systemd itself judges it, where systemd is installed.</summary>
public sealed class SystemdUnitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SystemdFact]
    public async Task The_unit_has_no_fault()
    {
        var (code, said) = await AnalyzeAsync("verify");
        Assert.DoesNotContain("edge-perception", said, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [SystemdFact]
    public async Task The_unit_exposes_at_most_2_of_10()
    {
        // The threshold is in tenths, and passing it is a failure.
        var (code, said) = await AnalyzeAsync("security", "--offline=yes", "--threshold=20");
        Assert.True(code == 0, said);
        Assert.Contains("Overall exposure level", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StateDirectory=edge-perception")]
    [InlineData("LimitRTPRIO=10")]
    [InlineData("LimitNICE=-10")]
    [InlineData("Environment=ORT_DISABLE_TELEMETRY=1")]
    [InlineData("MemoryMax=4G")]
    public void The_unit_says(string line) => Assert.Contains(line, File.ReadAllLines(Unit));

    public void Dispose() => _folder.Dispose();

    private static string Unit => Path.Combine(Files.Repository, "deploy", "jetson", "edge-perception.service");

    // Where .NET is installed is this machine's affair, not the unit's.
    private async Task<(int Code, string Said)> AnalyzeAsync(params string[] arguments)
    {
        var unit = await File.ReadAllTextAsync(Unit);
        var copy = _folder.Write(
            "edge-perception.service", unit.Replace("=/usr/bin/dotnet", "=/bin/true", StringComparison.Ordinal));
        using var process = Process.Start(new ProcessStartInfo(SystemdFactAttribute.Analyzer, [.. arguments, copy])
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
    private sealed class SystemdFactAttribute : FactAttribute
    {
        public const string Analyzer = "/usr/bin/systemd-analyze";

        public SystemdFactAttribute()
        {
            if (!File.Exists(Analyzer)) Skip = $"{Analyzer} is missing: install the package systemd";
        }
    }
}
