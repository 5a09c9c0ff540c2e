using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Turns a model's outputs into detections, one implementation for each family. Made once for a model, whose manifest
/// it checks; allocates nothing while it decodes. Not thread-safe. Every family's doubles are suppressed by the
/// manifest's overlap, also where the graph or the training has done so already: an overlap of 1 leaves it to them.
/// </summary>
internal interface IDetectionDecoder
{
    /// <summary>Where the coefficients of instance masks are; null if the model makes no masks.</summary>
    MaskCoefficients? Masks => null;

    /// <summary>
    /// Fills those inputs beside the image that are the same in every run; called once, before the first.
    /// </summary>
    void Prepare(OnnxModel model)
    {
    }

    /// <summary>
    /// Adds what is seen in one image of the last run, best first, down to the manifest's low score, doubles
    /// suppressed.
    /// </summary>
    /// <param name="model">The model that was run; its floating-point outputs hold only finite numbers.</param>
    /// <param name="item">Which image of the batch.</param>
    /// <param name="image">How that image lies in the input.</param>
    /// <param name="detections">Empty; receives the detections.</param>
    /// <exception cref="ModelException">An output holds something that is no detection.</exception>
    void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections);
}
