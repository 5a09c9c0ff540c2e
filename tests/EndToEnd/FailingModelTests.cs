using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>A model that answers nonsense on every image, whether images come all the time or now and then.</summary>
public sealed class FailingModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(120)]
    [InlineData(5)]
    public async Task The_service_lives_says_what_fails_holds_the_robot_and_answers_its_commands(int fps)
    {
        var before = Totals.Of("edge_perception.ticks.failed");
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await RunningService.StartAsync(
            $"cameras:\n  - {{ name: front, kind: synthetic, width: 64, height: 48, fps: {fps} }}\n"
            + Settings.FailingDetector(_folder.Path) + Settings.Mqtt(broker.Port));
        var health =
            await watcher.SeesAsync<Health>("health", health => health.Status == Health.Types.Status.Failed, "failed");
        Assert.Contains("output 'detections' holds NaN or infinity",
            health.Components.Single(part => part.Name == "model nan").Detail, StringComparison.Ordinal);
        await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Halt, "the halt by age");

        var answer = await watcher.SayAsync("c", "follow the person");
        Assert.Equal(GroundingAnswer.Types.Outcome.Refuse, answer.Outcome);
        Assert.Equal("no camera gives pictures at the moment", answer.Reason);
        Assert.Equal(ActionKind.Stop, (await watcher.SayAsync("s", "stop")).Action);
        await watcher.SeesAsync<Stats>("stats",
            stats => stats.Counters.GetValueOrDefault("edge_perception.ticks.failed") - before >= 10, "failed ticks");
        Assert.Single(service.Log.Of("TickFailed"));
        Assert.False(service.Safety.MayAct);
    }

    public void Dispose() => _folder.Dispose();
}
