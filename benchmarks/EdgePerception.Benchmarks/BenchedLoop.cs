using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.InMemory;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>
/// The service's own loop with all that it does on a robot: frames through the pool, letterbox, model, decoding,
/// tracking with colours, scene, safety, and messages encoded for MQTT and ZeroMQ into transports without a network.
/// Cameras are the benchmark's.
/// </summary>
internal sealed class BenchedLoop : IAsyncDisposable
{
    private static readonly SensorClock Clock = SensorClock.System;

    private readonly ServiceProvider _services;
    private readonly ServiceSettings _configuration;

    /// <summary>Composes the service for cameras of these names.</summary>
    public BenchedLoop(ServiceSettings configuration, params IReadOnlyList<string> cameras)
    {
        _configuration =
            configuration with { Cameras = [.. cameras.Select(name => configuration.Cameras[0] with { Name = name })] };
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Clock)
            .AddSensors(_configuration).AddFusion(_configuration).AddPolicy(_configuration).AddMessaging(_configuration)
            .AddPipeline(_configuration)
            .AddSingleton(new MessagePublisher(
                [MessageRoute.Mqtt(Transport(), configuration.Publishing.MqttStreamHz),
                    MessageRoute.ZeroMq(Transport())], Clock))
            .BuildServiceProvider();
    }

    /// <summary>The detector's model, for runs of it alone.</summary>
    public OnnxModel Model => _services.GetRequiredService<LiveDetector>().Current.Model;

    /// <summary>Ages at publish of the newest frames.</summary>
    public LatencyWindow Ages => _services.GetRequiredService<LatencyWindow>();

    /// <summary>Runs the loop over started sources until they end or it is stopped.</summary>
    public void Run(IReadOnlyList<CaptureSource<FrameFeed>> sources, TimeSpan maxAge, CancellationToken stop)
    {
        var settings = new SynchronizerSettings(
            maxAge, TimeSpan.FromMilliseconds(_configuration.Pipeline.JoinWaitMs), () => Model.MaxBatch);
        using var synchronizer = new Synchronizer(sources.Select(source => source.Feed), Clock, settings);
        var pipeline = ActivatorUtilities.CreateInstance<PerceptionPipeline>(_services, synchronizer);
        foreach (var source in sources) source.Start();
        pipeline.Run(stop);
    }

    /// <summary>Puts so many images into the model's input, for runs of nothing but the model.</summary>
    public void FillModel(DecodedClip clip, int batch)
    {
        Model.SetBatch(batch);
        var (manifest, input) = (Model.Manifest, Model.Input(0));
        var preprocessor = new ImagePreprocessor(
            manifest.Inputs[0].Shape[2], manifest.Inputs[0].Shape[1], input.Type, manifest.Picture, batch);
        for (var slot = 0; slot < batch; slot++) preprocessor.Fill(clip.Rgb(slot), input.Bytes, slot);
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
