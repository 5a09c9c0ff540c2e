using System.CommandLine;
using EdgePerception.Runtime.Drawing;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>detect</c>: the objects in one image.</summary>
internal static class DetectCommand
{
    public static Command Create()
    {
        var image = new Option<string>("--image")
        {
            Description = "The picture: JPEG, PNG, WebP, BMP or GIF",
            Required = true,
        };
        var detectors = new DetectorOptions();
        var json = SharedOptions.Json();
        var draw = SharedOptions.Draw("Write the picture with the boxes drawn in");
        var command = new Command("detect", "Find the objects in one picture")
        {
            image, detectors.Model, detectors.Second, json, draw,
        };
        command.SetAction(parsed =>
        {
            var drawn = ImageOutput.At(parsed.GetValue(draw));
            using var detector = detectors.Open(parsed);
            using var picture = detector.See(parsed.GetValue(image)!);
            var sights = picture.Detections.Select(each => new Prediction(each.Label, each.Score, each.Box));
            PredictionReport.Write(picture.Frame, [.. sights], drawn, parsed.GetValue(json));
        });
        return command;
    }
}
