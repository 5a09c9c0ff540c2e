using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors;
using EdgePerception.Sensors.Capture;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Starts the parts of the service in the order in which they may rely on each other, and stops them in reverse:
/// messaging comes up first and goes down last, so that everything else can be told, and the safety supervisor lives as
/// long as anything that could move the robot. The network that grounds commands takes longer to load than all else, so
/// it is loaded after the first image; until then commands wait.
/// </summary>
public sealed class PerceptionService(
    Messenger messenger, CommandGateway gateway, SafetySupervisor safety, SafetyWatch watch, SensorRig rig,
    ServiceModels models, PerceptionPipeline pipeline, TickWatchdog watchdog, HealthReporter health,
    IHostApplicationLifetime lifetime, ILogger<PerceptionService> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan TickTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TerminatePeriod = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(500);
    private const int MaxTerminations = 200;

    private readonly CancellationTokenSource _stop = new();
    private Thread? _loop;
    private volatile bool _camerasFailed;
    private Task _loading = Task.CompletedTask;

    /// <summary>What ended the loop, when it ended by a fault of its own.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>
    /// Whether the service ended by itself for something that failed: the loop, or every camera for good.
    /// </summary>
    public bool Failed => Fault is not null || _camerasFailed;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // No device is opened before the files turned out to be good, and nothing is told before the model did. The
        // cameras open beside its session, which takes as long. The first stop and the first command wait for no word
        // list.
        await Task.WhenAll(
            models.CheckAsync(cancellationToken),
            Task.Run(StopDetector.Load, cancellationToken), Task.Run(CommandParser.Load, cancellationToken));
        rig.Start();
        await models.DetectorAsync(cancellationToken);

        if (messenger.Commands is { } commands) commands.Inbound = gateway.Receive;
        if (messenger.Stops is { } stops) stops.Inbound = gateway.Receive;
        watch.Connect();
        // What the last run left is known before anybody may arm.
        await watch.StartAsync();
        await StartMessagingAsync();
        _loop = new Thread(RunLoop) { Name = "pipeline", IsBackground = true };
        _loop.Start();
        watchdog.Start();
        health.Start();
        models.BuildEngines();
        _loading = LoadGrounderAsync();
    }

    // A start that comes to nothing has moved nothing either.
    private async Task StartMessagingAsync()
    {
        try
        {
            messenger.Start();
        }
        catch
        {
            safety.Dispose();
            watch.TellTheRest();
            await watch.EndAsync(isOrderly: true);
            throw;
        }
    }

    /// <summary>
    /// Ends all parts in order; the first thing is a halt, so that nothing moves on what nobody watches any more.
    /// </summary>
    /// <exception cref="ModelException">
    /// The network that grounds commands could not be loaded, which ended the service.
    /// </exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            safety.End("the service ended");
            if (messenger.Controllers is { } controllers && !await controllers.EndAcknowledgedAsync(StopTimeout))
                HostingLog.StopUnacknowledged(logger, (int)StopTimeout.TotalMilliseconds);
            health.Dispose();
            watchdog.Dispose();
            await models.EndBuildsAsync();
            _stop.Cancel();
            var loopEnded = EndLoop();
            if (!loopEnded) HostingLog.LoopStuck(logger);
            rig.Dispose();
            safety.Dispose();
            watch.TellTheRest();
            await messenger.DisposeAsync();
            await watch.EndAsync(isOrderly: Fault is null);
        }
        finally
        {
            await _loading;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    // The tick at work may finish; a model that is at it for too long is ended, again and again, because a run that
    // begins clears the flag.
    private bool EndLoop()
    {
        if (_loop is null || _loop.Join(TickTimeout)) return true;
        for (var i = 0; i < MaxTerminations; i++)
        {
            models.Terminate();
            if (_loop.Join(TerminatePeriod)) return true;
        }

        return false;
    }

    private void RunLoop()
    {
        try
        {
            pipeline.Run(_stop.Token);
            _camerasFailed = !_stop.IsCancellationRequested
                && rig.Cameras.All(source => source.Status.State == CaptureState.Failed);
        }
#pragma warning disable CA1031 // The thread's outermost boundary: the service must end in order, and say why.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fault = e;
            HostingLog.LoopFailed(logger, e, e.Message);
        }

        lifetime.StopApplication();
    }

    // What goes wrong here comes out of StopAsync, and so is told as what goes wrong before the start.
    private async Task LoadGrounderAsync()
    {
        try
        {
            await models.LoadGrounderAsync(pipeline.FirstTick, _stop.Token);
        }
        catch
        {
            lifetime.StopApplication();
            throw;
        }
    }
}
