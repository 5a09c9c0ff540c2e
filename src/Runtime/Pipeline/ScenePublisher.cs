using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Drawing;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using Scene = EdgePerception.Fusion.Scenes.Scene;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// The loop's last stage: hands what a tick made to the transports, which never wait. Answers and actions go first.
/// Owned by the loop.
/// </summary>
public sealed class ScenePublisher(
    MessagePublisher publisher, CommandMemory memory, ActionDispatcher actions, PerceptionFusion fusion,
    GroundingImages? images, LiveDetector detector, PublishingSettings settings, LatencyWindow latency,
    SensorClock clock, ILogger<ScenePublisher> logger)
{
    private static readonly TotalCounter Answers = new(
        "edge_perception.commands.answered", "{command}", "Commands that the loop answered", "outcome");

    private readonly SceneMessages _messages = new();
    private readonly Dictionary<string, TimeSpan> _nextUpdates = [];

    /// <summary>
    /// Sends a decision's action and its answer. Whatever throws, whoever gave the command is answered, and nothing
    /// comes out of here; an action that was sent is not taken back.
    /// </summary>
    public void Answer(Decision decision, SensorSnapshot? snapshot, Scene scene)
    {
        var (command, answer, action) = decision;
        var isAnswered = false;
        try
        {
            var message = ToMessage.GroundingAnswer(answer);
            if (action is not null) actions.Dispatch(action, scene.Time);
            Answer(command, message);
            isAnswered = true;
            Answers.Add(1, TagNames.Of(answer.Outcome));
            PipelineLog.CommandAnswered(
                logger, command.Id, command.Text, answer.Outcome.ToString(), answer.Action.ToString(),
                answer.Target ?? "");
            if (snapshot is not null) images?.Draw(decision, snapshot, scene);
        }
#pragma warning disable CA1031 // The boundary of one command: the next one is answered all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var more = action is null ? "" : "; its action may have been sent";
            Fail(command, e, isAnswered ? null : CommandGrounder.InternalError + more);
        }
    }

    /// <summary>Publishes what was seen in a tick.</summary>
    public void Publish(SensorSnapshot snapshot, Scene scene)
    {
        publisher.Publish(Topics.Scene, (_messages, scene), static of => of._messages.Scene(of.scene));
        foreach (var sample in snapshot.Cameras) PublishCamera(fusion[sample.Frame.Camera], sample.Frame.Time);
        latency.Record(clock.Monotonic - snapshot.Time.Monotonic);
    }

    private void Answer(PendingCommand command, Messaging.Messages.GroundingAnswer answer)
    {
        foreach (var replyTo in memory.Answer(command, answer)) publisher.PublishResult(answer, replyTo);
    }

    private void Fail(PendingCommand command, Exception fault, string? refusal)
    {
        try
        {
            if (refusal is not null) Answer(command, CommandGateway.Refusal(command.Id, refusal));
            CaughtFaults.Command(logger, fault, command.Id, TagNames.Of(Stage.Publish));
        }
#pragma warning disable CA1031 // There is nobody left to tell but the log.
        catch (Exception e)
#pragma warning restore CA1031
        {
            CaughtFaults.CommandBroken(logger, e, command.Id, TagNames.Of(Stage.Publish));
        }
    }

    private void PublishCamera(CameraPerception camera, SensorTime time)
    {
        publisher.Publish(
            Topics.Detections, (_messages, camera, detector.Current.Model.Manifest.Thresholds.Score, time),
            static of => of._messages.Detections(of.camera, of.Score, of.time), camera.Name);
        var updates = IsDue(camera.Name, time);
        foreach (var change in camera.Tracker.Events)
        {
            if (!updates && change.Kind == TrackEventKind.Update) continue;
            publisher.Publish(
                Topics.Tracks, (_messages, camera.Name, time, change),
                static of => of._messages.TrackEvent(of.Name, of.time, of.change), camera.Name);
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
