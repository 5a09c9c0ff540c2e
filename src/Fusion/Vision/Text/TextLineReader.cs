using System.Runtime.InteropServices;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Text;

/// <summary>
/// Reads the lines of text in an image: a detector finds them, a recogniser reads each. Not thread-safe.
/// </summary>
public sealed class TextLineReader
{
    private readonly TextDetector _detector;
    private readonly TextRecognizer _recognizer;
    private readonly List<BoundingBox> _boxes = new(64);

    /// <summary>Prepares a reader over two loaded models, which stay the caller's.</summary>
    /// <exception cref="ModelException">A model is of another family, or does not fit it.</exception>
    public TextLineReader(OnnxModel detection, OnnxModel recognition) =>
        (_detector, _recognizer) = (new TextDetector(detection), new TextRecognizer(recognition));

    /// <summary>
    /// The lines of text in reading order; those whose characters are less sure than the recogniser's score are left
    /// out.
    /// </summary>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<TextLine> Read(in ImageView image)
    {
        _boxes.Clear();
        foreach (var region in _detector.Detect(image)) _boxes.Add(region.Box);
        var texts = _recognizer.Recognize(image, CollectionsMarshal.AsSpan(_boxes));
        var least = _recognizer.Model.Manifest.Thresholds.Score;
        return [
            .. texts.Zip(_boxes, (text, box) => new TextLine(text.Text, text.Score, box))
                .Where(line => line.Text.Length > 0 && line.Score >= least)];
    }
}
