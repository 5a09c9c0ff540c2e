using System.Globalization;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Runtime.Drawing;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>What is seen in an image as the command line tells it: a table or JSON, and an image with boxes.</summary>
internal static class PredictionReport
{
    private const float PointSize = 6;

    // Labels of points that the model is not sure of would only hide the others.
    private const float MinDrawnPoint = 0.2f;

    /// <summary>Writes what is seen to standard output and, if one is wanted, the image with it drawn in.</summary>
    public static void Write(Frame frame, IReadOnlyList<Prediction> sights, ImageOutput? drawn, bool json)
    {
        if (drawn is not null) Draw(frame, sights, drawn);
        if (json)
            Terminal.Output.WriteLine(
                JsonEncoding.ToText(
                    ToMessage.DetectionList(sights.Select(sight => (sight.Label, sight.Score, sight.Box)))));
        else WriteTable(sights);
    }

    private static void WriteTable(IReadOnlyList<Prediction> sights)
    {
        if (sights.Count == 0) Terminal.Output.WriteLine("nothing was found");
        var places = sights.Any(sight => sight.Box is not null) ? $" {"x",6} {"y",6} {"width",6} {"height",6}" : "";
        if (sights.Count > 0) Terminal.Output.WriteLine($"{"label",-16} {"score",5}{places}");
        foreach (var (label, score, box) in sights)
        {
            var place = box is { } at ? $" {at.X,6:0} {at.Y,6:0} {at.Width,6:0} {at.Height,6:0}" : "";
            Terminal.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{label,-16} {score,5:0.00}{place}"));
        }
    }

    private static void Draw(Frame frame, IReadOnlyList<Prediction> sights, ImageOutput drawn)
    {
        List<string> lines = [$"{frame.Camera}: {sights.Count} {(sights.Count == 1 ? "sight" : "sights")}"];
        lines.AddRange(sights.Where(sight => sight.Box is null).Select(Caption));
        var annotations =
            sights.Where(IsDrawn)
                .Select(sight => new Annotation(Visible(sight.Box!.Value), Caption(sight), AnnotationRole.Seen));
        using var image = AnnotatedImage.Encode(
            drawn.Format, frame.Pixels, frame.Width, frame.Height, annotations, lines);
        drawn.Write(image);
    }

    private static bool IsDrawn(Prediction sight) =>
        sight.Box is { } box && (box.Area > 0 || sight.Score >= MinDrawnPoint);

    private static string Caption(Prediction sight) =>
        string.Create(CultureInfo.InvariantCulture, $"{sight.Label} {sight.Score:0.00}");

    // A point has no size of its own.
    private static BoundingBox Visible(BoundingBox box) => box.Area > 0
        ? box
        : new BoundingBox(box.X - PointSize / 2, box.Y - PointSize / 2, PointSize, PointSize);
}
