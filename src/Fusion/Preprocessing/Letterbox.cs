namespace EdgePerception.Fusion.Preprocessing;

/// <summary>
/// How a picture is laid into a model's input: scaled by one factor to fit, centred, borders around it.
/// </summary>
/// <param name="Scale">Input pixels for each picture pixel.</param>
/// <param name="Left">Width of the left border in input pixels.</param>
/// <param name="Top">Height of the top border in input pixels.</param>
/// <param name="Width">Width of the scaled picture in input pixels.</param>
/// <param name="Height">Height of the scaled picture in input pixels.</param>
public readonly record struct Letterbox(float Scale, int Left, int Top, int Width, int Height)
{
    /// <summary>Fits a picture into an input.</summary>
    public static Letterbox Fit(int width, int height, int inputWidth, int inputHeight)
    {
        var scale = MathF.Min((float)inputWidth / width, (float)inputHeight / height);
        var fittedWidth = Math.Clamp((int)MathF.Round(width * scale), 1, inputWidth);
        var fittedHeight = Math.Clamp((int)MathF.Round(height * scale), 1, inputHeight);
        return new Letterbox(scale, (inputWidth - fittedWidth) / 2, (inputHeight - fittedHeight) / 2, fittedWidth, fittedHeight);
    }

    /// <summary>Takes a column of the input back to the picture.</summary>
    public float ToPictureX(float x) => (x - Left) / Scale;

    /// <summary>Takes a row of the input back to the picture.</summary>
    public float ToPictureY(float y) => (y - Top) / Scale;
}
