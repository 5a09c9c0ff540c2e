using System.Diagnostics.Metrics;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Tests.Support;
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
            if (instrument.Name is "edge_perception.stage.duration" or "edge_perception.actions.sent")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Break((string)tags[0].Value!));
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => Break("action"));
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
        await _watcher.SendAsync("resume", "go on");
        await service.MayActAsync();
        await _watcher.SeesAsync<Scene>("scene", _ => true, "a scene after that", _watcher.On("scene").Count);
        Assert.Equal(Answer.Types.Outcome.Absent, (await _watcher.SayAsync("after", "bring me the banana")).Outcome);
        foreach (var id in (string[])["during", "stop", "after"]) Assert.Single(_watcher.On($"command/{id}/result"));
        await service.StopAsync();

        bool IsCount(KeyValuePair<string, double> counter) =>
            counter.Key.StartsWith("edge_perception.faults{", StringComparison.Ordinal)
            && counter.Key.Contains($"stage={name}", StringComparison.Ordinal) && counter.Value >= 3;
    }

    [Fact]
    public async Task A_command_that_breaks_while_it_is_sent_is_answered_and_costs_no_tick()
    {
        await using var service = await StartAsync();
        await service.MayActAsync();
        _planted = "action";
        // A resume is an action of its own, and needs nothing in sight.
        var answer = await _watcher.SayAsync("during", "resume");
        var reason = $"{CommandGrounder.InternalError}; its action may have been sent";
        Assert.Equal((Answer.Types.Outcome.Refuse, reason), (answer.Outcome, answer.Reason));
        Assert.Single(service.Log.Of("CommandBroken"));
        Assert.Equal(0, service.Pipeline.ConsecutiveFailures);

        _planted = "";
        Assert.Equal(ActionKind.Resume, (await _watcher.SayAsync("after", "resume")).Action);
        Assert.Single(_watcher.On("command/during/result"));
        await service.StopAsync();
    }

    private Task<RunningService> StartAsync() => RunningService.StartAsync(
        $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}{Settings.Mqtt(_broker.Port)}"
        + "pipeline: { failuresUntilUnhealthy: 3 }\n");

    private void Break(string where)
    {
        if (_planted == where) throw new InvalidOperationException($"planted in {where}");
    }
}
