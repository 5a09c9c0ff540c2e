using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>Two cameras in one run, seen by one model session.</summary>
public sealed class TwoCamerasTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Two_cameras_share_the_model_and_every_object_names_its_own()
    {
        var clip = Files.Still(Files.Basketball, Path.Combine(_folder.Path, "court.avi"));
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        await using var service = await RunningService.StartAsync(
            $"cameras:\n  - {{ name: near, kind: file, path: {clip}, loop: true }}\n  - {{ name: far, kind: file, "
            + $"path: {clip}, loop: true, fps: 5 }}\n"
            + Settings.RealDetector + Settings.Mqtt(broker.Port) + Settings.ZeroMq + Court.Patient);

        var scene = await watcher.SeesAsync<Scene>(
            "scene", scene => People(scene, "near") == 2 && People(scene, "far") == 2, "two men before each camera");
        Assert.Equal(["far", "near"], scene.Cameras.Select(camera => camera.Name).Order());
        Assert.All(scene.Cameras, camera => Assert.True(camera.Live));
        Assert.Equal(scene.Objects.Count, scene.Objects.Select(seen => seen.Id).Distinct().Count());
        foreach (var camera in new[] { "near", "far" })
        {
            foreach (var seen in scene.Objects.Where(seen => seen.Camera == camera))
                await watcher.SeesAsync<TrackEvent>($"tracks/{camera}",
                    told => told.Track.Id == seen.Id && told.Kind == TrackEvent.Types.Kind.New, $"track {seen.Id}");
            Assert.All(watcher.On<TrackEvent>($"tracks/{camera}"), told => Assert.Equal(camera, told.Track.Camera));
            await watcher.SeesAsync<Detection2DArray>($"detections/{camera}",
                array => array.Header.Source == camera && array.Detections.Count > 0, "detections");
        }

        // Relations in the image hold within one camera: there is a man on the left in each, and none is more left.
        var answer = await watcher.SayAsync("left", "follow the person on the left");
        Assert.Equal(GroundingAnswer.Types.Outcome.Clarify, answer.Outcome);
        Assert.Single(service.Log.Of("ModelReady"));
        await service.StopAsync();
    }

    public void Dispose() => _folder.Dispose();

    private static int People(Scene scene, string camera) =>
        scene.Objects.Count(seen => seen.Camera == camera && seen.Label == "person");
}
