using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Tests.GStreamer;
using EdgePerception.Tests.Support;
using Status = EdgePerception.Runtime.Messaging.Messages.Health.Types.Status;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>One camera goes away or freezes; the other, and everything else, goes on.</summary>
public sealed class CameraFaultTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private MosquittoBroker _broker = null!;
    private Watcher _watcher = null!;

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        _watcher = await Watcher.StartAsync(_broker);
    }

    public async Task DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_network_camera_that_is_killed_is_rebuilt_when_it_is_back()
    {
        var server = new RtspServer();
        try
        {
            await using var service = await StartAsync(Door(server));
            await BothLiveAsync(service);

            server.Dispose();
            await Eventually.Until(
                () => service.Camera("door").Status.State != CaptureState.Live, "the loss of the camera");
            await _watcher.SeesHealthAsync(Status.Degraded, "camera door");
            await service.SeesAsync("hall", 20);
            await ScenesGoOnAsync();

            server = new RtspServer(server.Port);
            await service.SeesAsync("door");
            await _watcher.SeesHealthAsync(Status.Ok);
            await RebuildsAreCountedAsync("door");
            await service.StopAsync();
        }
        finally
        {
            server.Dispose();
        }
    }

    [Fact]
    public async Task A_network_camera_that_freezes_is_noticed_and_rebuilt_when_it_wakes()
    {
        using var server = new RtspServer();
        await using var service = await StartAsync(Door(server));
        await BothLiveAsync(service);

        server.Freeze();
        await Eventually.Until(() => service.Camera("door").Status.State == CaptureState.Frozen,
            () => $"the watchdog: {service.Camera("door").Status}");
        await _watcher.SeesHealthAsync(Status.Degraded, "camera door");
        await service.SeesAsync("hall", 20);
        await ScenesGoOnAsync();

        server.Wake();
        await service.SeesAsync("door");
        await _watcher.SeesHealthAsync(Status.Ok);
        await RebuildsAreCountedAsync("door");
        await service.StopAsync();
    }

    [Theory]
    [InlineData("freeze@15", "no frame for 300 ms")]
    [InlineData("error@15", "the error that was asked for")]
    [InlineData("end@15", "the stream ended")]
    public async Task A_camera_that_fails_again_and_again_is_rebuilt_each_time(string fault, string reason)
    {
        await using var service = await StartAsync(Settings.Synthetic("door", $", watchdogMs: 300, fault: {fault}"));
        var reasons = new List<string>();
        service.Camera("door").StatusChanged += status =>
        {
            lock (reasons) reasons.Add($"{status.State}: {status.Reason}");
        };
        await Eventually.Until(
            () => service.Camera("door").Feed.Captured > 45, () => $"three lives: {service.Described()}");
        lock (reasons) Assert.Contains(reasons, text => text.Contains(reason, StringComparison.Ordinal));
        await service.SeesAsync("hall", 20);
        await ScenesGoOnAsync();
        await RebuildsAreCountedAsync("door");
        Assert.Equal(CaptureState.Live, service.Camera("hall").Status.State);
        await service.StopAsync();
    }

    [Fact]
    public async Task A_camera_that_is_not_there_at_the_start_is_waited_for_while_the_rest_works()
    {
        int port;
        using (var probe = new RtspServer()) port = probe.Port;
        await using var service =
            await StartAsync($"  - {{ name: door, kind: rtsp, url: 'rtsp://127.0.0.1:{port}/camera' }}\n");
        await service.SeesAsync("hall", 20);
        await Eventually.Until(() => service.Camera("door").Status.State == CaptureState.Failed, "the failure");
        await _watcher.SeesHealthAsync(Status.Degraded, "camera door");
        using var server = new RtspServer(port);
        await service.SeesAsync("door");
        await _watcher.SeesHealthAsync(Status.Ok);
    }

    [Fact]
    public async Task Without_any_picture_a_command_is_refused_with_the_reason_and_a_stop_still_works()
    {
        await using var service = await RunningService.StartAsync(
            $"cameras:\n{Settings.Synthetic("front", ", fault: freeze@1, watchdogMs: 60000")}"
            + Settings.HangingDetector(_folder.Path) + Settings.Mqtt(_broker.Port)
            + "scene: { maxCameraAgeSeconds: 0.1 }\n");
        await _watcher.SeesAsync<Safety>(
            "safety", safety => safety.Level == Safety.Types.Level.Halt, "the halt by age");
        var answer = await _watcher.SayAsync("c", "follow the person");
        Assert.Equal(GroundingAnswer.Types.Outcome.Refuse, answer.Outcome);
        Assert.Equal("no camera gives pictures at the moment", answer.Reason);
        Assert.Equal(ActionKind.Stop, (await _watcher.SayAsync("s", "stop")).Action);
    }

    private static string Door(RtspServer server) =>
        $"  - {{ name: door, kind: rtsp, url: '{server.Url}', watchdogMs: 1000 }}\n";

    private Task<RunningService> StartAsync(string camera) => RunningService.StartAsync(
        $"cameras:\n{camera}{Settings.Synthetic("hall")}{Settings.HangingDetector(_folder.Path)}"
        + $"{Settings.Mqtt(_broker.Port)}");

    private async Task BothLiveAsync(RunningService service)
    {
        await service.SeesAsync("door");
        await service.SeesAsync("hall");
        await _watcher.SeesHealthAsync(Status.Ok);
    }

    private async Task ScenesGoOnAsync() =>
        await _watcher.SeesAsync<Scene>("scene", scene => scene.Cameras.Any(camera => camera.Name == "hall"), "a scene",
            _watcher.On("scene").Count);

    private Task<Stats> RebuildsAreCountedAsync(string camera) => _watcher.SeesAsync<Stats>(
        "stats",
        stats =>
            stats.Counters.Any(counter =>
                counter.Key.StartsWith($"edge_perception.camera.rebuilds{{camera={camera}", StringComparison.Ordinal)
                    && counter.Value > 0),
        "the count of rebuilds", Math.Max(0, _watcher.On("stats").Count - 1));
}
