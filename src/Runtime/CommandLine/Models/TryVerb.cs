using System.CommandLine;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Pictures;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models try</c>: what a model sees in a picture.</summary>
internal static class TryVerb
{
    public static Command Create()
    {
        var name = new Argument<string>("model") { Description = "Name or file of the manifest" };
        var image = new Option<string>("--image") { Description = "The picture: JPEG, PNG, WebP, BMP or GIF", Required = true };
        var manifests = ManifestFolder.Option();
        var models = ManifestFolder.ModelsOption();
        var json = SharedOptions.Json();
        var draw = new Option<string?>("--out") { Description = "Write the picture with what is seen drawn in, as PNG" };
        var command = new Command("try", "Show what a model sees in a picture") { name, image, manifests, models, json, draw };
        command.SetAction(parsed => Try(
            ManifestFolder.Of(parsed.GetValue(manifests)).Find(parsed.GetValue(name)!), parsed.GetValue(models) ?? Installation.ModelsFolder,
            parsed.GetValue(image)!, parsed.GetValue(draw), parsed.GetValue(json)));
        return command.WithExamples(
            "models try best --image photo.jpg --out seen.png");
    }

    private static int Try(string manifestFile, string modelsFolder, string image, string? path, bool json)
    {
        var manifest = ModelManifest.Read(manifestFile);
        if (manifest.Decoder.FindsObjects())
        {
            using var objects = new PictureScene(image, manifestFile, modelsFolder);
            DetectionReport.Write(objects, path, json);
            return EdgePerceptionCommand.Success;
        }

        using var pool = new FramePool(1);
        using var frame = PictureFile.Read(image, pool, SensorClock.System);
        using var model = OnnxModel.Load(manifest, modelsFolder, new InferenceSettings { MaxBatch = 1 });
        var answer = PictureAnswer.Of(model, frame);
        if (path is not null) PictureAnswer.Draw(answer, frame, path);
        if (json) Terminal.Output.WriteLine(JsonEncoding.ToText(answer));
        else foreach (var line in PictureAnswer.Lines(answer)) Terminal.Output.WriteLine(line);
        return EdgePerceptionCommand.Success;
    }
}
