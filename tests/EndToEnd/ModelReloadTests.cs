using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>New versions of the model while the service runs.</summary>
public sealed class ModelReloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_hangup_brings_the_new_version_in_and_a_broken_one_leaves_it_at_work()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        var file = _folder.Write("service.yaml",
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
            + $"{Settings.Mqtt(broker.Port)}swap: {{ minAgreement: 0 }}\n");
        var manifest = Path.Combine(_folder.Path, "hang.yaml");
        var text = await File.ReadAllTextAsync(manifest);
        using var program = EdgeProgram.Start("run", "--config", file, "--quiet");
        await watcher.SeesHealthAsync(Health.Types.Status.Ok, "model hang");

        await File.WriteAllTextAsync(manifest, text.Replace("name: hang", "name: newer", StringComparison.Ordinal));
        program.Hangup();
        await program.SaysAsync("New version goes live: newer ");
        await watcher.SeesHealthAsync(Health.Types.Status.Ok, "model newer");

        await File.WriteAllTextAsync(
            manifest, text.Replace("file: hang.onnx", "file: nan.onnx", StringComparison.Ordinal));
        program.Hangup();
        await program.SaysAsync("New version refused, the one at work stays: model 'hang': ");
        await File.WriteAllTextAsync(manifest, "name: [");
        program.Hangup();
        await program.SaysAsync($"New version refused, the one at work stays: {manifest}:2: not valid YAML");
        await watcher.SeesHealthAsync(Health.Types.Status.Ok, "model newer");
        program.Terminate();
        (await program.EndAsync()).HasNoStackTrace();
    }

    [Fact]
    public async Task A_version_offered_while_nothing_is_in_sight_waits_and_is_refused_in_the_end()
    {
        var file = _folder.Write("service.yaml",
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}swap: {{ maxWaitS: 1 "
            + $"}}\n");
        using var program = EdgeProgram.Start("run", "--config", file, "--quiet");
        await program.SaysAsync("Model hang runs on CPU");
        program.Hangup();
        await program.SaysAsync("New version waits, the one at work stays meanwhile: hang ");
        await program.SaysAsync(
            "nothing to compare it on: 0 objects were seen in 1 s, 3 are asked for (swap.minObjects)");
        program.Terminate();
        var result = await program.EndAsync();
        result.HasNoStackTrace();
        Assert.DoesNotContain("goes live", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_waits_gives_way_to_a_newer_one_and_does_not_hold_up_the_end()
    {
        var file = _folder.Write(
            "service.yaml", $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}");
        using var program = EdgeProgram.Start("run", "--config", file, "--quiet");
        await program.SaysAsync("Model hang runs on CPU");
        program.Hangup();
        await program.SaysAsync("New version waits, the one at work stays meanwhile: hang ");
        program.Hangup();
        await program.SaysAsync("another version came while it waited for something to be in sight");
        program.Terminate();
        var result = await program.EndAsync();
        Assert.Equal(0, result.ExitCode);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task A_version_that_sees_other_things_is_refused_and_one_that_sees_the_same_is_not()
    {
        var clip = Files.Still(Files.Basketball, Path.Combine(_folder.Path, "court.avi"));
        var manifest = _folder.Write("detector.yaml", await File.ReadAllTextAsync(Files.Detector));
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await RunningService.StartAsync(
            $"cameras: [{{ name: court, kind: file, path: {clip}, loop: true }}]\n"
            + $"models: {{ folder: {Path.Combine(Files.Repository, "models")}, detector: {manifest} }}\ngrounding: "
            + $"{{ method: rules }}\n"
            + Settings.Mqtt(broker.Port) + Court.Patient);
        var men = await SeesTwoMenAsync(watcher);

        await File.WriteAllTextAsync(
            manifest,
            (await File.ReadAllTextAsync(Files.Detector)).Replace(
                "[person, bicycle,", "[bicycle, person,", StringComparison.Ordinal));
        Assert.False(await service.Reloader.ReloadAsync(), service.Described());
        Assert.Contains("agreement", Assert.Single(service.Log.Of("ModelRefused")), StringComparison.Ordinal);

        await File.WriteAllTextAsync(
            manifest,
            (await File.ReadAllTextAsync(Files.Detector)).Replace(
                "name: centernet", "name: newer-centernet", StringComparison.Ordinal));
        Assert.True(await service.Reloader.ReloadAsync());
        await watcher.SeesHealthAsync(Health.Types.Status.Ok, "model newer-centernet-mobilenetv3-coco");
        Assert.Equal(men, await SeesTwoMenAsync(watcher));
        await service.StopAsync();
    }

    public void Dispose() => _folder.Dispose();

    // The tracks' ids of two men in a scene from now on.
    private static async Task<string[]> SeesTwoMenAsync(Watcher watcher)
    {
        var scene = await watcher.SeesAsync<Scene>(
            "scene", scene => scene.Objects.Count(seen => seen.Label == "person") == 2, "two men",
            watcher.On("scene").Count);
        return [.. scene.Objects.Where(seen => seen.Label == "person").Select(seen => seen.Id).Order()];
    }
}
