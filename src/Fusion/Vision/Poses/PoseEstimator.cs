using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Poses;

/// <summary>One point of a body, such as an elbow.</summary>
/// <param name="Name">Its name, one of <see cref="PoseEstimator.Names"/>.</param>
/// <param name="X">Column in pixels of the image; it may lie beyond the image.</param>
/// <param name="Y">Row in pixels of the image; it may lie beyond the image.</param>
/// <param name="Score">The model's confidence, 0 to 1.</param>
public readonly record struct KeyPoint(string Name, float X, float Y, float Score);

/// <summary>
/// Finds the 17 key points of one person with MoveNet: the one nearest to the middle of the image, or one in each
/// region. An image without anybody gives points too, with low scores. Not thread-safe. Allocates nothing while the
/// images keep their sizes.
/// </summary>
public sealed class PoseEstimator
{
    private const int RowLength = 3;
    private static readonly string[] PointNames =
    [
        "nose", "left eye", "right eye", "left ear", "right ear", "left shoulder", "right shoulder", "left elbow",
        "right elbow", "left wrist", "right wrist", "left hip", "right hip", "left knee", "right knee", "left ankle",
        "right ankle",
    ];

    private readonly OnnxModel _model;
    private readonly ImageInput _input;
    private readonly ImagePlacement[] _placements;
    private readonly KeyPoint[] _points = new KeyPoint[PointNames.Length];

    /// <summary>Prepares an estimator over a loaded model, which stays the caller's.</summary>
    /// <exception cref="ModelException">The model is of another family, or its output is not MoveNet's.</exception>
    public PoseEstimator(OnnxModel model)
    {
        _model = model;
        var manifest = model.Manifest;
        DecoderRules.Family(manifest, DecoderFamily.Movenet);
        var form = $"[n, 1, {PointNames.Length}, {RowLength}]";
        var shape = DecoderRules.Output(manifest, 0, form, axes: 4);
        if (shape is not [_, 1, _, RowLength] || shape[2] != PointNames.Length)
            throw DecoderRules.Shape(manifest, 0, form);
        _input = new ImageInput(model);
        _placements = new ImagePlacement[model.MaxBatch];
    }

    /// <summary>The names of the key points, in order, left and right as the person has them: COCO's.</summary>
    public static IReadOnlyList<string> Names => PointNames;

    /// <summary>
    /// The key points of the person nearest to the middle of the image. The list is reused by the next call.
    /// </summary>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<KeyPoint> Estimate(in ImageView image)
    {
        var placement = _input.Fill(image);
        _model.Run();
        Decode(_model.Output(0).Floats(0), placement, _points);
        return _points;
    }

    /// <summary>
    /// The key points of one person in each region; as many regions join a run as the model's batch allows.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="regions">
    /// Any number of regions, in pixels of the image: a person's box with some room around it.
    /// </param>
    /// <param name="points">Receives 17 points for each region, in pixels of the image.</param>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void Estimate(in ImageView image, ReadOnlySpan<BoundingBox> regions, Span<KeyPoint> points)
    {
        for (var done = 0; done < regions.Length; done += _placements.Length)
        {
            var count = Math.Min(regions.Length - done, _placements.Length);
            _input.Fill(image, regions.Slice(done, count), _placements);
            _model.Run();
            for (var i = 0; i < count; i++)
                Decode(_model.Output(0).Floats(i), _placements[i], points[((done + i) * PointNames.Length)..]);
        }
    }

    private void Decode(ReadOnlySpan<float> rows, in ImagePlacement placement, Span<KeyPoint> points)
    {
        var (width, height) = (_model.Manifest.InputWidth, _model.Manifest.InputHeight);
        for (var i = 0; i < PointNames.Length; i++, rows = rows[RowLength..])
        {
            DecoderRules.Probabilities(_model.Manifest, 0, rows[2], rows[2]);
            points[i] = new KeyPoint(
                PointNames[i], placement.ToImageX(rows[1] * width), placement.ToImageY(rows[0] * height),
                Math.Clamp(rows[2], 0, 1));
        }
    }
}
