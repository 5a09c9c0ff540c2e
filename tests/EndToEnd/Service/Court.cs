using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>
/// The service with the real detector on two men playing basketball, a broker, a watcher and a controller. The ladder
/// and the life of actions leave time, because the detector may be slow on the machine that tests.
/// </summary>
public sealed class Court : IAsyncLifetime, IDisposable
{
    public const string Patient =
        "safety: { degradeAfterMs: 30000, haltAfterMs: 60000 }\npublishing: { actionLifetimeMs: 120000 }\n"
        + "tracking: { maxGapSeconds: 30, lostSeconds: 30 }\nscene: { maxUnseenSeconds: 20, maxCameraAgeSeconds: 20 }\n"
        + "pipeline: { maxFrameAgeMs: 20000, tickTimeoutMs: 60000, commandCapacity: 2 }\n";

    private readonly TemporaryFolder _folder = new();
    private MosquittoBroker _broker = null!;

    internal Watcher Watcher { get; private set; } = null!;

    internal RunningService Service { get; private set; } = null!;

    internal TestController Controller { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var clip = Files.Still(Files.Basketball, Path.Combine(_folder.Path, "court.avi"));
        _broker = await MosquittoBroker.StartAsync();
        Watcher = await Watcher.StartAsync(_broker);
        Service = await RunningService.StartAsync(
            $"cameras: [{{ name: court, kind: file, path: {clip}, loop: true, hfovDeg: 60 }}]\n"
            + Settings.RealDetector + Settings.Mqtt(_broker.Port) + Settings.ZeroMq + Patient);
        Controller = new TestController(Service.Actions);
        Controller.Register("base");
        await Controller.NextAsync(ControllerDelivery.BodyOneofCase.Registered);
        await SeesTwoMenAsync();
        await Service.MayActAsync();
    }

    /// <summary>Waits for a scene from now on in which both stand.</summary>
    internal Task<Scene> SeesTwoMenAsync() => Watcher.SeesAsync<Scene>(
        "scene", scene => scene.Objects.Count(seen => seen.Label == "person") == 2, "two men",
        Watcher.On("scene").Count);

    public async Task DisposeAsync()
    {
        Controller.Dispose();
        await Service.DisposeAsync();
        await Watcher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}
