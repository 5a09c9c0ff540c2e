using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// Draws boxes with their labels; what matters most lies on top, and its label gets the first choice of place.
/// </summary>
/// <param name="canvas">What is drawn on.</param>
/// <param name="area">The image's place on it; labels stay within.</param>
/// <param name="scale">Canvas pixels for a pixel of the image.</param>
/// <param name="unit">How much larger than at its smallest everything is drawn.</param>
internal sealed class BoxPainter(SKCanvas canvas, SKRect area, float scale, float unit)
{
    private readonly List<(Annotation Annotation, SKRect Box, SKRect Label)> _placed = [];

    public void Draw(IEnumerable<Annotation> annotations)
    {
        using var font = Typeface.Font(13 * unit);
        foreach (var annotation in annotations.OrderByDescending(annotation => annotation.Role))
        {
            var box =
                SKRect.Create(annotation.Box.X * scale, annotation.Box.Y * scale, annotation.Box.Width * scale,
                    annotation.Box.Height * scale);
            _placed.Add((annotation, box, Place(box, font.MeasureText(annotation.Text) + 8 * unit, 18 * unit)));
        }

        // A box may reach beyond the image, and must not reach into the text below.
        canvas.Save();
        canvas.ClipRect(area);
        for (var i = _placed.Count - 1; i >= 0; i--) Outline(_placed[i].Annotation.Role, _placed[i].Box);
        for (var i = _placed.Count - 1; i >= 0; i--) Label(_placed[i].Annotation, _placed[i].Label, font);
        canvas.Restore();
    }

    // Above the box, below it, within it at its top: the first that covers no other label, or else the first.
    private SKRect Place(SKRect box, float width, float height)
    {
        Span<float> tops = [box.Top - height, box.Bottom, box.Top];
        foreach (var top in tops)
        {
            var place = Within(box.Left, top, width, height);
            if (_placed.TrueForAll(other => !other.Label.IntersectsWith(place))) return place;
        }

        return Within(box.Left, tops[0], width, height);
    }

    private SKRect Within(float left, float top, float width, float height) => SKRect.Create(
        Math.Clamp(left, area.Left, Math.Max(area.Left, area.Right - width)),
        Math.Clamp(top, area.Top, Math.Max(area.Top, area.Bottom - height)), width, height);

    private void Outline(AnnotationRole role, SKRect box)
    {
        using var dashes = role switch
        {
            AnnotationRole.Destination => SKPathEffect.CreateDash([12 * unit, 6 * unit], 0),
            AnnotationRole.Avoid => SKPathEffect.CreateDash([12 * unit, 4 * unit, 3 * unit, 4 * unit], 0),
            _ => null,
        };
        var width = unit * (role switch
        {
            AnnotationRole.Seen => 1,
            AnnotationRole.Candidate => 2,
            _ => 3.5f,
        });
        // A dark line below keeps a bright one visible on a bright ground.
        using var shadow = new SKPaint
        {
            Color = new SKColor(0, 0, 0, 110),
            IsStroke = true,
            IsAntialias = true,
            StrokeWidth = width + 1.5f * unit,
        };
        using var line = new SKPaint
        {
            Color = Palette.Of(role),
            IsStroke = true,
            IsAntialias = true,
            StrokeWidth = width,
            PathEffect = dashes,
        };
        if (role != AnnotationRole.Seen) canvas.DrawRect(box, shadow);
        canvas.DrawRect(box, line);
    }

    private void Label(Annotation annotation, SKRect place, SKFont font)
    {
        var quiet = annotation.Role == AnnotationRole.Seen;
        using var fill = new SKPaint { Color = quiet ? new SKColor(0, 0, 0, 130) : Palette.Of(annotation.Role) };
        using var ink = new SKPaint
        {
            Color = quiet ? Palette.Of(annotation.Role) : SKColors.Black,
            IsAntialias = true,
        };
        canvas.DrawRect(place, fill);
        canvas.DrawText(annotation.Text, place.Left + 4 * unit, place.Bottom - 5 * unit, font, ink);
    }
}
