using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Models;

/// <summary>
/// Has the TensorRT engines built that the service's models want, while the next provider serves, and then has the
/// model loaded again, which finds its engine. One build at a time. One that fails is said once and not tried again
/// before the next start: it would fail alike, and heat the device. Thread-safe.
/// </summary>
/// <param name="command">The process that builds an engine.</param>
/// <param name="reload">Takes what was built into use; answers whether it went live.</param>
/// <param name="limit">After which time a build is ended as hung.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Told of start, progress and end.</param>
public sealed class EngineBuilds(
    Func<EngineRequest, ProcessStartInfo> command, Func<Task<bool>> reload, TimeSpan limit, SensorClock clock,
    ILogger<EngineBuilds> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TotalCounter Builds = new(
        "edge_perception.engine.builds", "{build}", "Builds of TensorRT engines that came to an end", "model",
        "outcome");
    private static readonly Gauge<double> Elapsed = PerceptionMeter.Instance.CreateGauge<double>(
        "edge_perception.engine.build.elapsed", "s", "How long the engine that is being built is at work");

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<EngineKey> _tried = [];
    private Task _work = Task.CompletedTask;
    private volatile EngineBuild? _build;
    private volatile string? _failure;

    /// <summary>
    /// What there is to say of engines, as in <c>TensorRT engine: compiling, 40 s of about 300 s</c>; null if nothing.
    /// </summary>
    public string? Status => _build is { } build ? $"TensorRT engine: {build.Status}"
        : _failure is { } failure ? $"TensorRT engine failed: {failure}"
        : null;

    /// <summary>Has an engine built, after those that are wanted already, unless it was tried before.</summary>
    /// <param name="wanted">The engine that a loaded model wants; null if it wants none.</param>
    public void Want(EngineRequest? wanted)
    {
        lock (_gate)
        {
            if (wanted is null || !_tried.Add(wanted.Key)) return;
            var before = _work;
            _work = Task.Run(async () =>
            {
                await before;
                await GuardAsync(wanted);
            });
        }
    }

    /// <summary>Ends the build that is under way; the cache stays sound.</summary>
    public async ValueTask DisposeAsync()
    {
        Task work;
        lock (_gate)
        {
            _stop.Cancel();
            work = _work;
        }

        await work;
    }

    private async Task GuardAsync(EngineRequest wanted)
    {
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            await KeepAsync(wanted);
        }
        catch (OperationCanceledException)
        {
            // The service ends, and the build with it.
        }
#pragma warning disable CA1031 // The task's outermost boundary: the service goes on, and says why there is no engine.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = e.Message;
            ModelsLog.EngineFailed(logger, wanted.Key.Model, 0, e.Message);
        }
    }

    private async Task KeepAsync(EngineRequest wanted)
    {
        var model = wanted.Key.Model;
        wanted.Cache.Sweep();
        var expected = wanted.Cache.ExpectedTime(model);
        var build = new EngineBuild(command(wanted), expected, limit, clock.Provider);
        _build = build;
        ModelsLog.EngineBuildStarted(logger, model, Words(expected), wanted.Cache.Folder);
        string? failure;
        try
        {
            failure = await BuildAsync(build, model);
            // What the process says is one thing, what it left another.
            if (failure is null && wanted.Cache.Find(wanted.Key) is null)
                failure = "the build ended well and left no engine";
        }
        finally
        {
            _build = null;
            wanted.Cache.Sweep();
        }

        var seconds = build.Status.Elapsed.TotalSeconds;
        Builds.Add(1, model, failure is null ? "built" : "failed");
        _failure = failure;
        if (failure is not null)
        {
            ModelsLog.EngineFailed(logger, model, seconds, failure);
            return;
        }

        // The service's end does not wait for the trial of a model that it needs no more.
        var isLive = await reload().WaitAsync(_stop.Token);
        ModelsLog.EngineBuilt(logger, model, seconds, isLive ? "it goes live" : "the model at work stays");
    }

    private async Task<string?> BuildAsync(EngineBuild build, string model)
    {
        var told = 0;
        using var timer = clock.Provider.CreateTimer(_ => Tell(), null, Period, Period);
        return await build.RunAsync(_stop.Token);

        void Tell()
        {
            var status = build.Status;
            Elapsed.Record(status.Elapsed.TotalSeconds, new KeyValuePair<string, object?>("model", model));
            // With an expectation each tenth of it is a line; without one, and beyond it, each period.
            var tenth = status.Expected is { } expected ? (int)(10 * status.Elapsed / expected) : 10;
            if (tenth < 10 && tenth == told) return;
            told = tenth;
            ModelsLog.EngineProgress(logger, model, status.ToString());
        }
    }

    private static string Words(TimeSpan? expected) => expected is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"about {time.TotalSeconds:0} s, as last time")
        : "some minutes; it is the first time";
}
