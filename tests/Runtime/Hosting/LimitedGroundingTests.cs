using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Http;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Architecture;
using EdgePerception.Runtime.Tests.Models;
using EdgePerception.Runtime.Tests.Pipeline;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgePerception.Runtime.Tests.Hosting;

/// <summary>What the parts that look at the service from outside say of grounding that lacks something.</summary>
public sealed class LimitedGroundingTests : IAsyncLifetime, IDisposable
{
    private const string Trouble = "rules alone, and unknown words are asked about: ear.json is not there";
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();
    private RecordedMessages _messages = null!;
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        _messages = RecordedMessages.Start(new SensorClock(_time));
        var detector = Path.Combine(Repository.Root, "configs", "models", "centernet-mobilenetv3-coco.yaml");
        var configuration = ConfigurationFile.Read(_folder.Write("service.yaml", $$"""
            cameras: [{ name: front, kind: synthetic }]
            models: { folder: {{EarFiles.ModelsFolder}}, detector: {{detector}} }
            inference: { threads: 1 }
            """));
        _services = new ServiceCollection()
            .AddLogging().AddSingleton(new SensorClock(_time)).AddSingleton<IHostApplicationLifetime, Running>()
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration)
            .AddSingleton(_messages.Publisher).AddSingleton<Probes>()
            .BuildServiceProvider();
        await _services.GetRequiredService<LiveDetector>().Loaded;
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _messages.DisposeAsync();
    }

    [Fact]
    public async Task Health_is_degraded_and_says_what_is_missing()
    {
        _services.GetRequiredService<HealthReporter>().Start();
        Use(new Grounder { Trouble = Trouble });
        _time.Advance(TimeSpan.FromSeconds(1));
        var health = Assert.Single(await _messages.OnAsync<Health>("health"));
        var grounding = health.Components.Single(component => component.Name == "grounding");
        Assert.Equal((Health.Types.Status.Degraded, Trouble), (grounding.Status, grounding.Detail));
        Assert.True(health.Status >= Health.Types.Status.Degraded);
    }

    [Fact]
    public void A_service_that_grounds_by_rules_alone_is_ready()
    {
        var probes = _services.GetRequiredService<Probes>();
        Assert.Equal("loading", probes.NotReady()["grounding"]);
        Use(new Grounder { Trouble = Trouble });
        Assert.DoesNotContain("grounding", probes.NotReady().Keys);
    }

    public void Dispose() => _folder.Dispose();

    private void Use(Grounder grounder) => _services.GetRequiredService<CommandGrounder>().Use(grounder);

    private sealed class Running : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
