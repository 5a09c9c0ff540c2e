using System.CommandLine;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Drawing;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models try</c>: what a model of any family sees in an image.</summary>
internal static class TryCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("model") { Description = "Name or file of the manifest" };
        var image = new Option<string>("--image")
        {
            Description = "The picture: JPEG, PNG, WebP, BMP or GIF",
            Required = true,
        };
        var with = new Option<string?>("--with")
        {
            Description = "A second manifest: the recogniser of a text detector, the text tower of an image tower",
        };
        var prompts = new Option<string[]>("--prompt")
        {
            Description = "What an open-vocabulary model is to look for; may be given several times",
        };
        var manifests = ManifestFolder.Option();
        var models = ManifestFolder.ModelsOption();
        var json = SharedOptions.Json();
        var draw = SharedOptions.Draw("Write the picture with what is seen drawn in");
        var command = new Command("try", "Show what a model sees in a picture")
        {
            name, image, with, prompts, manifests, models, json, draw,
        };
        command.SetAction(parsed =>
        {
            var drawn = ImageOutput.At(parsed.GetValue(draw));
            var folder = ManifestFolder.Of(parsed.GetValue(manifests));
            var partner =
                parsed.GetValue(with) is { } second ? YamlBinder.Read<ModelManifest>(folder.Find(second)) : null;
            var manifest = YamlBinder.Read<ModelManifest>(folder.Find(parsed.GetValue(name)!));
            var modelsFolder = parsed.GetValue(models) ?? Installation.ModelsFolder;
            var sights = new ModelPredictions(manifest, partner, modelsFolder, parsed.GetValue(prompts) ?? []);
            using var pool = new FramePool(1);
            using var frame = ImageFile.Read(parsed.GetValue(image)!, pool, SensorClock.System);
            var seen = ModelLimits.Within(
                $"model '{manifest.Name}'", Path.Combine(modelsFolder, manifest.File), ModelLimits.TimeLimit,
                () => FamilyUse.Of(manifest.Decoder).In(frame, sights));
            PredictionReport.Write(frame, seen, drawn, parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command.WithExamples(
            "models try best --image photo.jpg --out seen.png",
            "models try ppocr-v4-det --with ppocr-v4-rec --image sign.jpg",
            "models try clip-image --with clip-text --prompt \"a red mug\" --prompt \"a bottle\" --image photo.jpg");
    }
}
