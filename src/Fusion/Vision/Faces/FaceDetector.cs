using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Faces;

/// <summary>
/// Finds faces and their key points with BlazeFace. Where boxes alone are wanted, <see cref="ObjectDetector"/> gives
/// them under the label <c>face</c>. Not thread-safe. Allocates nothing while the images keep their sizes.
/// </summary>
public sealed class FaceDetector
{
    private readonly OnnxModel _model;
    private readonly ImageInput _input;
    private readonly BlazeFaceDecoder _decoder;
    private readonly List<Face> _faces = new(16);

    /// <summary>Prepares a detector over a loaded model, which stays the caller's.</summary>
    /// <exception cref="ModelException">The model is of another family, or its outputs are not BlazeFace's.</exception>
    public FaceDetector(OnnxModel model)
    {
        _model = model;
        DecoderRules.Family(model.Manifest, DecoderFamily.Blazeface);
        _input = new ImageInput(model);
        _decoder = new BlazeFaceDecoder(model.Manifest);
    }

    /// <summary>
    /// The faces in an image down to the manifest's score, best first. The list is reused by the next call.
    /// </summary>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<Face> Detect(in ImageView image)
    {
        var place = new ImageInBatch(_input.Fill(image), image.Width, image.Height);
        _model.Run();
        _faces.Clear();
        _decoder.Decode(_model, 0, place, _model.Manifest.Thresholds.Score, _faces);
        return _faces;
    }
}
