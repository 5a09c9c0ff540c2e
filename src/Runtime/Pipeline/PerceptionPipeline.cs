using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// The loop of the service, on a thread of its own: synchronize → encode → track → fuse → ground → decide → publish.
/// It is the only place that catches what a stage throws: the tick is dropped and counted, and enough of them in a row
/// make the service call itself failed. While no frame comes it still answers commands, so that nobody waits in vain.
/// </summary>
public sealed class PerceptionPipeline(
    Synchronizer synchronizer, PerceptionFusion fusion, CommandGrounder grounder, DecisionMaker decisions,
    ScenePublisher publisher, SafetySupervisor safety, SensorClock clock, ILogger<PerceptionPipeline> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TotalCounter Ticks = new("edge_perception.ticks.completed", "{tick}", "Ticks with a picture that ran to their end");
    private static readonly TotalCounter Failures = new("edge_perception.ticks.failed", "{tick}", "Ticks that a stage broke off");

    private readonly StageTimer _stages = new(clock, PerceptionMeter.Instance);
    private long _tickStarted;
    private long _cameRound = clock.Monotonic.Ticks;

    /// <summary>Failed ticks since the last good one.</summary>
    public int ConsecutiveFailures { get; private set; }

    /// <summary>What broke the last failed tick; empty when none failed yet.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Objects in the latest scene.</summary>
    public int TrackCount { get; private set; }

    /// <summary>How long the present tick has been at work beyond waiting for frames; zero between ticks.</summary>
    public TimeSpan TickAge => Interlocked.Read(ref _tickStarted) is > 0 and var started ? clock.Monotonic - new TimeSpan(started) : TimeSpan.Zero;

    /// <summary>How long ago the loop last came round; it waits for frames 50 ms at most, so beyond a tick's limit it hangs.</summary>
    public TimeSpan SinceLastPass => clock.Monotonic - new TimeSpan(Interlocked.Read(ref _cameRound));

    /// <summary>Runs until it is stopped or every source has ended; whose command still waits then is told.</summary>
    public void Run(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && !synchronizer.IsCompleted) RunTick(stop);
        }
        finally
        {
            var nothing = new Scene();
            publisher.Publish(null, nothing, decisions.Decide(grounder.RefuseAll("the service ends"), nothing));
        }
    }

    private void RunTick(CancellationToken stop)
    {
        Interlocked.Exchange(ref _cameRound, clock.Monotonic.Ticks);
        try
        {
            Tick(stop);
        }
        catch (ModelException) when (stop.IsCancellationRequested)
        {
            // The service ends, and has ended the model's run with it.
        }
        catch (ModelException e)
        {
            Fail(e);
            // Frames may come faster than a model fails on them; whoever gave a command is answered all the same.
            _stages.Begin();
            Conclude(null);
        }
        finally
        {
            Interlocked.Exchange(ref _tickStarted, 0);
        }
    }

    private void Tick(CancellationToken stop)
    {
        _stages.Begin();
        using var snapshot = synchronizer.Next(Patience, stop);
        _stages.End(Stage.Synchronize);
        Interlocked.Exchange(ref _tickStarted, clock.Monotonic.Ticks);

        if (snapshot is not null)
        {
            fusion.Encode(snapshot);
            _stages.End(Stage.Encode);

            fusion.Track(snapshot);
            _stages.End(Stage.Track);
        }

        Conclude(snapshot);
        // A tick without a frame proves nothing of the model.
        if (snapshot is null) return;
        ConsecutiveFailures = 0;
        Ticks.Add(1);
    }

    private void Conclude(SensorSnapshot? snapshot)
    {
        var scene = fusion.Fuse(snapshot?.Time ?? clock.Now);
        TrackCount = scene.Objects.Count;
        _stages.End(Stage.Fuse);

        var grounded = grounder.Ground(scene);
        _stages.End(Stage.Ground);

        var outcome = decisions.Decide(grounded, scene);
        if (snapshot is not null) safety.Decided(snapshot.Time.Monotonic);
        _stages.End(Stage.Decide);

        publisher.Publish(snapshot, scene, outcome);
        _stages.End(Stage.Publish);
    }

    private void Fail(ModelException e)
    {
        // The first of a row is a line, and each new reason; how many there are is a metric.
        if (++ConsecutiveFailures == 1 || LastFailure != e.Message) PipelineLog.TickFailed(logger, ConsecutiveFailures, e.Message);
        LastFailure = e.Message;
        Failures.Add(1);
    }
}
