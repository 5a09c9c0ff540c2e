using System.CommandLine;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>check</c>: whether a configuration can run on this machine; every fault at once.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var set = SharedOptions.Set();
        var command = new Command("check", "Validate a configuration, its models and its devices") { config, set };
        command.SetAction(parsed =>
        {
            var configuration = ConfigurationFile.Read(parsed.GetValue(config)!, parsed.GetValue(set));
            ExposedSecrets.Warn(parsed.GetValue(config)!, parsed.GetValue(set), configuration);
            var faults = FaultsOf(() => LoadDetector(configuration).Dispose())
                .Concat(FaultsOf(() => LoadGrounder(configuration)))
                .Concat(configuration.Cameras.SelectMany(CheckCamera))
                .Concat(configuration.Microphones.SelectMany(CheckMicrophone))
                .Concat(FaultsOf(() => MetricsExport.IsWanted(configuration.Http.IsOn))).ToList();
            if (configuration.Zeromq is { } zeromq && ZeroMqSockets.FaultOf(zeromq) is { } fault) faults.Add(fault);
            if (StateFolder.FaultOf(configuration.StateFolder) is { } unwritable) faults.Add(unwritable);
            foreach (var each in faults) Terminal.Error.WriteLine(Redaction.Text(each));
            if (faults.Count > 0) return ExitCodes.BadInput;
            if (configuration.Http.Warning is { } warning) Terminal.Error.WriteLine($"warning: {warning}");
            if (configuration.Mqtt?.Warning is { } open) Terminal.Error.WriteLine($"warning: {open}");
            if (configuration.Zeromq is { } section && ZeroMqSockets.WarningOf(section) is { } weak)
                Terminal.Error.WriteLine($"warning: {weak}");
            if (CurveKeys.Read(configuration.Zeromq?.Curve) is { } keys)
            {
                var key = Z85.Encode(keys.Public);
                Terminal.Output.WriteLine($"zeromq.curve: clients need the server's public key {key}");
            }
            Terminal.Output.WriteLine(
                $"{parsed.GetValue(config)}: can run here ({configuration.Cameras.Count} cameras)");
            return ExitCodes.Success;
        });
        return command;
    }

    private static OnnxModel LoadDetector(ServiceSettings configuration) =>
        OnnxModel.Load(YamlBinder.Read<ModelManifest>(configuration.Models.Detector), configuration.Models.Folder,
            configuration.Inference);

    // The service runs without its ear, but who checks wants to know.
    private static void LoadGrounder(ServiceSettings configuration)
    {
        using var grounder =
            new GrounderLoader(configuration.Grounding, configuration.Models.Folder, configuration.Inference).Load();
        if (grounder.Trouble is { } trouble) throw new UserException($"grounding: {trouble}");
    }

    private static IEnumerable<string> FaultsOf(Action check)
    {
        try
        {
            check();
            return [];
        }
        catch (YamlException e)
        {
            return e.Faults.Select(fault => fault.ToString());
        }
        catch (Exception e) when (e is ModelException or UserException)
        {
            return [e.Message];
        }
    }

    private static string? ProblemOf(string? recording)
    {
        try
        {
            if (recording is not null) RegularFile.Open(recording, long.MaxValue).Dispose();
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> CheckCamera(CameraSettings camera)
    {
        var name = $"camera '{camera.Name}'";
        if (camera.Kind == CameraKind.File && ProblemOf(camera.Path) is { } problem)
            yield return $"{name}: {camera.Path}: {problem}";
        if (camera is { Kind: CameraKind.V4l2 } && !File.Exists(camera.Device ?? "/dev/video0"))
            yield return $"{name}: {camera.Device ?? "/dev/video0"}: no such device";
        if (camera.Kind == CameraKind.Synthetic) yield break;
        foreach (var fault in CheckPipeline(() => GStreamerLibrary.Missing(camera))) yield return $"{name}: {fault}";
    }

    private static IEnumerable<string> CheckMicrophone(MicrophoneSettings microphone)
    {
        var name = $"microphone '{microphone.Name}'";
        if (microphone.Kind == MicrophoneKind.File && ProblemOf(microphone.Path) is { } problem)
            yield return $"{name}: {microphone.Path}: {problem}";
        if (microphone.Kind == MicrophoneKind.Synthetic) yield break;
        foreach (var fault in CheckPipeline(() => GStreamerLibrary.Missing(microphone)))
            yield return $"{name}: {fault}";
    }

    private static IReadOnlyList<string> CheckPipeline(Func<IReadOnlyList<string>> missing) =>
        GStreamerLibrary.TryLoad(out _, out var fault) ? missing() : [fault];
}
