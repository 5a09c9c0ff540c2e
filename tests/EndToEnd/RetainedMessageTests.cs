using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>What the broker kept from before the service started, and what the service leaves there.</summary>
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
        await watcher.SendAsync("resume", "{}", "-r");
        await using var service = await RunningService.StartAsync(
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
            + $"{Settings.Mqtt(broker.Port)}");
        var halt =
            await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Halt, "the halt");
        Assert.Equal("a halt that the broker kept", halt.Cause);
        // A command that came later has been answered: the kept one would have been before it.
        await watcher.SayAsync("live", "how many people are there");
        Assert.Empty(watcher.On("command/kept/result"));
        Assert.True(service.Safety.State.NeedsResume);
        await watcher.SendAsync("resume", "{}");
        await service.MayActAsync();
    }

    [Fact]
    public async Task A_service_that_lives_says_its_level_again_and_again_and_leaves_a_halt_when_it_ends()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await RunningService.StartAsync(Configuration(broker));
        await service.MayActAsync();
        await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Act, "the level act");
        var before = watcher.On("safety").Count;
        await Eventually.Until(() => watcher.On("safety").Count >= before + 3, "the level three times more");
        Assert.All(watcher.On("safety"), message => Assert.NotNull(message.Expiry));
        Assert.All(watcher.On("health"), message => Assert.NotNull(message.Expiry));
        await service.StopAsync();

        await using var late = await Watcher.StartAsync(broker);
        var safety = Assert.Single(late.On<Safety>("safety"));
        Assert.Equal((Safety.Types.Level.Halt, "the service ended"), (safety.Level, safety.Cause));
        Assert.Equal(Health.Types.Status.Failed, Assert.Single(late.On<Health>("health")).Status);
        Assert.Equal("offline", Assert.Single(late.On("available")).Text);
        Assert.All(late.On("safety").Concat(late.On("health")), message => Assert.Null(message.Expiry));
    }

    [Fact]
    public async Task A_resume_that_comes_while_the_service_ends_leaves_the_halt()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var service = await RunningService.StartAsync(Configuration(broker));
        await service.MayActAsync();
        service.Safety.Changed += _ => service.Safety.Resume();
        await service.StopAsync();
        await using var late = await Watcher.StartAsync(broker);
        Assert.Equal(Safety.Types.Level.Halt, Assert.Single(late.On<Safety>("safety")).Level);
    }

    [Fact]
    public async Task A_service_that_is_killed_leaves_neither_level_nor_health_for_long()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using (var watcher = await Watcher.StartAsync(broker))
        {
            var file = _folder.Write("service.yaml", Configuration(broker));
            using var program = EdgeProgram.Start("run", "--config", file);
            await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Act, "act");
            program.Kill();
            await program.EndAsync();
        }

        // Whoever subscribes has all that is kept before this returns.
        for (var attempt = 1; ; attempt++)
        {
            await using var late = await Watcher.StartAsync(broker);
            if (late.On("safety").Count + late.On("health").Count == 0) break;
            Assert.True(attempt < 1000, "what a dead device said last is kept for ever");
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Configuration(MosquittoBroker broker) =>
        $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
        + $"{Settings.Mqtt(broker.Port)}"
        + "safety: { degradeAfterMs: 20000, haltAfterMs: 60000 }\n";
}
