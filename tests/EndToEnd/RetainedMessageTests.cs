using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>What the broker kept from before the service started.</summary>
public sealed class RetainedMessageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_kept_command_or_resume_counts_for_nothing_and_a_kept_halt_halts()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await watcher.SendAsync("command", """{"id":"kept","text":"how many people are there"}""", "-r");
        await watcher.SendAsync("halt", "now", "-r");
        await watcher.SendAsync("resume", "go on", "-r");
        await using var service = await RunningService.StartAsync(
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}{Settings.Mqtt(broker.Port)}");
        var halt = await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Halt, "the halt");
        Assert.Equal("a halt that the broker kept", halt.Cause);
        // A command that came later has been answered: the kept one would have been before it.
        await watcher.SayAsync("live", "how many people are there");
        Assert.Empty(watcher.On("command/kept/result"));
        Assert.True(service.Safety.State.NeedsResume);
        await watcher.SendAsync("resume", "now");
        await service.MayActAsync();
    }

    public void Dispose() => _folder.Dispose();
}
