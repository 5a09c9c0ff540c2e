using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Yaml;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models build</c>: builds TensorRT's engines before the service needs them.</summary>
internal static class BuildCommand
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var names = new Argument<string[]>("model")
        {
            Description = "Names or files of manifests",
            Arity = ArgumentArity.OneOrMore,
        };
        var manifests = ManifestFolder.Option();
        var models = ManifestFolder.ModelsOption();
        var cache = new Option<string?>("--engine-cache")
        {
            Description = "The folder of built engines (default: engines in the models folder)",
        };
        var gpu = new Option<int>("--gpu") { Description = "Number of the GPU, from 0" };
        var json = SharedOptions.Json();
        var command = new Command(
            "build", "Build models' TensorRT engines for this machine's GPU, which may take minutes")
        {
            names, manifests, models, cache, gpu, json,
        };
        command.SetAction((parsed, _) => BuildAsync(
            ManifestFolder.Of(parsed.GetValue(manifests)).Named(parsed.GetValue(names)!),
            parsed.GetValue(models) ?? Installation.ModelsFolder,
            new InferenceSettings { EngineCache = parsed.GetValue(cache) ?? "", GpuDevice = parsed.GetValue(gpu) },
            parsed.GetValue(json)));
        return command.WithExamples(
            "models build centernet-mobilenetv3-coco");
    }

    private static async Task<int> BuildAsync(
        IReadOnlyList<string> files, string modelsFolder, InferenceSettings settings, bool json)
    {
        // TensorRT cannot be told to stop; the cache is sound whenever its process ends.
        using var interrupt =
            PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(ExitCodes.Interrupted));
        var code = ExitCodes.Success;
        foreach (var manifest in files.Select(file => YamlBinder.Read<ModelManifest>(file)).ToList())
        {
            try
            {
                await BuildAsync(manifest, modelsFolder, settings, json);
            }
            catch (ModelException e)
            {
                await Terminal.Error.WriteLineAsync($"edge-perception: {e.Message}");
                code = ExitCodes.Failed;
            }
        }

        return code;
    }

    private static async Task BuildAsync(
        ModelManifest manifest, string modelsFolder, InferenceSettings settings, bool json)
    {
        var start = TimeProvider.System.GetTimestamp();
        var phase = EnginePhase.Starting;
        var build = Task.Run(() => EngineBuilder.Build(manifest, modelsFolder, settings, next =>
        {
            phase = next;
            Report(ModelBuild.Types.State.Building, EnginePhaseLine.Name(next));
        }));
        while (await Task.WhenAny(build, Task.Delay(ReportEvery)) != build)
            Report(ModelBuild.Types.State.Building, EnginePhaseLine.Name(phase));
        Report(ModelBuild.Types.State.Built, await build);

        void Report(ModelBuild.Types.State state, string detail)
        {
            var progress = new ModelBuild
            {
                Name = manifest.Name,
                State = state,
                ElapsedS = Math.Round(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 1),
                Detail = detail,
            };
            if (json) Terminal.Output.WriteLine(JsonEncoding.ToText(progress));
            else Terminal.Error.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"{manifest.Name}: {ModelDescription.Name(state)}, {progress.ElapsedS:0} s, {detail}"));
        }
    }
}
