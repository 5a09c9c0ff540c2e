using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Text;

/// <summary>
/// Reads lines of text, one a region, from left to right; text that runs down or stands on its head is not turned
/// first. Where the model leaves its width free, a line gets the width that its aspect asks for, in steps of 64 pixels
/// so that shapes repeat; a line too long for the profile is squeezed into it. Not thread-safe.
/// </summary>
public sealed class TextRecognizer
{
    private const int WidthStep = 64;
    private readonly OnnxModel _model;
    private readonly ImageInput _input;
    private readonly CtcDecoder _decoder;
    private readonly BoundingBox[] _batch;
    private readonly ImagePlacement[] _placements;

    /// <summary>
    /// Prepares a recogniser over a loaded model, which stays the caller's, and reads its file of characters.
    /// </summary>
    /// <exception cref="ModelException">
    /// The model is of another family, its height is free, its output holds no steps, or the characters do not fit
    /// them.
    /// </exception>
    public TextRecognizer(OnnxModel model)
    {
        _model = model;
        var manifest = model.Manifest;
        DecoderRules.Family(manifest, DecoderFamily.TextRecognition);
        if (manifest.Outputs[0].Shape is not [1 or -1, _, > 1])
            throw DecoderRules.Shape(manifest, 0, "[n, steps, characters]", anyFree: true);
        if (manifest.InputHeight < 1)
            throw DecoderRules.Refusal(
                manifest, $"input '{manifest.Inputs[0].Name}' leaves its height free; lines of text need a given one");
        _input = new ImageInput(model);
        _decoder = new CtcDecoder(model);
        (_batch, _placements) = (new BoundingBox[model.MaxBatch], new ImagePlacement[model.MaxBatch]);
    }

    /// <summary>The model.</summary>
    public OnnxModel Model => _model;

    /// <summary>Reads one line.</summary>
    /// <param name="image">The image.</param>
    /// <param name="region">The line, in pixels of the image.</param>
    /// <returns>What it says; empty, with score 0, where nothing was told or the region is empty.</returns>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public RecognizedText Recognize(in ImageView image, in BoundingBox region)
    {
        Span<BoundingBox> regions = [region];
        return Recognize(image, regions)[0];
    }

    /// <summary>Reads several lines; those of a width join a run, as many as the model's batch allows.</summary>
    /// <param name="image">The image.</param>
    /// <param name="regions">The lines, in pixels of the image.</param>
    /// <returns>An answer for each region, as the other overload gives it.</returns>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<RecognizedText> Recognize(in ImageView image, ReadOnlySpan<BoundingBox> regions)
    {
        var answers = new RecognizedText[regions.Length];
        Array.Fill(answers, new RecognizedText("", 0));
        var jobs = new List<Job>(regions.Length);
        for (var i = 0; i < regions.Length; i++)
        {
            if (regions[i] is { Width: > 0, Height: > 0 }) jobs.Add(JobFor(i, regions[i]));
        }

        jobs.Sort((a, b) => (a.Width, a.Fit, a.Index).CompareTo((b.Width, b.Fit, b.Index)));
        for (var from = 0; from < jobs.Count;)
        {
            var to = from + 1;
            while (to < jobs.Count && to - from < _batch.Length && jobs[to].Width == jobs[from].Width
                && jobs[to].Fit == jobs[from].Fit) to++;
            Run(image, regions, jobs[from..to], answers);
            from = to;
        }

        return answers;
    }

    private void Run(in ImageView image, ReadOnlySpan<BoundingBox> regions, List<Job> jobs, RecognizedText[] answers)
    {
        for (var i = 0; i < jobs.Count; i++) _batch[i] = regions[jobs[i].Index];
        _input.Fill(
            image, _batch.AsSpan(0, jobs.Count), _placements, jobs[0].Width, _model.Manifest.InputHeight, jobs[0].Fit);
        _model.Run();
        for (var i = 0; i < jobs.Count; i++) answers[jobs[i].Index] = _decoder.Decode(_model.Output(0).Floats(i));
    }

    private Job JobFor(int index, in BoundingBox region)
    {
        var wanted = MathF.Ceiling(_model.Manifest.InputHeight * region.Width / region.Height / WidthStep) * WidthStep;
        var width = (int)Math.Clamp(wanted, _input.Least.Width, _input.Most.Width);
        return new Job(index, width, wanted > width ? ImageFit.Squash : _model.Manifest.Picture.Fit);
    }

    private readonly record struct Job(int Index, int Width, ImageFit Fit);
}
