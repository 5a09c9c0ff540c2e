using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;
using Body = EdgePerception.Runtime.Messaging.Messages.ControllerDelivery.BodyOneofCase;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>A model that never answers: the image turns white, and its run would take for ever.</summary>
public sealed class HungInferenceTests : IDisposable
{
    private const string Unending = "600000";
    private const int BlackFrames = 40;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_hung_inference_does_not_delay_a_stop()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await StartAsync(
            Settings.Mqtt(broker.Port), Unending, "safety: { degradeAfterMs: 60000, haltAfterMs: 600000 }");
        using var controller = new TestController(service.Actions);
        controller.Register("arm");
        await controller.NextAsync(Body.Registered);
        await service.MayActAsync();
        await HangsAsync(service);

        await watcher.SendAsync("command", """{"id":"s","text":"stop"}""");
        var answer = await watcher.AnswerAsync("s");
        Assert.Equal((GroundingAnswer.Types.Outcome.Act, ActionKind.Stop), (answer.Outcome, answer.Action));
        var stop = (await controller.NextAsync(Body.Action)).Action;
        Assert.Equal((ActionKind.Stop, "s"), (stop.Action_, stop.CommandId));
        await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Halt, "the halt");
        // The two messages come from two threads, in either order.
        await watcher.SeesAsync<Action>("action", action => action.CommandId == "s", "the stop");
        Assert.Single(watcher.On<Action>("action"));

        // All of that while the very same run hangs: nothing ended it.
        Assert.True(service.Pipeline.TickAge > TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (service.Log.Of("TickOverdue").Count, service.Log.Of("TickFailed").Count));
        await service.StopAsync();
        await Eventually.Until(() => watcher.On("available")[^1].Text == "offline", () => "the last word");
    }

    [Fact]
    public async Task A_run_that_takes_too_long_is_ended_and_the_service_says_that_it_failed()
    {
        var before = Totals.Of("edge_perception.ticks.failed");
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await StartAsync(Settings.Mqtt(broker.Port), "500");
        await watcher.SeesHealthAsync(Health.Types.Status.Failed, "model hang");
        await watcher.SeesAsync<Stats>("stats",
            stats => stats.Counters.GetValueOrDefault("edge_perception.ticks.failed") - before >= 2, "failed ticks");
        Assert.NotEmpty(service.Log.Of("TickOverdue"));
        Assert.Contains("model 'hang': the run failed", service.Pipeline.LastFailure, StringComparison.Ordinal);
        // How often is a figure; that and why is one line.
        Assert.Single(service.Log.Of("TickFailed"));
        await watcher.SendAsync("halt", "now");
        await watcher.SeesAsync<Safety>("safety", safety => safety.Cause == "a message on the halt topic", "the halt");
    }

    [Fact]
    public async Task A_robot_that_nobody_decides_for_is_degraded_and_then_halted_by_itself()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await StartAsync(Settings.Mqtt(broker.Port), Unending);
        using var controller = new TestController(service.Actions);
        controller.Register("arm");
        await service.MayActAsync();
        await watcher.SeesAsync<Safety>(
            "safety",
            safety => safety is { Level: Safety.Types.Level.Degrade, Cause: "no decision for more than 1000 ms" },
            "degrade");
        await watcher.SeesAsync<Safety>("safety",
            safety => safety is { Level: Safety.Types.Level.Halt, Cause: "no decision for more than 3000 ms" }, "halt");
        Assert.Equal(ActionKind.Stop, (await controller.NextAsync(Body.Action)).Action.Action_);
    }

    [Fact]
    public async Task A_service_ends_in_order_while_its_model_hangs()
    {
        await using var service = await StartAsync("", Unending);
        await HangsAsync(service);
        await service.StopAsync();
        Assert.Empty(service.Log.Of("TickOverdue"));
    }

    public void Dispose() => _folder.Dispose();

    private Task<RunningService> StartAsync(string mqtt, string tickTimeoutMs, string more = "") =>
        RunningService.StartAsync($$"""
        cameras:
          - { name: front, kind: file, path: {{Files.BlackToWhite(_folder.Path, BlackFrames)}} }
        pipeline: { tickTimeoutMs: {{tickTimeoutMs}} }
        {{Settings.HangingDetector(_folder.Path)}}{{mqtt}}{{Settings.ZeroMq}}{{more}}
        """);

    // White images have come for a second, and one tick is at work for as long.
    private static Task HangsAsync(RunningService service) => Eventually.Until(
        () => service.Camera("front").Feed.Captured > BlackFrames + 10
            && service.Pipeline.TickAge > TimeSpan.FromSeconds(1),
        () => $"the model's hanging: {service.Described()}");
}
