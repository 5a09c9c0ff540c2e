using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Text;

/// <summary>
/// Finds lines of text in images, as axis-aligned boxes. Where the model leaves width and height free, an image is
/// brought to the nearest multiples of 32 pixels, not enlarged, as large as the profile allows. Not thread-safe.
/// </summary>
public sealed class TextDetector
{
    // What the networks halve: PP-OCR's strides end at 32.
    private const int Step = 32;

    private readonly OnnxModel _model;
    private readonly ImageInput _input;
    private readonly TextRegionFinder _finder;
    private readonly List<TextRegion> _regions = new(64);

    /// <summary>Prepares a detector over a loaded model, which stays the caller's.</summary>
    /// <exception cref="ModelException">The model is of another family, or its output is no map.</exception>
    public TextDetector(OnnxModel model)
    {
        _model = model;
        var manifest = model.Manifest;
        DecoderRules.Family(manifest, DecoderFamily.TextDetection);
        if (manifest.Outputs[0].Shape is not [1 or -1, 1, _, _])
            throw DecoderRules.Shape(manifest, 0, "[n, 1, height, width]", anyFree: true);
        _input = new ImageInput(model);
        _finder = new TextRegionFinder(manifest.Thresholds);
    }

    /// <summary>
    /// The lines of text in an image in reading order, clipped to the image. The list is reused by the next call.
    /// </summary>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<TextRegion> Detect(in ImageView image)
    {
        var (width, height) = InputFor(image.Width, image.Height);
        var place = new ImageInBatch(_input.Fill(image, width, height), image.Width, image.Height);
        _model.Run();
        var output = _model.Output(0);
        var (rows, columns) = (output.Shape[2], output.Shape[3]);
        _finder.Find(output.Floats(0), columns, _regions);
        TakeToImage(place, (float)width / columns, (float)height / rows);
        TextRegionFinder.Order(_regions);
        return _regions;
    }

    private void TakeToImage(in ImageInBatch place, float scaleX, float scaleY)
    {
        var kept = 0;
        for (var i = 0; i < _regions.Count; i++)
        {
            var (box, score) = _regions[i];
            DecoderRules.Probabilities(_model.Manifest, 0, score, score);
            var inImage = place.ToImage(box.X * scaleX, box.Y * scaleY, box.Right * scaleX, box.Bottom * scaleY);
            if (inImage.Area > 0) _regions[kept++] = new TextRegion(inImage, score);
        }

        _regions.RemoveRange(kept, _regions.Count - kept);
    }

    /// <summary>The size of the input that suits an image of that size.</summary>
    internal (int Width, int Height) InputFor(int width, int height)
    {
        var (least, most) = (_input.Least, _input.Most);
        var scale = MathF.Min(1, MathF.Min((float)most.Width / width, (float)most.Height / height));
        return (Fit(width * scale, least.Width, most.Width), Fit(height * scale, least.Height, most.Height));
    }

    private static int Fit(float length, int least, int most) =>
        Math.Clamp((int)MathF.Round(length / Step) * Step, least, most);
}
