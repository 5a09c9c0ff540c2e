using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;
using Level = EdgePerception.Runtime.Messaging.Messages.Safety.Types.Level;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// What a run leaves to the next one, and what a disk that fails makes of it: the program as a process.
/// </summary>
public sealed class UncleanEndTests : IAsyncLifetime, IDisposable
{
    private const string Unclean = "the last run did not end in order (power cut, crash or kill)";
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _disk = new();
    private MosquittoBroker _broker = null!;
    private Watcher _watcher = null!;

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        _watcher = await Watcher.StartAsync(_broker);
    }

    [Fact]
    public async Task A_run_that_is_killed_halts_the_next_start_until_a_resume()
    {
        using (var killed = Start())
        {
            await SeesAsync(Level.Act);
            killed.Kill();
            await killed.EndAsync();
        }

        await HaltsOnceAsync(Unclean);
        using var last = Start();
        await SeesAsync(Level.Act);
    }

    [Fact]
    public async Task An_end_in_order_keeps_the_halt_that_stood_and_nothing_else()
    {
        using (var first = Start())
        {
            await SeesAsync(Level.Act);
            await EndsAsync(first);
        }

        using (var second = Start())
        {
            await SeesAsync(Level.Act);
            await _watcher.SendAsync("halt", "now");
            await SeesAsync(Level.Halt, "a message on the halt topic");
            await EndsAsync(second);
        }

        await HaltsOnceAsync("a halt stood when the last run ended: a message on the halt topic");
        using var last = Start();
        await SeesAsync(Level.Act);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1,\"device\":\"robot\",\"state\":\"en")]
    [InlineData("{\"version\":9,\"device\":\"robot\",\"state\":\"ended\"}")]
    public async Task A_mark_that_cannot_be_read_halts_the_start(string text)
    {
        var mark = Path.Combine(Directory.CreateDirectory(State).FullName, "safety-robot.json");
        await File.WriteAllTextAsync(mark, text);
        await HaltsOnceAsync($"the mark of the last run cannot be read: {mark} is ");
        using var last = Start();
        await SeesAsync(Level.Act);
    }

    [FullDiskFact]
    public Task A_disk_without_room_halts_the_start_and_the_service_runs_on() =>
        RunsOnAsync($"head -c 65536 /dev/zero >'{_disk.Path}/filled' 2>/dev/null", "No space left on device");

    [FullDiskFact]
    public Task A_folder_that_may_only_be_read_halts_the_start_and_the_service_runs_on() =>
        RunsOnAsync($"mount -o remount,ro none '{_disk.Path}'", "Read-only file system");

    public async Task DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
    }

    private string State => Path.Combine(_folder.Path, "state");

    private async Task RunsOnAsync(string prepare, string reason)
    {
        string[] launcher = [.. FullDisk.Over(_disk.Path, kilobytes: 16), "sh", "-c", $"{prepare}; exec \"$@\"", "sh"];
        using var program = EdgeProgram.StartBy(
            launcher, "run", "--quiet", "--config", Configuration(), "--set", $"stateFolder={_disk.Path}");
        var cause = $"the mark of this run cannot be written: {_disk.Path}/safety-robot.json: {reason}";
        await SeesAsync(Level.Halt, cause);
        var health = await _watcher.SeesAsync<Health>(
            "health", said => said.Components.Any(
                part => part.Name == "safety" && part.Detail.Contains(reason, StringComparison.Ordinal)), reason);
        Assert.Equal(Health.Types.Status.Degraded, health.Status);
        await _watcher.SendAsync("resume", "{}");
        await SeesAsync(Level.Act);
        program.Terminate();
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("The next start will be halted", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    /// <summary>A start that is halted says so and how it is freed; it is, and ends in order.</summary>
    private async Task HaltsOnceAsync(string cause)
    {
        using var program = Start();
        var halted = await SeesAsync(Level.Halt, cause);
        await program.SaysAsync($"--resume {halted.HaltId}");
        await _watcher.SendAsync("resume", "{}");
        await SeesAsync(Level.Act);
        await EndsAsync(program);
    }

    private static async Task EndsAsync(EdgeProgram program)
    {
        program.Terminate();
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    // The end of the run before is not this run's word.
    private Task<Safety> SeesAsync(Level level, string cause = "") => _watcher.SeesAsync<Safety>(
        "safety", safety => safety.Level == level && safety.Cause.StartsWith(cause, StringComparison.Ordinal),
        $"{level} {cause}", _watcher.On("safety").Count);

    private EdgeProgram Start() =>
        EdgeProgram.Start("run", "--quiet", "--config", Configuration(), "--set", $"stateFolder={State}");

    private string Configuration() => _folder.Write(
        "service.yaml",
        $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
        + Settings.Mqtt(_broker.Port));
}
