using System.CommandLine;
using System.Globalization;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pictures;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>detect</c>: the objects in one picture.</summary>
internal static class DetectVerb
{
    public static Command Create()
    {
        var image = new Option<string>("--image") { Description = "The picture: JPEG, PNG, WebP, BMP or GIF", Required = true };
        var model = new Option<string?>("--model") { Description = "Manifest of the detector (default: the one that comes with the program)" };
        var json = SharedOptions.Json();
        var draw = new Option<string?>("--out") { Description = "Write the picture with the boxes drawn in, as PNG" };
        var command = new Command("detect", "Find the objects in one picture") { image, model, json, draw };
        command.SetAction(parsed =>
        {
            using var picture = new PictureScene(
                parsed.GetValue(image)!, parsed.GetValue(model) ?? Installation.DetectorManifest, Installation.ModelsFolder);
            if (parsed.GetValue(draw) is { } path) Draw(picture, path);
            if (parsed.GetValue(json)) Terminal.Output.WriteLine(JsonEncoding.ToText(ToMessage.DetectionList(picture.Detections)));
            else WriteTable(picture);
        });
        return command;
    }

    private static void WriteTable(PictureScene picture)
    {
        if (picture.Detections.Length == 0) Terminal.Output.WriteLine("nothing was found");
        else Terminal.Output.WriteLine($"{"label",-16} {"score",5} {"x",6} {"y",6} {"width",6} {"height",6}");
        foreach (var (label, score, box) in picture.Detections)
        {
            Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{label,-16} {score,5:0.00} {box.X,6:0} {box.Y,6:0} {box.Width,6:0} {box.Height,6:0}"));
        }
    }

    private static void Draw(PictureScene picture, string path)
    {
        var frame = picture.Frame;
        AnnotatedPicture.Write(path, frame.Pixels, frame.Width, frame.Height,
            picture.Detections.Select(d => new Annotation(
                d.Box, string.Create(CultureInfo.InvariantCulture, $"{d.Label} {d.Score:0.00}"), AnnotationRole.Seen)),
            [$"{frame.Camera}: {picture.Detections.Length} objects"]);
    }
}
