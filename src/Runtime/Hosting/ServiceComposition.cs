using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Drawing;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>Which parts the service is made of. Each method adds one folder's parts; none holds logic.</summary>
public static class ServiceComposition
{
    /// <summary>Cameras and microphones.</summary>
    public static IServiceCollection AddSensors(this IServiceCollection services, ServiceSettings configuration) =>
        services
            .AddSingleton(p => new SensorRig(
                configuration.Cameras, configuration.Microphones, p.GetRequiredService<SensorClock>(),
                new SynchronizerSettings(
                    TimeSpan.FromMilliseconds(configuration.Pipeline.MaxFrameAgeMs),
                    TimeSpan.FromMilliseconds(configuration.Pipeline.JoinWaitMs),
                    () => p.GetRequiredService<LiveDetector>().MaxBatch),
                p.GetRequiredService<ILogger<SensorRig>>()))
            .AddSingleton(p => p.GetRequiredService<SensorRig>().Synchronizer)
            .AddSingleton(p => p.GetRequiredService<SensorRig>().Cameras)
            .AddSingleton(p => p.GetRequiredService<SensorRig>().Microphones)
            .AddSingleton<IReadOnlyList<SoundFeed>>(p =>
                [.. p.GetRequiredService<SensorRig>().Microphones.Select(microphone => microphone.Feed)]);

    /// <summary>The model, and what is made of its answers.</summary>
    public static IServiceCollection AddFusion(this IServiceCollection services, ServiceSettings configuration) =>
        services
            .AddSingleton(
                new DetectorLoader(configuration.Models, configuration.Inference, configuration.Cameras.Count))
            .AddSingleton(p => new LiveDetector(
                Task.Run(p.GetRequiredService<DetectorLoader>().Load), configuration.Swap,
                p.GetRequiredService<SensorClock>()))
            .AddSingleton<TrackIds>()
            .AddSingleton<ColorMeter>()
            .AddSingleton(new SceneBuilder(configuration.Scene))
            .AddSingleton<IReadOnlyList<CameraPerception>>(p =>
            [
                .. configuration.Cameras.Select(camera => new CameraPerception(
                    camera.Name, (float?)camera.HfovDeg,
                    new ByteTracker(configuration.Tracking, p.GetRequiredService<TrackIds>()),
                    p.GetRequiredService<ColorMeter>(), configuration.MotionGate)),
            ])
            .AddSingleton<PerceptionFusion>();

    /// <summary>Commands, grounding, decisions, safety.</summary>
    public static IServiceCollection AddPolicy(this IServiceCollection services, ServiceSettings configuration) =>
        services
            .AddSingleton(new CommandInbox(configuration.Pipeline.CommandCapacity))
            .AddSingleton<DoorNotes>()
            .AddSingleton<CommandLives>()
            .AddSingleton(_ =>
                new GrounderLoader(configuration.Grounding, configuration.Models.Folder, configuration.Inference))
            .AddSingleton(new Conversation(TimeSpan.FromSeconds(configuration.Grounding.ConversationSeconds)))
            .AddSingleton<CommandGrounder>()
            .AddSingleton(configuration.Safety)
            .AddSingleton<SafetySupervisor>()
            .AddSingleton(p =>
            {
                var file = new SafetyMarkFile(configuration.StateFolder, configuration.DeviceName);
                // Where nobody need arm, as at a bench, nobody need resume at the first start either.
                return new SafetyMarkKeeper(
                    file.Read, file.Write, p.GetRequiredService<SafetySupervisor>(),
                    p.GetRequiredService<SensorClock>(), isMarkNeeded: !configuration.Safety.ArmAtStart);
            })
            .AddSingleton<SafetyJournal>()
            .AddSingleton(p => new Thermometer(p.GetRequiredService<SensorClock>()))
            .AddSingleton<SafetyWatch>()
            .AddSingleton<MotionEnds>()
            .AddSingleton(p => new ActionFactory(
                p.GetRequiredService<SensorClock>().Now.Utc.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
                TimeSpan.FromMilliseconds(configuration.Publishing.ActionLifetimeMs)))
            .AddSingleton(p => new DecisionMaker(
                p.GetRequiredService<SafetySupervisor>(), configuration.Safety, p.GetRequiredService<MotionEnds>(),
                p.GetRequiredService<ActionFactory>(),
                () => p.GetRequiredService<Messenger>().Controllers is { Movers: > 0 },
                p.GetRequiredService<SensorClock>()));

