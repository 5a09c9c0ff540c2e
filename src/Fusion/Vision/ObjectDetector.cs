using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Preprocessing;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Finds objects in one picture at a time: letterbox, model, decoding, suppression of doubles. Several cameras may
/// share one detector, one after the other, pictures of different sizes included. Keeps nothing of the frame after the
/// call. Not thread-safe. Allocates nothing while the pictures keep their size.
/// </summary>
public sealed class ObjectDetector
{
    private readonly OnnxModel _model;
    private readonly PicturePreprocessor _preprocessor;
    private readonly CenterNetDecoder _decoder;
    private readonly List<Detection> _detections = new(128);

    /// <summary>Prepares a detector over a loaded model, which stays the caller's.</summary>
    /// <exception cref="ModelException">The model's output is not one that its decoder can read.</exception>
    public ObjectDetector(OnnxModel model)
    {
        _model = model;
        var manifest = model.Manifest;
        var shape = manifest.Inputs[0].Shape;
        var (height, width) = manifest.Picture.Layout == TensorLayout.Nhwc ? (shape[1], shape[2]) : (shape[2], shape[3]);
        _preprocessor = new PicturePreprocessor(width, height, manifest.Inputs[0].Type, manifest.Picture);
        _decoder = new CenterNetDecoder(manifest);
    }

    /// <summary>
    /// The objects in the frame, best first, down to the manifest's low score: those below its score are only good to
    /// extend a track. The list is reused by the next call.
    /// </summary>
    /// <exception cref="ModelException">The run failed, was terminated, or answered with something not a number.</exception>
    public List<Detection> Detect(Frame frame)
    {
        var placement = _preprocessor.Fill(PictureView.Of(frame), MemoryMarshal.AsBytes(_model.Input(0)));
        _model.Run();
        _detections.Clear();
        _decoder.Decode(_model.Output(0), placement, frame.Width, frame.Height, _detections);
        NonMaximumSuppression.Apply(_detections, _model.Manifest.Thresholds.Overlap);
        return _detections;
    }
}
