using System.Diagnostics.Metrics;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Runtime.Tests.Pipeline;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Answer = EdgePerception.Runtime.Messaging.Messages.GroundingAnswer;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// Whatever a stage throws costs one tick: whoever listens to a metric throws into what is measured, so each stage
/// breaks in turn. Leases are counted when the service ends.
/// </summary>
public sealed class ErrorBoundaryTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MeterListener _listener = new();
    private volatile string _planted = "";
    private MosquittoBroker _broker = null!;
    private Watcher _watcher = null!;

    public async Task InitializeAsync()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "edge_perception.stage.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Break((string)tags[0].Value!));
        _listener.Start();
        _broker = await MosquittoBroker.StartAsync();
        _watcher = await Watcher.StartAsync(_broker);
    }

    public async Task DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Stage.Synchronize)]
    [InlineData(Stage.Encode)]
    [InlineData(Stage.Track)]
    [InlineData(Stage.Fuse)]
    [InlineData(Stage.Ground)]
    [InlineData(Stage.Decide)]
    [InlineData(Stage.Publish)]
    public async Task Whatever_a_stage_throws_costs_its_tick_and_nothing_else(Stage stage)
    {
        await using var service = await StartAsync();
        await service.MayActAsync();
        await _watcher.SeesHealthAsync(Health.Types.Status.Ok, "pipeline");

        var name = stage.ToString().ToLowerInvariant();
        _planted = name;
        var answer = await _watcher.SayAsync("during", "follow the person");
        if (stage is Stage.Fuse or Stage.Ground or Stage.Decide)
            Assert.Equal((Answer.Types.Outcome.Refuse, CommandGrounder.InternalError), (answer.Outcome, answer.Reason));
        var health = await _watcher.SeesHealthAsync(Health.Types.Status.Failed, "pipeline");
        Assert.Contains(
            $"internal error in stage {name}: InvalidOperationException: planted in {name}",
            health.Components.Single(part => part.Name == "pipeline").Detail, StringComparison.Ordinal);
        Assert.Equal(Health.Types.Status.Ok, health.Components.Single(part => part.Name == "model hang").Status);
        await _watcher.SeesAsync<Safety>(
            "safety", safety => safety.Cause == "no decision for more than 3000 ms", "the halt by age");
        Assert.Equal(ActionKind.Stop, (await _watcher.SayAsync("stop", "stop")).Action);
        await _watcher.SeesAsync<Stats>("stats", stats => stats.Counters.Any(IsCount), "the count of faults");
        Assert.Single(service.Log.Of("TickBroken"));
        var pool = service.Camera("front").Feed.Pool;
        Assert.True(pool.Leased <= 1, pool.DescribeLeases());

        _planted = "";
        await _watcher.SeesHealthAsync(Health.Types.Status.Ok, "pipeline");
        await _watcher.SendAsync("resume", "{}");
        await service.MayActAsync();
        // The first scene after a break may still be one without an image.
        await _watcher.SeesAsync<Scene>(
            "scene", scene => scene.Cameras.Count > 0, "a scene after that", _watcher.On("scene").Count);
        var after = await _watcher.SayAsync("after", "bring me the banana");
        Assert.True(after.Outcome == Answer.Types.Outcome.Absent, $"{after.Outcome}: {after.Reason}");
        foreach (var id in (string[])["during", "stop", "after"]) Assert.Single(_watcher.On($"command/{id}/result"));
        await service.StopAsync();

        bool IsCount(KeyValuePair<string, double> counter) =>
            counter.Key.StartsWith("edge_perception.faults{", StringComparison.Ordinal)
            && counter.Key.Contains($"stage={name}", StringComparison.Ordinal) && counter.Value >= 3;
    }

    [Fact]
    public async Task A_command_that_breaks_while_it_is_sent_is_answered_and_so_is_the_next()
    {
        var clock = new SensorClock(new FakeTimeProvider());
        await using var messages = RecordedMessages.Start(
            clock,
            topic => topic == Topics.Action ? throw new InvalidOperationException("planted in action") : topic.OnMqtt);
        var configuration = ConfigurationFile.Read(_folder.Write("service.yaml", Configuration), []);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(clock)
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration)
            .AddSingleton(messages.Publisher)
            .BuildServiceProvider();
        var publisher = services.GetRequiredService<ScenePublisher>();

        var action = services.GetRequiredService<ActionFactory>().Stop("during", clock.Monotonic);
        publisher.Answer(Decide("during", action), null, new());
        publisher.Answer(Decide("after", null), null, new());
        var broken = Assert.Single(await messages.OnAsync<Answer>("command/during/result"));
        Assert.Equal(
            (Answer.Types.Outcome.Refuse, $"{CommandGrounder.InternalError}; its action may have been sent"),
            (broken.Outcome, broken.Reason));
        Assert.Equal(
            Answer.Types.Outcome.Absent, Assert.Single(await messages.OnAsync<Answer>("command/after/result")).Outcome);

        Decision Decide(string id, RobotAction? action) => new(
            new PendingCommand(id, "stop", "", clock.Monotonic, TimeSpan.MaxValue),
            new() { Id = id, Outcome = GroundingOutcome.Absent }, action);
    }

    private Task<RunningService> StartAsync() => RunningService.StartAsync(
        $"{Configuration}{Settings.Mqtt(_broker.Port)}pipeline: {{ failuresUntilUnhealthy: 3 }}\n");

    private string Configuration => $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}";

    private void Break(string where)
    {
        if (_planted == where) throw new InvalidOperationException($"planted in {where}");
    }
}
