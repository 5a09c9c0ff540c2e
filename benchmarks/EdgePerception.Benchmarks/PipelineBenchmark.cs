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
    private static readonly SensorClock Clock = SensorClock.System;

    private readonly DecodedClip _clip;
    private readonly ServiceProvider _services;
    private readonly OnnxModel _model;
    private readonly List<byte[]> _pictures;
    private SensorFeed? _feed;

    public PipelineBenchmark(DecodedClip clip, ServiceConfiguration configuration)
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

    /// <summary>Pictures in a round.</summary>
    public int Count => _pictures.Count;

    /// <summary>Milliseconds a picture of nothing but bound model runs; the input is filled before the clock starts.</summary>
    public double RunModel()
    {
        var shape = _model.Manifest.Inputs[0].Shape;
        var picture = PictureView.Packed(PixelFormat.Rgb24, _pictures[0], _clip.Width, _clip.Height, _clip.Width * 3);
        new PicturePreprocessor(shape[2], shape[1], TensorType.Float32, _model.Manifest.Picture).Fill(picture, _model.Input(0).Bytes);
        var start = Clock.Monotonic;
        for (var i = 0; i < Count; i++) _model.Run();
        return (Clock.Monotonic - start).TotalMilliseconds / Count;
    }

    /// <summary>Milliseconds and managed bytes (of all threads) a picture of the whole loop.</summary>
    public (double Milliseconds, double Bytes) RunPipeline()
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

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static InMemoryTransport Transport()
    {
        var transport = new InMemoryTransport(
            static (_, _, in _) => { }, new QueueLimits(1024, 256), Clock, NullLogger<InMemoryTransport>.Instance);
        transport.Start();
        return transport;
    }
}
