using System.CommandLine;
using System.Globalization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Yaml;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models verify</c>: whether models are what their manifests say, and run.</summary>
internal static class VerifyCommand
{
    /// <summary>
    /// The option by which the program tells itself to run one model here, in a process that the model may bring down.
    /// </summary>
    public const string InThisProcess = "--in-this-process";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var names = new Argument<string[]>("model")
        {
            Description = "Names or files of manifests (default: all)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var manifests = ManifestFolder.Option();
        var models = ManifestFolder.ModelsOption();
        var limit =
            SharedOptions.Duration("--limit", "End a model that does not load and run within this time (default: 15s)");
        var json = SharedOptions.Json();
        var here = new Option<bool>(InThisProcess) { Hidden = true };
        var command = new Command(
            "verify", "Check models against their manifests: checksum, tensors, one run on a grey picture")
        {
            names, manifests, models, limit, json, here,
        };
        command.SetAction(async (parsed, _) =>
        {
            var files = ManifestFolder.Of(parsed.GetValue(manifests)).Named(parsed.GetValue(names)!);
            var (folder, time) =
                (parsed.GetValue(models) ?? Installation.ModelsFolder, parsed.GetValue(limit) ?? TimeLimit);
            if (!parsed.GetValue(here))
                return await VerifyAsync(
                    files, file => VerifyProcess.RunAsync(file, folder, time), parsed.GetValue(json));
            return await VerifyAsync(files, file => Task.FromResult(Judge(file, folder, time)), json: true);
        });
        return command.WithExamples(
            "models verify",
            "models verify my-model.yaml --models ~/weights");
    }

    private static async Task<int> VerifyAsync(
        IReadOnlyList<string> files, Func<string, Task<ModelVerdicts.Types.Item>> judge, bool json)
    {
        var verdicts = new ModelVerdicts();
        foreach (var file in files)
        {
            var verdict = await judge(file);
            verdicts.Models.Add(verdict);
            foreach (var fault in verdict.Faults) await Terminal.Error.WriteLineAsync(fault);
            if (verdict.Fits && !json)
                await Terminal.Output.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{verdict.Name}: fits; one run on {verdict.Provider} took {verdict.RunMs:0.0} ms"));
        }

        if (json) await Terminal.Output.WriteLineAsync(JsonEncoding.ToText(verdicts));
        return verdicts.Models.All(verdict => verdict.Fits) ? ExitCodes.Success : ExitCodes.BadInput;
    }

    private static ModelVerdicts.Types.Item Judge(string file, string modelsFolder, TimeSpan limit)
    {
        var verdict = new ModelVerdicts.Types.Item { Manifest = FileName.ToText(file) };
        try
        {
            var manifest = YamlBinder.Read<ModelManifest>(file);
            verdict.Name = manifest.Name;
            (verdict.Provider, verdict.RunMs) = ModelLimits.Within(
                $"{file}: model '{manifest.Name}'", Path.Combine(modelsFolder, manifest.File), limit,
                () => Run(manifest, modelsFolder));
            verdict.Fits = true;
        }
        catch (YamlException e)
        {
            verdict.Faults.AddRange(e.Faults.Select(fault => FileName.ToText(fault.ToString())));
        }
        catch (ModelException e)
        {
            verdict.Faults.Add(
                FileName.ToText(e.Message.StartsWith(file, StringComparison.Ordinal) ? e.Message
                    : $"{file}: {e.Message}"));
        }

        return verdict;
    }

    private static (string Provider, double Ms) Run(ModelManifest manifest, string modelsFolder)
    {
        using var model = OnnxModel.Load(manifest, modelsFolder, new InferenceSettings());
        FamilyUse.Of(manifest.Decoder).Check(model);
        var start = TimeProvider.System.GetTimestamp();
        ModelTrial.Run(model);
        return (model.Provider, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
    }
}
