using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>A stretch of text in one colour, on a ground and over a line of its own where it has them.</summary>
internal readonly record struct TextRun(string Text, SKColor Color, SKColor? Ground = null, SKColor? Line = null);

/// <summary>A bar from 0 to 1 with a mark on it.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Value">How far it is filled.</param>
/// <param name="Mark">Where the mark stands.</param>
/// <param name="Figures">What stands below it.</param>
internal readonly record struct Gauge(string Name, double Value, double Mark, string Figures);

/// <summary>
/// The text below an image: paragraphs that wrap, and rows of gauges. Laid out as it is filled, then drawn once.
/// </summary>
/// <param name="width">Pixels from edge to edge.</param>
/// <param name="unit">How much larger than at its smallest everything is drawn.</param>
internal sealed class TextPanel(float width, float unit)
{
    /// <summary>Text size of the body, before the unit.</summary>
    public const float BodySize = 14;

    private readonly float _margin = 12 * unit;
    private readonly List<Action<SKCanvas, float>> _rows = [];

    /// <summary>Its height, pixels.</summary>
    public float Height { get; private set; } = 12 * unit;

    /// <summary>Adds a paragraph; it breaks at blanks, and within a word that is wider than the panel.</summary>
    public void Add(IReadOnlyList<TextRun> runs, float size = BodySize)
    {
        var height = 1.45f * size * unit;
        foreach (var line in Break(runs, size * unit))
        {
            var top = Height;
            _rows.Add((canvas, origin) => DrawLine(canvas, line, size * unit, origin + top, height));
            Height += height;
        }

        Height += 3 * unit;
    }

    /// <summary>Adds gauges side by side.</summary>
    public void AddGauges(IReadOnlyList<Gauge> gauges)
    {
        Height += 3 * unit;
        var top = Height;
        _rows.Add((canvas, origin) =>
        {
            var step = (width - 2 * _margin + 16 * unit) / gauges.Count;
            for (var i = 0; i < gauges.Count; i++)
                DrawGauge(canvas, gauges[i], _margin + i * step, origin + top, step - 16 * unit);
        });
        Height += 46 * unit;
    }

    /// <summary>Draws it with its upper edge there.</summary>
    public void Draw(SKCanvas canvas, float top)
    {
        foreach (var row in _rows) row(canvas, top);
    }

    private List<List<(float X, TextRun Run)>> Break(IReadOnlyList<TextRun> runs, float size)
    {
        using var font = Typeface.Font(size);
        var blank = font.MeasureText(" ");
        var limit = width - _margin;
        var lines = new List<List<(float, TextRun)>> { new() };
        var x = _margin;
        foreach (var run in runs)
        {
            var words = run.Text.Split(' ');
            for (var i = 0; i < words.Length; i++)
            {
                if (i > 0) x += blank;
                for (var rest = words[i]; rest.Length > 0;)
                {
                    var fits = (int)font.BreakText(rest, limit - x);
                    // What follows a blank goes on in the next line as a whole; what fills a line alone is cut.
                    if (fits < rest.Length && x > _margin + 2 * size) (x, fits) = (NewLine(), 0);
                    else fits = Math.Max(fits, 1);
                    if (fits == 0) continue;
                    lines[^1].Add((x, run with { Text = rest[..fits] }));
                    x += font.MeasureText(rest[..fits]);
                    rest = rest[fits..];
                    if (rest.Length > 0) x = NewLine();
                }
            }
        }

        return lines;

        float NewLine()
        {
            lines.Add([]);
            return _margin + 1.5f * size;
        }
    }

    private void DrawLine(SKCanvas canvas, List<(float X, TextRun Run)> runs, float size, float top, float height)
    {
        using var font = Typeface.Font(size);
        foreach (var (x, run) in runs)
        {
            if (run.Ground is { } color)
            {
                using var ground = new SKPaint { Color = color, IsAntialias = true };
                canvas.DrawRoundRect(
                    SKRect.Create(x - 2 * unit, top + 0.12f * height, font.MeasureText(run.Text) + 4 * unit,
                        0.82f * height), 3 * unit, 3 * unit, ground);
            }

            using var ink = new SKPaint { Color = run.Color, IsAntialias = true };
            canvas.DrawText(run.Text, x, top + 0.74f * height, font, ink);
            if (run.Line is not { } below) continue;
            using var line = new SKPaint { Color = below, IsAntialias = true };
            canvas.DrawRect(SKRect.Create(x, top + 0.86f * height, font.MeasureText(run.Text), 2 * unit), line);
        }
    }

    private void DrawGauge(SKCanvas canvas, in Gauge gauge, float left, float top, float length)
    {
        using var font = Typeface.Font(12 * unit);
        using var text = new SKPaint { Color = Palette.Body, IsAntialias = true };
        using var figures = new SKPaint { Color = Palette.Faint, IsAntialias = true };
        using var groove = new SKPaint { Color = Palette.Groove, IsAntialias = true };
        using var fill = new SKPaint { Color = Palette.Attention, IsAntialias = true };
        using var mark = new SKPaint { Color = Palette.Bright, IsAntialias = true };
        canvas.DrawText(gauge.Name, left, top + 12 * unit, font, text);
        var bar = SKRect.Create(left, top + 18 * unit, length, 8 * unit);
        canvas.DrawRoundRect(bar, 4 * unit, 4 * unit, groove);
        canvas.DrawRoundRect(
            SKRect.Create(bar.Left, bar.Top, length * (float)Math.Clamp(gauge.Value, 0, 1), bar.Height), 4 * unit,
            4 * unit, fill);
        canvas.DrawRect(
            SKRect.Create(bar.Left + (length - 2 * unit) * (float)Math.Clamp(gauge.Mark, 0, 1), bar.Top - 3 * unit,
                2 * unit, bar.Height + 6 * unit), mark);
        canvas.DrawText(gauge.Figures, left, top + 42 * unit, font, figures);
    }
}
