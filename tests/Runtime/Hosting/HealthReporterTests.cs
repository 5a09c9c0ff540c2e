using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Architecture;
using EdgePerception.Runtime.Tests.Models;
using EdgePerception.Runtime.Tests.Pipeline;
using EdgePerception.Sensors;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Hosting;

/// <summary>Health and stats of the service's own parts, on virtual time.</summary>
public sealed class HealthReporterTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly ListLogger<HealthReporter> _log = new();
    private readonly Said _said = new();
    private RecordedMessages _messages = null!;
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        _messages = RecordedMessages.Start(new SensorClock(_time));
        var detector = Path.Combine(Repository.Root, "configs", "models", "centernet-mobilenetv3-coco.yaml");
        var configuration = ConfigurationFile.Read(_folder.Write("service.yaml", $$"""
            cameras: [{ name: front, kind: synthetic, width: 64, height: 48, watchdogMs: 500, fault: freeze@30 }]
            microphones: [{ name: left, kind: synthetic, watchdogMs: 500, fault: freeze@100 }]
            models: { folder: {{EarFiles.ModelsFolder}}, detector: {{detector}} }
            inference: { threads: 1 }
            """));
        _services = new ServiceCollection()
            .AddLogging().AddSingleton(new SensorClock(_time)).AddSingleton<ILogger<HealthReporter>>(_log)
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration)
            .AddSingleton(_messages.Publisher).AddSingleton<IHealthSource>(_said)
            .BuildServiceProvider();
        await _services.GetRequiredService<LiveDetector>().Loaded;
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _messages.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_part_is_asked_once_a_second_and_the_worst_is_the_services()
    {
        // At the broker a newer report takes the place of one that waits.
        var reports = new List<Health>();
        Get<HealthReporter>().Reported += (_, health) => reports.Add(health);
        Get<HealthReporter>().Start();
        _time.AdvanceBy(Second, 2);
        _said.Status = HealthStatus.Failed;
        _time.AdvanceBy(Second, 1);

        Assert.Equal(
            [Health.Types.Status.Degraded, Health.Types.Status.Degraded, Health.Types.Status.Failed],
            reports.Select(report => report.Status));
        Assert.Equal(
            [
                "camera front", "microphone left", "pipeline", "model centernet-mobilenetv3-coco", "grounding",
                "safety", "a test",
            ], reports[0].Components.Select(part => part.Name));
        Assert.Equal(3, _said.Looks);
        Assert.Equal(reports[^1].Status, (await _messages.OnAsync<Health>("health"))[^1].Status);
        Assert.NotEmpty(await _messages.OnAsync<Stats>("stats"));
    }

    [Fact]
    public async Task A_part_that_throws_costs_one_report_and_is_logged()
    {
        Get<HealthReporter>().Start();
        _said.Fault = new InvalidOperationException("what no one thought of");
        _time.AdvanceBy(Second, 1);
        _said.Fault = null;
        _time.AdvanceBy(Second, 1);
        Assert.Single(await _messages.OnAsync<Health>("health"));
        Assert.Equal(1, _log.Count(LogLevel.Error));
    }

    [Fact]
    public async Task The_end_is_said_once_and_nothing_after_it()
    {
        var reporter = Get<HealthReporter>();
        reporter.Start();
        _time.AdvanceBy(Second, 1);
        Assert.Single(await _messages.OnAsync<Health>("health"));
        reporter.Dispose();
        reporter.Dispose();
        _time.AdvanceBy(Second, 3);
        var ended = Assert.Single(Assert.Single((await _messages.OnAsync<Health>("health")).Skip(1)).Components);
        Assert.Equal(("service", Health.Types.Status.Failed, "ended"), (ended.Name, ended.Status, ended.Detail));
    }

    [Fact]
    public async Task One_that_never_began_says_nothing_at_its_end()
    {
        Get<HealthReporter>().Dispose();
        Assert.Empty(await _messages.AllAsync());
    }

    [Fact]
    public void Camera_and_microphone_are_told_apart_and_each_with_its_reason()
    {
        var rig = Get<SensorRig>();
        Assert.Equal(("starting", "starting"), (Detail("camera front"), Detail("microphone left")));
        rig.Start();
        _time.AdvanceUntil(() => rig.Microphones[0].Status.State == CaptureState.Live);
        _time.AdvanceUntil(() => rig.Cameras[0].Status.State == CaptureState.Frozen);
        Assert.Equal("no frame for 500 ms", Detail("camera front"));
        _time.AdvanceUntil(() => rig.Microphones[0].Status.State == CaptureState.Frozen);
        Assert.Equal("no sound for 500 ms", Detail("microphone left"));
        Assert.Equal(HealthStatus.Degraded, Part("microphone left").Status);
        _time.AdvanceUntil(() => rig.Microphones[0].Status.State == CaptureState.Live);
        Assert.Equal(new ComponentHealth("microphone left", HealthStatus.Ok, "live"), Part("microphone left"));
    }

    [Fact]
    public void Grounding_is_loading_until_there_is_a_grounder_and_says_what_it_lacks()
    {
        Assert.Equal(new ComponentHealth("grounding", HealthStatus.Degraded, "loading"), Part("grounding"));
        Get<CommandGrounder>().Use(new Grounder { Trouble = "rules alone" });
        Assert.Equal(new ComponentHealth("grounding", HealthStatus.Degraded, "rules alone"), Part("grounding"));
        Get<CommandGrounder>().Use(new Grounder());
        Assert.Equal(new ComponentHealth("grounding", HealthStatus.Ok, "ready"), Part("grounding"));
    }

    [Fact]
    public void A_loop_that_stands_still_between_ticks_is_not_alive_and_no_tick_of_it_is_overdue()
    {
        var watchdog = Get<TickWatchdog>();
        Assert.True(watchdog.IsLoopAlive);
        _time.Advance(TimeSpan.FromMilliseconds(5000));
        Assert.True(watchdog.IsLoopAlive);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((false, false), (watchdog.IsLoopAlive, watchdog.IsOverdue));
        Assert.Equal(new ComponentHealth("pipeline", HealthStatus.Ok, "runs"), Part("pipeline"));
    }

    [Fact]
    public void Rates_are_those_since_the_measurement_before()
    {
        var (stats, latency) = (Get<ServiceStats>(), Get<LatencyWindow>());
        _time.Advance(2 * Second);
        for (var i = 0; i < 30; i++) latency.Record(TimeSpan.FromMilliseconds(10 * (i + 1)));
        var first = stats.Measure();
        Assert.Equal((2, 15, 150), (first.UptimeS, first.FramesPerSecond, first.LatencyP50Ms), Near);
        _time.Advance(Second / 2);
        latency.Record(TimeSpan.FromMilliseconds(1));
        var second = stats.Measure();
        Assert.Equal((2.5, 2), (second.UptimeS, second.FramesPerSecond));
        _time.Advance(Second);
        Assert.Equal(0, stats.Measure().FramesPerSecond);
    }

    private static bool Near((double A, double B, double C) x, (double A, double B, double C) y) =>
        x.A == y.A && x.B == y.B && Math.Abs(x.C - y.C) <= 10;

    private string Detail(string name) => Part(name).Detail;

    private ComponentHealth Part(string name) =>
        _services.GetServices<IHealthSource>().SelectMany(source => source.Look()).Single(part => part.Name == name);

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A part that says what it is told to.</summary>
    private sealed class Said : IHealthSource
    {
        public HealthStatus Status { get; set; }

        public Exception? Fault { get; set; }

        public int Looks { get; private set; }

        public IEnumerable<ComponentHealth> Look()
        {
            Looks++;
            return Fault is null ? [new ComponentHealth("a test", Status, "as told")] : throw Fault;
        }
    }
}
