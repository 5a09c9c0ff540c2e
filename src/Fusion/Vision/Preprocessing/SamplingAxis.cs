using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// The two neighbours of a sample, <paramref name="First"/> and the one after it, and how much of the second, 0 to 1.
/// </summary>
internal readonly record struct Tap(int First, double Weight);

/// <summary>
/// Where the samples of one axis fall among the image's. Positions never decrease, and never leave the image; where
/// the second neighbour would, its weight is 0.
/// </summary>
/// <param name="Convention">Where samples fall.</param>
/// <param name="Start">Where the seen part of the image begins, pixels.</param>
/// <param name="Length">Its length, pixels.</param>
/// <param name="Outputs">Samples that are wanted.</param>
/// <param name="Pixels">Pixels of the whole image.</param>
/// <param name="Halved">Whether the plane is one of chroma, with one sample in the middle of two pixels.</param>
internal readonly record struct SamplingAxis(
    SamplingConvention Convention, double Start, double Length, int Outputs, int Pixels, bool Halved)
{
    /// <summary>The neighbours of sample <paramref name="i"/>.</summary>
    public Tap At(int i)
    {
        var position = Math.Clamp(Position(i), 0, Pixels - 1);
        if (Halved) position = Math.Clamp(position / 2 - 0.25, 0, (Pixels - 1) / 2);
        var first = (int)position;
        return new Tap(first, position - first);
    }

    private double Position(int i) => Convention switch
    {
        SamplingConvention.AlignCorners => Outputs > 1 ? Start + i * Math.Max(Length - 1, 0) / (Outputs - 1) : Start,
        SamplingConvention.Asymmetric => Start + i * Length / Outputs,
        _ => Start + (i + 0.5) * Length / Outputs - 0.5,
    };
}
