using System.Globalization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Preprocessing;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Embeddings;
using EdgePerception.Fusion.Vision.Text;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pictures;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>What a model that does not find objects makes of a picture, and how that is shown.</summary>
internal static class PictureAnswer
{
    private const float PointSize = 6;

    /// <summary>Runs the model over the whole picture.</summary>
    /// <exception cref="ModelException">The model cannot be used, or takes no picture.</exception>
    public static ModelAnswer Of(OnnxModel model, Frame frame)
    {
        var picture = PictureView.Of(frame);
        var answer = new ModelAnswer();
        switch (model.Manifest.Decoder)
        {
            case DecoderFamily.Classifier:
                answer.Classes.AddRange(new Classifier(model).Classify(picture).Select(best => new ModelAnswer.Types.Class { Label = best.Label, Score = best.Score }));
                break;
            case DecoderFamily.Movenet:
                answer.Points.AddRange(new PoseEstimator(model).Estimate(picture)
                    .Select(point => new ModelAnswer.Types.Point { Name = point.Name, X = point.X, Y = point.Y, Score = point.Score }));
                break;
            case DecoderFamily.TextDetection:
                answer.Lines.AddRange(new TextDetector(model).Detect(picture).Select(region => Line("", region.Score, region.Box)));
                break;
            case DecoderFamily.TextRecognition:
                var whole = new BoundingBox(0, 0, frame.Width, frame.Height);
                var read = new TextRecognizer(model).Recognize(picture, whole);
                answer.Lines.Add(Line(read.Text, read.Score, whole));
                break;
            case DecoderFamily.ImageEmbedding:
                var encoder = new ImageEncoder(model);
                var embedding = new float[encoder.Dimensions];
                encoder.Embed(picture, embedding);
                answer.Embedding.AddRange(embedding.Select(value => (double)value));
                break;
            default:
                throw new ModelException($"model '{model.Manifest.Name}': takes words and no picture; 'models verify' runs it");
        }

        return answer;
    }

    /// <summary>The answer as text, a line each.</summary>
    public static IReadOnlyList<string> Lines(ModelAnswer answer)
    {
        List<string> lines =
        [
            .. answer.Classes.Select(best => Text($"{best.Score,5:0.00}  {best.Label}")),
            .. answer.Points.Select(point => Text($"{point.Score,5:0.00}  {point.Name,-16} {point.X,6:0} {point.Y,6:0}")),
            .. answer.Lines.Select(line => Text($"{line.Score,5:0.00}  {line.Box.X,6:0} {line.Box.Y,6:0} {line.Box.Width,6:0} {line.Box.Height,6:0}  {line.Text}").TrimEnd()),
        ];
        if (answer.Embedding.Count > 0) lines.Add($"{answer.Embedding.Count} numbers: {string.Join(", ", answer.Embedding.Take(8).Select(value => Text($"{value:0.000}")))} ...");
        return lines.Count > 0 ? lines : ["nothing was found"];
    }

    /// <summary>Writes the picture with what is seen drawn in and the lines below, as PNG.</summary>
    public static void Draw(ModelAnswer answer, Frame frame, string path) => AnnotatedPicture.Write(
        path, frame.Pixels, frame.Width, frame.Height,
        [
            .. answer.Lines.Select(line => new Annotation(
                new BoundingBox((float)line.Box.X, (float)line.Box.Y, (float)line.Box.Width, (float)line.Box.Height), line.Text, AnnotationRole.Seen)),
            .. answer.Points.Select(point => new Annotation(
                new BoundingBox((float)point.X - PointSize / 2, (float)point.Y - PointSize / 2, PointSize, PointSize), point.Name, AnnotationRole.Seen)),
        ],
        Lines(answer));

    private static ModelAnswer.Types.Line Line(string text, float score, BoundingBox box) => new()
    {
        Text = text,
        Score = score,
        Box = new Box { X = box.X, Y = box.Y, Width = box.Width, Height = box.Height },
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
