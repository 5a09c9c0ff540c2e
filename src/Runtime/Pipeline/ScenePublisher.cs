using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Actions;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pictures;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.Logging;
using Scene = EdgePerception.Fusion.Scenes.Scene;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// The loop's last stage: hands what a tick made to the transports, which never wait. Answers and actions go first.
/// Owned by the loop.
/// </summary>
public sealed class ScenePublisher(
    MessagePublisher publisher, ActionDispatcher actions, PerceptionFusion fusion, GroundingPictures? pictures,
    LiveDetector detector, PublishingConfiguration settings, LatencyWindow latency, SensorClock clock, ILogger<ScenePublisher> logger)
{
    private static readonly TotalCounter Answers = new(
        "edge_perception.commands.answered", "{command}", "Commands that the loop answered", "outcome");

    private readonly Dictionary<string, TimeSpan> _nextUpdates = [];

    /// <summary>Publishes the decisions of a tick, and, where there was a snapshot, what was seen in it.</summary>
    public void Publish(SensorSnapshot? snapshot, Scene scene, IReadOnlyList<Decision> decisions)
    {
        foreach (var decision in decisions) Publish(decision, snapshot, scene);
        if (snapshot is null) return;
        publisher.Publish(Topics.Scene, ToMessage.Scene(scene));
        foreach (var sample in snapshot.Cameras) PublishCamera(fusion[sample.Frame.Camera], sample.Frame.Time);
        latency.Record(clock.Monotonic - snapshot.Time.Monotonic);
    }

    private void Publish(Decision decision, SensorSnapshot? snapshot, Scene scene)
    {
        var (command, answer, action) = decision;
        if (action is not null) actions.Dispatch(action, scene.Time);
        publisher.PublishResult(ToMessage.GroundingAnswer(answer), command.ReplyTo);
        Answers.Add(1, TagNames.Of(answer.Outcome));
        PipelineLog.CommandAnswered(logger, command.Id, command.Text, answer.Outcome.ToString(), answer.Action.ToString(), answer.Target ?? "");
        if (snapshot is not null) pictures?.Draw(decision, snapshot, scene);
    }

    private void PublishCamera(CameraPerception camera, SensorTime time)
    {
        publisher.Publish(Topics.Detections, ToMessage.Detections(camera, detector.Current.Model.Manifest.Thresholds.Score, time), camera.Name);
        var updates = IsDue(camera.Name, time);
        foreach (var change in camera.Tracker.Events)
        {
            if (updates || change.Kind != TrackEventKind.Update)
                publisher.Publish(Topics.Tracks, ToMessage.TrackEvent(camera.Name, time, change), camera.Name);
        }
    }

    // Every beginning and end of a track is told, updates only as often as people watch.
    private bool IsDue(string camera, SensorTime time)
    {
        if (_nextUpdates.TryGetValue(camera, out var next) && time.Monotonic < next) return false;
        _nextUpdates[camera] = time.Monotonic + TimeSpan.FromSeconds(1 / settings.MqttStreamHz);
        return true;
    }
}
