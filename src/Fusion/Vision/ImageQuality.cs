namespace EdgePerception.Fusion.Vision;

/// <summary>What ails an image most.</summary>
public enum ImageFault
{
    /// <summary>Nothing worth a word.</summary>
    None,

    /// <summary>Too little light.</summary>
    Dark,

    /// <summary>Most of it is pure black or pure white: wrongly exposed.</summary>
    Clipped,

    /// <summary>It shows hardly anything: a covered lens, fog, a bare wall.</summary>
    Flat,

    /// <summary>Out of focus, smeared or behind a dirty lens.</summary>
    Blurred,
}

/// <summary>
/// How well objects can be seen in an image, by four measures of 0 (not at all) to 1 (as on a sharp day image).
/// </summary>
/// <param name="Light">By the mean brightness.</param>
/// <param name="Exposure">By the share of pixels that are pure black or pure white.</param>
/// <param name="Contrast">By how much brightness changes over a small distance.</param>
/// <param name="Sharpness">By how suddenly it changes.</param>
public readonly record struct ImageQuality(float Light, float Exposure, float Contrast, float Sharpness)
{
    /// <summary>Nothing is known to be wrong.</summary>
    public static ImageQuality Full { get; } = new(1, 1, 1, 1);

    /// <summary>All four together, 0 to 1: their product, since each takes away from what the others leave.</summary>
    public float Value => Light * Exposure * Contrast * Sharpness;

    /// <summary>Darkness where there is much of it; otherwise the lowest of the four, where it is below 1.</summary>
    public ImageFault Fault
    {
        get
        {
            // Darkness takes contrast and sharpness with it.
            if (Light <= 0.5f) return ImageFault.Dark;
            var (fault, least) = (ImageFault.None, 1f);
            if (Light < least) (fault, least) = (ImageFault.Dark, Light);
            if (Exposure < least) (fault, least) = (ImageFault.Clipped, Exposure);
            if (Contrast < least) (fault, least) = (ImageFault.Flat, Contrast);
            if (Sharpness < least) fault = ImageFault.Blurred;
            return fault;
        }
    }
}
