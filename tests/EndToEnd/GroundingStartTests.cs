using System.Security.Cryptography;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Runtime.Tests.Pipeline;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using GroundingAnswer = EdgePerception.Runtime.Messaging.Messages.GroundingAnswer;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>The network that grounds commands is checked at the start, and loaded beside the first images.</summary>
public sealed class GroundingStartTests : IDisposable
{
    private static readonly string Manifest = Path.Combine(Files.Repository, "configs", "models", "grounding.yaml");
    private readonly TemporaryFolder _folder = new();
    private readonly string _models;

    public GroundingStartTests()
    {
        _models = Directory.CreateDirectory(Path.Combine(_folder.Path, "models")).FullName;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Models", "hang.onnx"), Path.Combine(_models, "hang.onnx"));
        var grounding = Directory.CreateDirectory(Path.Combine(_models, "grounding")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Files.Repository, "models", "grounding")))
            File.Copy(file, Path.Combine(grounding, Path.GetFileName(file)));
    }

    [Fact]
    public async Task A_network_that_cannot_be_loaded_ends_the_service_with_one_line_and_exit_2()
    {
        var broken = new OnnxGraph().Input("words", 1).Node("NoSuchOperator", ["words"], ["referents"]).ToBytes();
        await File.WriteAllBytesAsync(Path.Combine(_models, "broken.onnx"), broken);
        var result = await RunAsync(Changed(
            ("file: grounding/attention.onnx", "file: broken.onnx"),
            (YamlBinder.Read<ModelManifest>(Manifest).Sha256, Convert.ToHexStringLower(SHA256.HashData(broken)))));
        Assert.True((result.ExitCode, result.Output) == (2, ""), result.Errors);
        Assert.StartsWith("edge-perception: model 'grounding': broken.onnx is not a model that can be loaded: ",
            result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Single(result.ErrorLines, line => line.Contains("broken.onnx", StringComparison.Ordinal));
        result.HasNoStackTrace();
    }

    [Theory]
    [InlineData("grounding/attention.onnx", "grounding/absent.onnx", "grounding/absent.onnx cannot be read")]
    [InlineData("grounding/attention.onnx", "grounding/attention-seed2.onnx",
        "grounding/attention-seed2.onnx is not the file that the manifest names")]
    [InlineData(
        "vocabulary.tsv", "calibration.yaml", "grounding/calibration.yaml is not the file that the manifest names")]
    [InlineData("name: quality, shape: [1, 3]", "name: quality, shape: [1, 4]",
        "input 9 is 'quality' float32 [1, 4]; the decoder grounding needs")]
    [InlineData("licence: MIT", "license: MIT", "license: unknown key")]
    public async Task What_is_wrong_with_its_files_is_all_that_the_service_says(
        string right, string wrong, string fault)
    {
        var result = await RunAsync(Changed((right, wrong)));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(fault, result.Errors, StringComparison.Ordinal);
        // Nothing was started before: a service that starts says which model it runs.
        Assert.DoesNotContain("runs on", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task A_service_that_is_stopped_before_the_network_is_loaded_ends_in_order()
    {
        await using var service = await RunningService.StartAsync(Configuration, Overrides(Manifest));
        await service.StopAsync(); // which looks for a fault
    }

    [Fact]
    public async Task Health_says_that_grounding_loads_until_it_is_ready()
    {
        var time = new FakeTimeProvider();
        await using var messages = RecordedMessages.Start(new SensorClock(time));
        await using var services = Compose(time, messages);
        var reports = new List<Health.Types.Component>();
        var reporter = services.GetRequiredService<HealthReporter>();
        reporter.Reported += (_, health) => reports.Add(health.Components.Single(part => part.Name == "grounding"));
        reporter.Start();
        time.Advance(TimeSpan.FromSeconds(1));
        services.GetRequiredService<CommandGrounder>().Use(new Grounder());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            [("loading", Health.Types.Status.Degraded), ("ready", Health.Types.Status.Ok)],
            reports.Select(report => (report.Detail, report.Status)));
    }

    [Fact]
    public async Task A_command_that_still_waits_when_the_loop_ends_is_refused_with_the_reason()
    {
        var time = new FakeTimeProvider();
        await using var messages = RecordedMessages.Start(new SensorClock(time));
        await using var services = Compose(time, messages);
        services.GetRequiredService<CommandInbox>().TryAdd(
            new PendingCommand("c", "follow the person", "", TimeSpan.Zero, TimeSpan.MaxValue));
        services.GetRequiredService<PerceptionPipeline>().Run(new CancellationToken(canceled: true));
        var answer = Assert.Single(await messages.OnAsync<GroundingAnswer>("command/c/result"));
        Assert.Equal((GroundingAnswer.Types.Outcome.Refuse, "the service ends"), (answer.Outcome, answer.Reason));
    }

    public void Dispose() => _folder.Dispose();

    private string Configuration => $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}";

    private string[] Overrides(string manifest) =>
    [
        $"models.folder={_models}", "grounding.method=combined", $"grounding.network={manifest}",
        $"grounding.calibration={Path.Combine(_models, "grounding", "calibration.yaml")}",
    ];

    private Task<ProgramResult> RunAsync(string manifest) => EdgeProgram.RunAsync(
    [
        "run", "--config", _folder.Write("service.yaml", Configuration), "--quiet", "--duration", "60s",
        .. Overrides(manifest).SelectMany(value => new[] { "--set", value }),
    ]);

    private string Changed(params (string Right, string Wrong)[] changes)
    {
        var text = File.ReadAllText(Manifest);
        foreach (var (right, wrong) in changes)
        {
            Assert.Contains(right, text, StringComparison.Ordinal);
            text = text.Replace(right, wrong, StringComparison.Ordinal);
        }

        return _folder.Write("grounding.yaml", text);
    }

    private ServiceProvider Compose(FakeTimeProvider time, RecordedMessages messages)
    {
        var configuration = ConfigurationFile.Read(_folder.Write("service.yaml", Configuration), []);
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(new SensorClock(time))
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration)
            .AddSingleton(messages.Publisher)
            .BuildServiceProvider();
    }
}
