using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// The loop of the service, on a thread of its own: synchronize → encode → track → fuse → ground → decide → publish.
/// Whatever a stage throws ends here: the tick is dropped and counted, whose command it had is told, and enough of them
/// in a row make the service call itself failed. A command that throws by itself costs no tick. While no frame comes it
/// still answers commands, so that nobody waits in vain.
/// </summary>
public sealed class PerceptionPipeline(
    Synchronizer synchronizer, PerceptionFusion fusion, CommandGrounder grounder, DecisionMaker decisions,
    ScenePublisher publisher, CommandFollower follower, SafetySupervisor safety, SensorClock clock,
    ILogger<PerceptionPipeline> logger)
{
    private const string Ends = "the service ends";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(50);
    private static readonly TotalCounter Ticks = new(
        "edge_perception.ticks.completed", "{tick}", "Ticks with a picture that ran to their end");
    private static readonly TotalCounter Failures = new(
        "edge_perception.ticks.failed", "{tick}", "Ticks that a stage broke off");

    private readonly TaskCompletionSource _firstTick = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StageTimer _stages = new(clock, PerceptionMeter.Instance);
    private long _tickStarted;
    private long _cameRound = clock.Monotonic.Ticks;

    /// <summary>Ends when the first frame has gone through all stages.</summary>
    public Task FirstTick => _firstTick.Task;

    /// <summary>Failed ticks since the last good one.</summary>
    public int ConsecutiveFailures { get; private set; }

    /// <summary>What broke the last failed tick, one line; empty when none failed yet.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Whether the last failed tick failed in its model, and not for an internal error.</summary>
    public bool ModelFailed { get; private set; }

    /// <summary>Objects in the latest scene.</summary>
    public int TrackCount { get; private set; }

    /// <summary>How long the present tick has been at work beyond waiting for frames; zero between ticks.</summary>
    public TimeSpan TickAge =>
        Interlocked.Read(ref _tickStarted) is > 0 and var started ? clock.Monotonic - new TimeSpan(started)
            : TimeSpan.Zero;

    /// <summary>
    /// How long ago the loop last came round; it waits for frames 50 ms at most, so beyond a tick's limit it hangs.
    /// </summary>
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
            Answer(grounder.RefuseAll(Ends));
            follower.End(Ends);
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
#pragma warning disable CA1031 // The boundary of one tick: the next one runs, whatever this one threw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Recover(e, _stages.Current, stop);
        }
        finally
        {
            Interlocked.Exchange(ref _tickStarted, 0);
        }
    }

    private void Tick(CancellationToken stop)
    {
        _stages.Begin();
        using var snapshot = synchronizer.Next(TimeLimit, stop);
        _stages.End(Stage.Synchronize);
        Interlocked.Exchange(ref _tickStarted, clock.Monotonic.Ticks);

        if (snapshot is null)
        {
            // A tick without a frame proves nothing of the model.
            Conclude(null);
            return;
        }

        fusion.Encode(snapshot);
        _stages.End(Stage.Encode);

        fusion.Track(snapshot);
        _stages.End(Stage.Track);

        var scene = Conclude(snapshot);
        // Only now: as long as ticks break off, decisions grow old, and the ladder holds the robot.
        safety.Decided(snapshot.Time.Monotonic, scene.Quality.Vision);
        ConsecutiveFailures = 0;
        Ticks.Add(1);
        _firstTick.TrySetResult();
    }

    private Scene Conclude(SensorSnapshot? snapshot)
    {
        if (snapshot is null) _stages.Begin(Stage.Fuse);
        var scene = fusion.Fuse(snapshot?.Time ?? clock.Now);
        TrackCount = scene.Objects.Count;
        _stages.End(Stage.Fuse);

        follower.CatchUp();
        follower.Look(scene, isNew: snapshot is not null);
        var grounded = grounder.Ground(scene);
        foreach (var each in grounded)
        {
            Note(each.Command, Stage.Ground, each.Fault);
            follower.Grounded(each);
        }

        _stages.End(Stage.Ground);

        var outcome = decisions.Decide(grounded, scene);
        foreach (var each in outcome) Note(each.Command, Stage.Decide, each.Fault);
        _stages.End(Stage.Decide);

        foreach (var decision in outcome)
        {
            follower.Decided(decision, scene);
            publisher.Answer(decision, snapshot, scene);
        }

        grounder.Answered();
        if (snapshot is not null) publisher.Publish(snapshot, scene);
        _stages.End(Stage.Publish);
        return scene;
    }

    private void Recover(Exception fault, Stage stage, CancellationToken stop)
    {
        try
        {
            Fail(fault, stage);
            Answer(grounder.RefuseUnanswered(CommandGrounder.InternalError));
            // Frames may come faster than a stage fails on them; whoever gave a command is answered all the same.
            Conclude(null);
        }
#pragma warning disable CA1031 // What broke the tick may break this, too.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PipelineLog.CommandsBroken(logger, e, TagNames.Of(_stages.Current));
            Answer(grounder.RefuseAll(CommandGrounder.InternalError));
        }

        // The one stage that waits has not waited.
        if (stage == Stage.Synchronize) stop.WaitHandle.WaitOne(TimeLimit);
    }

    private void Answer(IReadOnlyList<GroundedCommand> refused)
    {
        var nothing = new Scene();
        foreach (var (command, answer) in refused)
        {
            var decision = new Decision(command, answer, null);
            follower.Decided(decision, nothing);
            publisher.Answer(decision, null, nothing);
        }

        grounder.Answered();
    }

    private void Fail(Exception fault, Stage stage)
    {
        ModelFailed = fault is ModelException;
        var name = TagNames.Of(stage);
        var what = Redaction.Text(fault.Message.ReplaceLineEndings(" "));
        var reason = ModelFailed ? what : $"internal error in stage {name}: {fault.GetType().Name}: {what}";
        // The first of a row is a line, and each new reason; how many there are is a metric.
        var isNew = ++ConsecutiveFailures == 1 || LastFailure != reason;
        LastFailure = reason;
        Failures.Add(1);
        CaughtFaults.Count(name, fault);
        if (isNew && ModelFailed) PipelineLog.TickFailed(logger, ConsecutiveFailures, reason);
        else if (isNew) PipelineLog.TickBroken(logger, fault, ConsecutiveFailures, reason);
    }

    private void Note(PendingCommand command, Stage stage, Exception? fault)
    {
        if (fault is null) return;
        CaughtFaults.Command(logger, fault, command.Id, TagNames.Of(stage));
    }
}
