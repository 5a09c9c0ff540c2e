using System.Globalization;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pictures;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>The objects in a picture as the command line tells them: a table or JSON, and a picture with boxes.</summary>
internal static class DetectionReport
{
    /// <summary>Writes what is seen to standard output and, where a path is given, the picture with the boxes as PNG.</summary>
    public static void Write(PictureScene picture, string? path, bool json)
    {
        if (path is not null) Draw(picture, path);
        if (json) Terminal.Output.WriteLine(JsonEncoding.ToText(ToMessage.DetectionList(picture.Detections)));
        else WriteTable(picture);
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
