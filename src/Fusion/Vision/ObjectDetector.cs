using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Finds objects in images: preprocessing, model, decoding. Several cameras share one detector, their images joining
/// one run as far as the model's batch allows, images of different sizes included. Keeps nothing of the frames after
/// the call. Not thread-safe. Allocates nothing while the images keep their sizes.
/// </summary>
public sealed class ObjectDetector : IDisposable
{
    private readonly OnnxModel _model;
    private readonly ImageInput _input;
    private readonly ImagePlacement[] _placements;
    private readonly ScoreCalibration _calibration;
    private readonly ObjectDetector? _second;
    private readonly List<Detection>[] _seconds = [];
    private readonly IDetectionDecoder _decoder;
    private readonly ImageInBatch[] _images;
    private readonly List<Detection>[] _decoded;
    private readonly List<Detection> _detections = new(128);
    private IReadOnlyList<string>? _labels;

    /// <summary>Prepares a detector over a loaded model, which is disposed with it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="second">
    /// Another detector that looks at the same images, and whose boxes are joined with this one's; it belongs to this
    /// one from here on.
    /// </param>
    /// <exception cref="ModelException">
    /// The model's family finds no objects, or its outputs are not those of its family.
    /// </exception>
    public ObjectDetector(OnnxModel model, ObjectDetector? second = null)
    {
        (_model, _second) = (model, second);
        var manifest = model.Manifest;
        _calibration = new ScoreCalibration(manifest);
        _decoder = DetectionDecoders.For(_calibration.Uncalibrated(manifest));
        _decoder.Prepare(model);
        _images = new ImageInBatch[second is null ? model.MaxBatch : Math.Min(model.MaxBatch, second.MaxBatch)];
        if (second is not null) _seconds = [.. _images.Select(_ => new List<Detection>(128))];
        _decoded = [.. _images.Select(_ => new List<Detection>(128))];
        _placements = new ImagePlacement[model.MaxBatch];
        _input = new ImageInput(model);
        if (_decoder.Masks is { } coefficients) Masks = new InstanceMasks(model, coefficients, _images);
        if (_decoder is not OwlVitDecoder words) return;
        Prompts = new TextPrompts(model, words);
        if (manifest is { Tokenizer: not null, Labels.Count: > 0 }) Prompts.Set(manifest.Labels);
    }

    /// <summary>The families that it reads.</summary>
    public static IReadOnlyCollection<DecoderFamily> Families => DetectionDecoders.Families;

    /// <summary>The model.</summary>
    public OnnxModel Model => _model;

    /// <summary>
    /// What it can tell: the model's labels, or what it was told to look for before this was asked; of two, both.
    /// </summary>
    public IReadOnlyList<string> Labels => _labels ??= _second is null ? OwnLabels
        : [.. OwnLabels.Union(_second.Labels)];

    private IReadOnlyList<string> OwnLabels => Prompts?.Labels ?? _model.Manifest.Labels;

    /// <summary>How many images one run takes.</summary>
    public int MaxBatch => _images.Length;

    /// <summary>The masks of what the last run found; null if the model makes no masks.</summary>
    public InstanceMasks? Masks { get; }

    /// <summary>
    /// What a text-conditioned model looks for, to be set before the first image; null if the labels are the model's
    /// own.
    /// </summary>
    public TextPrompts? Prompts { get; }

    /// <summary>
    /// The objects in each frame, best first, down to the manifest's low score: those below its score are only good to
    /// extend a track.
    /// </summary>
    /// <param name="frames">1 to <see cref="MaxBatch"/> frames; they join one run.</param>
    /// <param name="detections">
    /// A list for each frame; what it holds is replaced, and stays where the call fails.
    /// </param>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void Detect(ReadOnlySpan<Frame> frames, ReadOnlySpan<List<Detection>> detections)
    {
        _input.Fill(frames, _placements);
        for (var i = 0; i < frames.Length; i++)
            _images[i] = new ImageInBatch(_placements[i], frames[i].Width, frames[i].Height);
        _model.Run();
        for (var i = 0; i < frames.Length; i++)
        {
            _decoded[i].Clear();
            _decoder.Decode(_model, i, _images[i], _decoded[i]);
            _calibration.Apply(_decoded[i]);
        }

        if (_second is not null)
        {
            _second.Detect(frames, _seconds.AsSpan(0, frames.Length));
            for (var i = 0; i < frames.Length; i++) Agreement.Join(_decoded[i], _seconds[i]);
        }

        for (var i = 0; i < frames.Length; i++)
        {
            detections[i].Clear();
            detections[i].AddRange(_decoded[i]);
        }
    }

    /// <summary>
    /// The objects in one frame, as the other overload gives them. The list is reused by the next call.
    /// </summary>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public List<Detection> Detect(Frame frame)
    {
        Detect(new ReadOnlySpan<Frame>(in frame), new ReadOnlySpan<List<Detection>>(in _detections));
        return _detections;
    }

    /// <summary>Ends the run that is under way, of either model. Safe from any thread.</summary>
    public void Terminate()
    {
        _model.Terminate();
        _second?.Terminate();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _second?.Dispose();
    }
}
