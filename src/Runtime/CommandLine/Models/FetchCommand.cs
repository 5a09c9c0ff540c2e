using System.CommandLine;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Models.Fetch;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Diagnostics;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models fetch</c>: gets the files that manifests name.</summary>
internal static class FetchCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("model")
        {
            Description = "Names or files of manifests (default: all)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var from = new Option<string?>("--from")
        {
            Description = "Take the files from this folder instead of the network",
        };
        var manifests = ManifestFolder.Option();
        var models = ManifestFolder.ModelsOption();
        var command = new Command("fetch", "Fetch models' files and check their sums; one that was interrupted goes on")
        {
            names, from, manifests, models,
        };
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new CancellationTokenSource();
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            });
            return await FetchAsync(
                ManifestFolder.Of(parsed.GetValue(manifests)).Named(parsed.GetValue(names)!),
                isNamed: parsed.GetValue(names)!.Length > 0,
                parsed.GetValue(models) ?? Installation.ModelsFolder, parsed.GetValue(from), stop.Token);
        });
        return command.WithExamples(
            "models fetch",
            "models fetch my-model --from /media/stick");
    }

    private static async Task<int> FetchAsync(
        IReadOnlyList<string> files, bool isNamed, string modelsFolder, string? folder, CancellationToken stop)
    {
        // A body may take as long as it likes while it comes; ModelDownload watches that it does.
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("edge-perception");
        var code = ExitCodes.Success;
        foreach (var file in files)
        {
            var manifest = YamlBinder.Read<ModelManifest>(file);
            try
            {
                await FetchAsync(http, manifest, isNamed, modelsFolder, folder, stop);
            }
            catch (DownloadException e)
            {
                await Terminal.Error.WriteLineAsync($"model '{manifest.Name}': {Redaction.Text(e.Message)}");
                code = Math.Max(code, e.ExitCode);
            }
        }

        return code;
    }

    private static async Task FetchAsync(
        HttpClient http, ModelManifest manifest, bool isNamed, string modelsFolder, string? folder,
        CancellationToken stop)
    {
        var target = Path.Combine(modelsFolder, manifest.File);
        if (ModelDescription.StateOf(manifest, modelsFolder) == ModelList.Types.Item.Types.State.Verified)
        {
            await Terminal.Output.WriteLineAsync($"{manifest.Name}: is here and verified");
            return;
        }

        if (folder is null && manifest.Url is null)
        {
            var line =
                $"its manifest names no url; it is {manifest.Source} (eng/setup.sh runtime makes the models of this "
                + "repository)";
            if (isNamed) throw new DownloadException(line, ExitCodes.BadInput);
            await Terminal.Error.WriteLineAsync($"model '{manifest.Name}': {Redaction.Text(line)}");
            return;
        }

        var download = new ModelDownload(http) { Retrying = Terminal.Error.WriteLine };
        using (new DownloadLine(manifest.Name, download, TimeProvider.System, Terminal.Error))
        {
            if (folder is not null) await download.CopyAsync(manifest, folder, target, stop);
            else await download.FetchAsync(manifest, target, stop);
        }

        await Terminal.Output.WriteLineAsync($"{manifest.Name}: fetched and verified, {target}");
    }
}
