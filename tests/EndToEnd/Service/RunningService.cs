using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Http;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>
/// The whole service within the test's process, composed as <c>run</c> composes it, from a configuration file. When it
/// ends, nothing of it may be left: no loop, no lease, no fault.
/// </summary>
internal sealed class RunningService : IAsyncDisposable
{
    public const string Device = "robot";
    private readonly TemporaryFolder _folder;
    private readonly IHost _host;
    private bool _stopped;

    private RunningService(TemporaryFolder folder, ServiceSettings configuration)
    {
        _folder = folder;
        _host = PerceptionHost.Build(configuration, logging => logging.AddProvider(Log));
    }

    public LogCapture Log { get; } = new();

    public SensorRig Rig => Part<SensorRig>();

    public PerceptionPipeline Pipeline => Part<PerceptionPipeline>();

    public SafetySupervisor Safety => Part<SafetySupervisor>();

    public LiveDetector Detector => Part<LiveDetector>();

    public ModelReloader Reloader => Part<ModelReloader>();

    public EngineBuilds Engines => Part<EngineBuilds>();

    public CommandGrounder Grounding => Part<CommandGrounder>();

    public IMessageTransport Mqtt => Part<Messenger>().Transports.Single(transport => transport.Name == "mqtt");

    public ZeroMqPublisher ZeroMq =>
        (ZeroMqPublisher)Part<Messenger>().Transports.Single(transport => transport.Name == "zeromq");

    public string Http => Part<HttpServer>().Url!;

    public string Actions => Controllers.Endpoint;

    public ActionRouter Controllers => Part<Messenger>().Controllers!;

    /// <summary>Starts it with this configuration; the ZeroMQ sockets are on ports of the system's choice.</summary>
    public static async Task<RunningService> StartAsync(string yaml, params string[] overrides)
    {
        var folder = new TemporaryFolder();
        var file = folder.Write("service.yaml", yaml);
        string[] armed =
        [
            $"stateFolder={Path.Combine(folder.Path, "state")}", "safety.armAtStart=true",
            "safety.legacyControllers=true", .. overrides,
        ];
        var service = new RunningService(folder, ConfigurationFile.Read(file, armed));
        await service._host.StartAsync();
        return service;
    }

    public CaptureSource<FrameFeed> Camera(string name) => Rig.Cameras.Single(source => source.Status.Name == name);

    /// <summary>Waits until that camera has given so many frames more.</summary>
    public async Task SeesAsync(string camera, int frames = 5)
    {
        var wanted = Camera(camera).Feed.Captured + frames;
        await Eventually.Until(
            () => Camera(camera).Feed.Captured >= wanted,
            () => $"{frames} frames of {camera}: {Camera(camera).Status}, {Described()}");
    }

    /// <summary>Waits until motion is allowed.</summary>
    public Task MayActAsync() =>
        Eventually.Until(() => Safety.MayAct, () => $"the level act: {Safety.State}, {Described()}");

    /// <summary>What the service said so far, for a failed wait.</summary>
    public string Described() => string.Join(" | ", Log.Lines.Select(line => line.Text));

    /// <summary>Ends it in order, and checks that nothing is left.</summary>
    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _host.StopAsync();
        Assert.Null(Part<PerceptionService>().Fault);
        Assert.All(Rig.Cameras, source => Assert.True(source.Feed.Pool.Leased == 0, source.Feed.Pool.DescribeLeases()));
        Assert.Equal(CaptureState.Ended, Assert.Single(Rig.Cameras.Select(source => source.Status.State).Distinct()));
        string[] unsound = ["LoopStuck", "LoopFailed", "FramesLeaked", "CaptureThreadStuck", "ShutdownOverdue",
            "TransportFailed", "HandlerFailed"];
        Assert.DoesNotContain(Log.Lines, line => unsound.Contains(line.Event));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            _host.Dispose();
            _folder.Dispose();
        }
    }

    private T Part<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();
}
