using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>The broker dies, freezes or is not there yet; perception does not notice.</summary>
public sealed class BrokerFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_broker_that_is_killed_is_said_once_and_found_again_and_what_is_dropped_is_counted()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var service = await StartAsync(broker);
        await AnswersAsync(broker, "before");

        await broker.KillAsync();
        await Eventually.Until(() => service.Mqtt.State == TransportState.Disconnected, "the loss of the broker");
        await service.SeesAsync("front", 30);
        await Eventually.Until(() => service.Mqtt.Counters.DroppedFor(DropReason.Disconnected) > 0, "dropped streams");
        await IsWithheldAsync(service);
        Assert.Single(Down(service));

        await broker.RestartAsync();
        await Eventually.Until(() => service.Mqtt.State == TransportState.Connected, "the way back");
        await AnswersAsync(broker, "after");
        await service.MayActAsync();
        Assert.Single(Down(service));
        Assert.Equal(2, service.Mqtt.Counters.Connections);
        await service.StopAsync();
        var counters = service.Mqtt.Counters;
        Assert.Equal(counters.Accepted, counters.Delivered + counters.Dropped);
    }

    [Fact]
    public async Task A_broker_that_freezes_holds_up_nothing_and_serves_again_when_it_wakes()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var service =
            await StartAsync(broker, ", maxInFlight: 4, eventQueue: 8, streamQueue: 4, keepAliveS: 5");
        await AnswersAsync(broker, "before");

        broker.Freeze();
        try
        {
            await Eventually.Until(() => service.Mqtt.Counters.DroppedFor(DropReason.QueueFull) > 20,
                () => $"a full queue: {service.Described()}");
            await service.SeesAsync("front", 20);
            await IsWithheldAsync(service);
        }
        finally
        {
            broker.Thaw();
        }

        await AnswersAsync(broker, "after");
        await service.MayActAsync();
        await service.StopAsync();
    }

    [Fact]
    public async Task A_service_without_a_broker_says_so_once_and_connects_when_it_appears()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await broker.KillAsync();
        await using var service = await RunningService.StartAsync(Configuration(broker));
        await service.SeesAsync("front", 40);
        Assert.Equal((SafetyLevel.Degrade, SafetyInput.Link), (service.Safety.State.Level, service.Safety.State.Input));
        Assert.Equal(TransportState.Disconnected, service.Mqtt.State);
        Assert.Contains($"127.0.0.1:{broker.Port}", Assert.Single(Down(service)), StringComparison.Ordinal);

        await broker.RestartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await watcher.SeesAsync<Health>("health", health => health.Status == Health.Types.Status.Ok, "health");
        Assert.Equal("online", watcher.On("available")[^1].Text);
        await AnswersAsync(broker, "after");
        Assert.Single(Down(service));
    }

    [Fact]
    public async Task A_service_ends_in_order_while_its_broker_is_frozen()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var service = await StartAsync(broker, ", shutdownMs: 200");
        await AnswersAsync(broker, "before");
        broker.Freeze();
        try
        {
            await service.StopAsync();
        }
        finally
        {
            broker.Thaw();
        }
    }

    [Fact]
    public async Task Two_services_under_one_name_are_failed_in_health_until_one_of_them_ends()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var first = await StartAsync(broker);
        await using (var second = await StartAsync(broker))
        {
            var health = await watcher.SeesHealthAsync(Health.Types.Status.Failed, "mqtt");
            var mqtt = health.Components.Single(part => part.Name == "mqtt");
            Assert.Contains("another client uses the client id", mqtt.Detail, StringComparison.Ordinal);
            foreach (var transport in new[] { first.Mqtt, second.Mqtt })
                await Eventually.Until(() => transport.Trouble is { NeedsAttention: true }, "the contest at both");
        }

        await watcher.SeesHealthAsync(Health.Types.Status.Ok, "mqtt");
        Assert.Null(first.Mqtt.Trouble);
        Assert.Single(Down(first), line => line.Contains("another client", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<RunningService> StartAsync(MosquittoBroker broker, string more = "")
    {
        var service = await RunningService.StartAsync(Configuration(broker, more));
        await service.MayActAsync();
        return service;
    }

    private string Configuration(MosquittoBroker broker, string more = "") =>
        $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
        + $"{Settings.Mqtt(broker.Port, more)}"
        + "safety: { degradeAfterMs: 20000, haltAfterMs: 60000 }\n";

    // Nobody could stop the robot.
    private static Task IsWithheldAsync(RunningService service) => Eventually.Until(
        () => service.Safety.State is { Level: SafetyLevel.Degrade, Input: SafetyInput.Link },
        () => $"no motion without the link: {service.Safety.State}");

    // The connection for stops says so, too.
    private static IEnumerable<string> Down(RunningService service) =>
        service.Log.Of("TransportDown").Where(line => line.StartsWith("mqtt has", StringComparison.Ordinal));

    private static async Task AnswersAsync(MosquittoBroker broker, string id)
    {
        await using var watcher = await Watcher.StartAsync(broker);
        await watcher.SeesAsync<Scene>("scene", _ => true, "a scene");
        var answer = await watcher.SayAsync(id, "how many people are there");
        Assert.Equal(ActionKind.Report, answer.Action);
    }
}