    /// <summary>Transports, and the doors in and out.</summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services, ServiceSettings configuration) =>
        services
            .AddSingleton(p => new Messenger(
                configuration.Mqtt, configuration.Zeromq, configuration.DeviceName, configuration.Publishing,
                configuration.Safety, () => p.GetRequiredService<SafetySupervisor>().MayAct,
                p.GetRequiredService<SensorClock>(), p.GetRequiredService<ILoggerFactory>(),
                TimeSpan.FromMilliseconds(configuration.Safety.LinkLostAfterMs / 2.5)))
            .AddSingleton(p => p.GetRequiredService<Messenger>().Transports)
            .AddSingleton(p => p.GetRequiredService<Messenger>().Publisher)
            .AddSingleton(configuration.Commands)
            .AddSingleton(new CommandReader(configuration.ReplyToPrefix))
            .AddSingleton(new CommandMemory(configuration.Commands, configuration.Pipeline.CommandCapacity))
            .AddSingleton<ArmDoor>()
            .AddSingleton<ResumeDoor>()
            .AddSingleton<CommandGateway>()
            .AddSingleton<ControllerInbox>()
            .AddSingleton<ControllerDoor>()
            .AddSingleton(p => new ActionDispatcher(
                p.GetRequiredService<MessagePublisher>(), p.GetRequiredService<Messenger>().Controllers,
                p.GetRequiredService<ActionFactory>(), p.GetRequiredService<MotionEnds>(),
                p.GetRequiredService<SafetySupervisor>(),
                p.GetRequiredService<SensorClock>(),
                p.GetRequiredService<ILogger<ActionDispatcher>>()));

    /// <summary>The loop, and who watches it.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services, ServiceSettings configuration)
    {
        if (configuration.Publishing is { PicturesFolder.Length: > 0 } images)
        {
            services.AddSingleton(p => new GroundingImages(
                images.PicturesFolder, images.MaxPictures, images.MaxPicturesMegabytes * 1_000_000L,
                p.GetRequiredService<ILogger<GroundingImages>>()));
        }

        return services
            .AddSingleton(configuration.Pipeline)
            .AddSingleton(_ => LatencyWindow.OfImages())
            .AddSingleton<SystemdWatchdog>()
            .AddSingleton(p => new ScenePublisher(
                p.GetRequiredService<MessagePublisher>(), p.GetRequiredService<CommandMemory>(),
                p.GetRequiredService<ActionDispatcher>(),
                p.GetRequiredService<PerceptionFusion>(), p.GetService<GroundingImages>(),
                p.GetRequiredService<LiveDetector>(), configuration.Publishing, p.GetRequiredService<LatencyWindow>(),
                p.GetRequiredService<SensorClock>(),
                p.GetRequiredService<ILogger<ScenePublisher>>()))
            .AddSingleton<CommandFollower>()
            .AddSingleton<PerceptionPipeline>()
            .AddSingleton<ModelReloader>()
            .AddSingleton(p => new EngineBuilds(
                wanted => EngineBuildProcess.For(configuration.Models, configuration.Inference.GpuDevice, wanted),
                () => p.GetRequiredService<ModelReloader>().ReloadAsync(isPatient: true),
                TimeSpan.FromMinutes(configuration.Inference.EngineBuildLimitMinutes),
                p.GetRequiredService<SensorClock>(), p.GetRequiredService<ILogger<EngineBuilds>>()))
            .AddSingleton<TickWatchdog>()
            .AddSingleton<ServiceStats>()
            .AddSingleton<IHealthSource, CameraHealth>()
            .AddSingleton<IHealthSource, MicrophoneHealth>()
            .AddSingleton<IHealthSource>(p => p.GetRequiredService<Messenger>())
            .AddSingleton<IHealthSource, LoopHealth>()
            .AddSingleton<IHealthSource, GroundingHealth>()
            .AddSingleton<IHealthSource, SafetyHealth>()
            .AddSingleton<HealthReporter>()
            .AddSingleton<ServiceModels>()
            .AddSingleton<PerceptionService>()
            .AddHostedService(p => p.GetRequiredService<PerceptionService>());
    }
}
