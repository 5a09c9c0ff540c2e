using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Diagnostics;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models list</c>: the manifests, and whether their files are here.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var manifests = ManifestFolder.Option();
        var models = ManifestFolder.ModelsOption();
        var json = SharedOptions.Json();
        var command = new Command(
            "list", "List the models: family, input, providers, licence, and whether the file is here")
        {
            manifests, models, json,
        };
        command.SetAction(parsed => List(
            ManifestFolder.Of(parsed.GetValue(manifests)), parsed.GetValue(models) ?? Installation.ModelsFolder,
            parsed.GetValue(json)));
        return command;
    }

    private static int List(ManifestFolder folder, string modelsFolder, bool json)
    {
        var list = new ModelList();
        var code = ExitCodes.Success;
        foreach (var file in folder.All())
        {
            try
            {
                list.Models.Add(Describe(file, YamlBinder.Read<ModelManifest>(file), modelsFolder));
            }
            catch (YamlException e)
            {
                foreach (var fault in e.Faults) Terminal.Error.WriteLine(fault);
                code = ExitCodes.BadInput;
            }
            catch (UserException e)
            {
                Terminal.Error.WriteLine($"{file}: {e.Message}");
                code = ExitCodes.BadInput;
            }
        }

        if (json) Terminal.Output.WriteLine(JsonEncoding.ToText(list));
        else WriteTable(list);
        return code;
    }

    private static ModelList.Types.Item Describe(string file, ModelManifest manifest, string modelsFolder)
    {
        var item = new ModelList.Types.Item
        {
            Name = manifest.Name,
            Manifest = file,
            File = Path.Combine(modelsFolder, manifest.File),
            State = ModelDescription.StateOf(manifest, modelsFolder),
            Decoder = manifest.Family.Name,
            Licence = manifest.Licence,
            Source = Redaction.Text(manifest.Source),
        };
        item.Providers.AddRange(manifest.Providers.Select(ModelDescription.Name));
        ModelDescription.AddTo(item.Inputs, manifest.Inputs);
        return item;
    }

    private static void WriteTable(ModelList list)
    {
        var table = new TextTable("name", "family", "input", "providers", "licence", "file");
        foreach (var item in list.Models)
        {
            table.Add(item.Name, item.Decoder, $"{item.Inputs[0].Type} [{string.Join(", ", item.Inputs[0].Shape)}]",
                string.Join(", ", item.Providers), item.Licence, Describe(item.State));
        }

        table.Write(Terminal.Output);
    }

    private static string Describe(ModelList.Types.Item.Types.State state) => state switch
    {
        ModelList.Types.Item.Types.State.Verified => "verified",
        ModelList.Types.Item.Types.State.Different => "another file",
        _ => "missing",
    };
}
