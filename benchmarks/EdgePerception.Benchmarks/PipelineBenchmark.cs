using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Preprocessing;
using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.InMemory;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>
/// The service's own loop over decoded pictures, beside nothing but the model's runs on the same pictures: same session,
/// same threads, in turn. The loop does all that it does on a robot: frames through the pool, letterbox, model, decoding,
/// tracking with colours, scene, safety, and messages encoded for MQTT and ZeroMQ into transports without a network.
/// </summary>
internal sealed class PipelineBenchmark : IAsyncDisposable
{
    private const int Rounds = 7;
    private static readonly SensorClock Clock = SensorClock.System;

    private readonly DecodedClip _clip;
    private readonly ServiceProvider _services;
    private readonly OnnxModel _model;
    private readonly List<byte[]> _pictures;
    private SensorFeed? _feed;

    private PipelineBenchmark(DecodedClip clip, ServiceConfiguration configuration)
    {
        (_clip, _pictures) = (clip, clip.Frames);
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Clock)
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration);
        services.AddTransient(_ => new Synchronizer([_feed!], Clock, new SynchronizerSettings(TimeSpan.FromSeconds(60))));
        services.AddTransient<PerceptionPipeline>();
        services.AddSingleton(new MessagePublisher(
            [MessageRoute.Mqtt(Transport(), configuration.Publishing.MqttStreamHz), MessageRoute.ZeroMq(Transport())], Clock));
        _services = services.BuildServiceProvider();
        _model = _services.GetRequiredService<LiveDetector>().Current.Model;
    }

    private int Count => _pictures.Count;

    public static async Task MeasureAsync(Workbench bench)
    {
        var configuration = bench.Configuration with { Cameras = [bench.Configuration.Cameras[0] with { Name = "clip" }] };
        await using var loop = new PipelineBenchmark(bench.Clip, configuration);
        List<double> model = [], pipeline = [], bytes = [];
        loop.RunModel();
        loop.RunPipeline();
        using var stages = new StageTimes();
        for (var round = 1; round <= Rounds; round++)
        {
            bench.Progress($"the loop beside the bare model, round {round} of {Rounds}");
            model.Add(loop.RunModel());
            var (milliseconds, allocated) = loop.RunPipeline();
            pipeline.Add(milliseconds);
            bytes.Add(allocated);
        }

        bench.Results.Add(Result.Of("pipeline-over-model", "ms", pipeline, model,
            $"wall time a picture of the whole loop over bound runs of the model alone, {loop.Count} decoded pictures of "
            + $"{bench.Clip.Width}x{bench.Clip.Height}, unpaced, same session and threads, {Rounds} rounds in turn"));
        bench.Results.Add(Result.Of("managed-bytes-per-tick", "B", bytes,
            "managed bytes of all threads a picture, messages for MQTT (JSON) and ZeroMQ (protobuf) included"));
        bench.Results.AddRange(stages.Results());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Milliseconds a picture of nothing but bound model runs; the input is filled before the clock starts.</summary>
    private double RunModel()
    {
        var shape = _model.Manifest.Inputs[0].Shape;
        var picture = PictureView.Packed(PixelFormat.Rgb24, _pictures[0], _clip.Width, _clip.Height, _clip.Width * 3);
        new PicturePreprocessor(shape[2], shape[1], TensorType.Float32, _model.Manifest.Picture).Fill(picture, _model.Input(0).Bytes);
        var start = Clock.Monotonic;
        for (var i = 0; i < Count; i++) _model.Run();
        return (Clock.Monotonic - start).TotalMilliseconds / Count;
    }

    /// <summary>Milliseconds and managed bytes (of all threads) a picture of the whole loop.</summary>
    private (double Milliseconds, double Bytes) RunPipeline()
    {
        var settings = new CameraSettings { Name = "clip", Kind = CameraKind.File, Path = "decoded", Paced = false };
        using var source = new CaptureSource(settings, _clip.Open, Clock, NullLogger.Instance);
        _feed = source.Feed;
        using var synchronizer = _services.GetRequiredService<Synchronizer>();
        var pipeline = ActivatorUtilities.CreateInstance<PerceptionPipeline>(_services, synchronizer);
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Clock.Monotonic;
        source.Start();
        pipeline.Run(CancellationToken.None);
        return ((Clock.Monotonic - start).TotalMilliseconds / Count, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / Count);
    }

    private static InMemoryTransport Transport()
    {
        var transport = new InMemoryTransport(
            static (_, _, in _) => { }, new QueueLimits(1024, 256), Clock, NullLogger<InMemoryTransport>.Instance);
        transport.Start();
        return transport;
    }
}
