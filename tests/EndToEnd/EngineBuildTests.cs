using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Fusion.Tests.Inference.Engines;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// An engine is wanted while the service runs: the program builds it in another process, here without a GPU.
/// </summary>
public sealed class EngineBuildTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_build_that_fails_is_told_on_the_health_topic_and_the_service_goes_on()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await RunningService.StartAsync(
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
            + $"{Settings.Mqtt(broker.Port)}");
        service.Engines.Want(
            new EngineRequest(EngineKeys.Orin("hang"), new EngineCache(Path.Combine(_folder.Path, "engines"))));
        var health = await watcher.SeesAsync<Health>(
            "health", health => Detail(health).StartsWith("on CPU; TensorRT engine failed: ", StringComparison.Ordinal),
            "the failed build");
        Assert.Equal(Health.Types.Status.Ok, health.Status);
        // What 'models build' says: a library that is missing, or where there is none missing, that this model is not
        // for it.
        Assert.Matches(@"TensorRT cannot be used here: lib\S+\.so|does not name tensorrt", Detail(health));
        Assert.Single(service.Log.Of("EngineBuildStarted"));
        Assert.Single(service.Log.Of("EngineFailed"));
        await service.SeesAsync("front");
    }

    public void Dispose() => _folder.Dispose();

    private static string Detail(Health health) => health.Components.Single(part => part.Name == "model hang").Detail;
}
