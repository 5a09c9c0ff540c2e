using System.CommandLine;
using System.Text;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Files;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Models.Inspection;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models inspect</c>: a manifest for an ONNX file that has none.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The ONNX file" };
        var models = ManifestFolder.ModelsOption();
        var draft = new Option<string?>("--out") { Description = "Write the manifest to this file (.yaml)" };
        var force = new Option<bool>("--force") { Description = "Write over a file that is there" };
        var json = SharedOptions.Json();
        var command = new Command("inspect", "Look at an ONNX file and draft its manifest, ready to be edited")
        {
            file, models, draft, force, json,
        };
        command.SetAction(parsed => Inspect(
            parsed.GetValue(file)!, parsed.GetValue(models) ?? Installation.ModelsFolder, parsed.GetValue(draft),
            parsed.GetValue(force),
            parsed.GetValue(json)));
        return command.WithExamples(
            "models inspect models/best.onnx",
            "models inspect models/best.onnx --out configs/models/best.yaml");
    }

    private static int Inspect(string file, string modelsFolder, string? path, bool force, bool json)
    {
        var output = path is null ? null : ManifestAt(path, force);
        var draft =
            ModelLimits.Within(file, file, ModelLimits.TimeLimit, () => ModelInspector.Inspect(file, modelsFolder));
        var text = draft.ToYaml();
        output?.Write(Encoding.UTF8.GetBytes(text));
        if (json) Terminal.Output.WriteLine(JsonEncoding.ToText(Describe(file, draft, text)));
        else if (path is null) Terminal.Output.Write(text);
        if (!draft.IsSure)
            Terminal.Error.WriteLine(
                $"no decoder family fits {file}; the nearest stands in the draft, and the lines that say EDIT are "
                + "yours to mend");
        if (path is not null)
            Terminal.Error.WriteLine($"{path}: written; look at the lines that say CHECK, GUESS or EDIT");
        return ExitCodes.Success;
    }

    // Only files of these names are found as manifests.
    private static OutputFile ManifestAt(string path, bool force)
    {
        if (Path.GetExtension(path) is not (".yaml" or ".yml"))
            throw new UserException($"{path}: a manifest's name ends with .yaml");
        var output = OutputFile.At(path);
        if (!force && File.Exists(path)) throw new UserException($"{path}: is there already; --force writes over it");
        return output;
    }

    private static ModelInspection Describe(string path, ManifestDraft draft, string text)
    {
        var file = draft.File;
        var inspection = new ModelInspection
        {
            File = FileName.ToText(path),
            Sha256 = draft.Manifest.Sha256,
            Producer = file.Producer,
            Opset = (uint)file.Opset,
            IrVersion = (uint)file.IrVersion,
            Decoder = draft.Manifest.Family.Name,
            FamilyFits = draft.IsSure,
            Manifest = text,
        };
        foreach (var (key, value) in file.Metadata) inspection.Metadata[key] = value;
        ModelDescription.AddTo(inspection.Inputs, file.Inputs);
        ModelDescription.AddTo(inspection.Outputs, file.Outputs);
        return inspection;
    }
}
