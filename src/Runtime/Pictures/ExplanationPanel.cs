using System.Globalization;
using EdgePerception.Policy.Grounding;
using SkiaSharp;

namespace EdgePerception.Runtime.Pictures;

/// <summary>
/// What the network looked at, below a picture: each word of the command, the darker the more the target attended to it, and
/// a bar for each modality's gate with a mark at its measured quality. Nothing where the network was not asked.
/// </summary>
internal sealed class ExplanationPanel(GroundingAnswer answer, SKFont font, float width)
{
    private const float RowHeight = 24;
    private const float Padding = 5;
    private const float Gap = 4;
    private const float BarWidth = 90;
    private const float BarHeight = 10;

    private static readonly SKColor Ink = new(196, 202, 212);
    private static readonly SKColor Lit = new(60, 220, 90);
    private static readonly SKColor Dim = new(62, 66, 76);

    private readonly List<List<WordWeight>> _rows = Rows(answer.Attention, font, width);

    /// <summary>Its height in pixels; 0 where there is nothing to show.</summary>
    public float Height => (_rows.Count + (answer.Modalities.Count > 0 ? 1 : 0)) * RowHeight;

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="left">Its left edge.</param>
    /// <param name="top">Its upper edge.</param>
    public void Draw(SKCanvas canvas, float left, float top)
    {
        using var ink = new SKPaint { Color = SKColors.White, IsAntialias = true };
        var most = answer.Attention.Select(word => word.Weight).DefaultIfEmpty(0).Max();
        foreach (var row in _rows)
        {
            var x = left;
            foreach (var word in row)
            {
                var length = font.MeasureText(word.Word) + 2 * Padding;
                using var fill = new SKPaint { Color = Mix(Dim, new SKColor(24, 120, 60), most > 0 ? word.Weight / most : 0), IsAntialias = true };
                canvas.DrawRoundRect(SKRect.Create(x, top, length, RowHeight - Gap), 4, 4, fill);
                canvas.DrawText(word.Word, x + Padding, top + RowHeight - Gap - Padding - 1, font, ink);
                x += length + Gap;
            }

            top += RowHeight;
        }

        DrawGates(canvas, left, top);
    }

    private void DrawGates(SKCanvas canvas, float left, float top)
    {
        using var ink = new SKPaint { Color = Ink, IsAntialias = true };
        using var back = new SKPaint { Color = Dim };
        using var bar = new SKPaint { Color = Lit };
        using var mark = new SKPaint { Color = SKColors.White, StrokeWidth = 2 };
        var x = left;
        foreach (var modality in answer.Modalities)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{modality.Name} {modality.Gate:0.00}");
            canvas.DrawText(text, x, top + RowHeight - Gap - Padding - 1, font, ink);
            x += font.MeasureText(text) + Gap;
            var y = top + (RowHeight - Gap - BarHeight) / 2;
            canvas.DrawRect(SKRect.Create(x, y, BarWidth, BarHeight), back);
            canvas.DrawRect(SKRect.Create(x, y, BarWidth * (float)modality.Gate, BarHeight), bar);
            var quality = x + BarWidth * (float)modality.Quality;
            canvas.DrawLine(quality, y - 2, quality, y + BarHeight + 2, mark);
            x += BarWidth + 4 * Gap;
        }
    }

    private static List<List<WordWeight>> Rows(IReadOnlyList<WordWeight> words, SKFont font, float width)
    {
        var rows = new List<List<WordWeight>>();
        var x = width + 1;
        foreach (var word in words)
        {
            var length = font.MeasureText(word.Word) + 2 * Padding + Gap;
            if (x + length > width)
            {
                rows.Add([]);
                x = 0;
            }

            rows[^1].Add(word);
            x += length;
        }

        return rows;
    }

    private static SKColor Mix(SKColor from, SKColor to, double share) => new(
        (byte)(from.Red + (to.Red - from.Red) * share), (byte)(from.Green + (to.Green - from.Green) * share), (byte)(from.Blue + (to.Blue - from.Blue) * share));
}
