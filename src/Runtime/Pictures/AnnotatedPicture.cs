using System.Globalization;
using System.Text.Json;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using SkiaSharp;

namespace EdgePerception.Runtime.Pictures;

/// <summary>One box to draw.</summary>
/// <param name="Box">Where, in pixels.</param>
/// <param name="Text">What stands at it.</param>
/// <param name="Role">What the object is to the command; it gives the colour.</param>
public readonly record struct Annotation(BoundingBox Box, string Text, AnnotationRole Role);

/// <summary>What an object is to the command.</summary>
public enum AnnotationRole
{
    /// <summary>In sight only.</summary>
    Seen,

    /// <summary>Considered.</summary>
    Candidate,

    /// <summary>To be acted on.</summary>
    Target,

    /// <summary>Where the target goes.</summary>
    Destination,

    /// <summary>To be kept away from.</summary>
    Avoid,
}

/// <summary>Draws what was understood over the picture it was understood in: boxes, ids, the sentence, the evidence.</summary>
public static class AnnotatedPicture
{
    private const float FontSize = 15;
    private const float LineHeight = 20;
    private const float Margin = 10;
    private const int MinWidth = 480;

    private static readonly SKTypeface Font = FindFont();

    /// <summary>Writes a PNG with the boxes over the picture and the lines of text below it.</summary>
    /// <param name="path">The file to write; it is replaced whole or not at all.</param>
    /// <param name="rgb">The picture's pixels, R G B.</param>
    /// <param name="width">Its width, pixels.</param>
    /// <param name="height">Its height, pixels.</param>
    /// <param name="annotations">The boxes; those with a role are drawn over those without.</param>
    /// <param name="lines">The text below, the first one as heading.</param>
    /// <param name="explained">The answer of which to show what the network looked at; none for other pictures.</param>
    public static void Write(
        string path, ReadOnlySpan<byte> rgb, int width, int height,
        IEnumerable<Annotation> annotations, IReadOnlyList<string> lines, GroundingAnswer? explained = null)
    {
        var scale = Math.Max(1, (int)Math.Ceiling((double)MinWidth / width));
        using var font = new SKFont(Font, FontSize);
        var wrapped = lines.SelectMany(line => Wrap(line, font, width * scale - 2 * Margin)).ToList();
        var panel = explained is null ? null : new ExplanationPanel(explained, font, width * scale - 2 * Margin);
        var textHeight = (int)(wrapped.Count * LineHeight + (panel?.Height ?? 0) + 2 * Margin);
        using var bitmap = new SKBitmap(width * scale, height * scale + textHeight, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(new SKColor(24, 26, 31));
            DrawPicture(canvas, rgb, width, height, scale);
            foreach (var annotation in annotations.OrderBy(annotation => annotation.Role)) DrawBox(canvas, annotation, font, scale, width * scale);
            panel?.Draw(canvas, Margin, height * scale + Margin);
            DrawText(canvas, wrapped, font, height * scale + Margin + (panel?.Height ?? 0) + FontSize, lines.Count > 0 ? Wrap(lines[0], font, width * scale - 2 * Margin).Count : 0);
        }

        var draft = path + ".part";
        using (var file = File.Create(draft)) bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>The sentence, the outcome and the evidence of an answer, as the lines below its picture.</summary>
    public static IReadOnlyList<string> Lines(string sentence, GroundingAnswer answer)
    {
        var lines = new List<string>
        {
            $"“{sentence}” → {answer.Outcome.ToString().ToLowerInvariant()}"
            + (answer.Action == RobotActionKind.None ? "" : $" {JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.Action.ToString())}")
            + (answer.Target is { } target ? $" {target}" : "")
            + string.Create(CultureInfo.InvariantCulture, $"  ({answer.Confidence:0.00})"),
        };
        if (answer.Question is { } question) lines.Add(question);
        if (answer.Reason is { } reason) lines.Add(reason);
        lines.AddRange(answer.Clauses.Select(clause => $"{(clause.Holds ? "✓" : "✗")} {clause.Text}: {clause.Evidence}"));
        return lines;
    }

    /// <summary>An object of a scene with its id, in the colour of what it is to the answer.</summary>
    public static Annotation Annotate(in SceneObject seen, GroundingAnswer answer)
    {
        var id = seen.Id;
        // Of what was considered the probability counts, of the rest how surely it was seen.
        var candidate = answer.Candidates.FirstOrDefault(candidate => candidate.Id == id);
        var figure = candidate is null ? seen.Score.ToString("0.00", CultureInfo.InvariantCulture) : $"{Math.Round(candidate.Probability * 100)}%";
        return new Annotation(seen.Box, $"#{seen.Id} {seen.Label} {figure}", RoleOf(id, answer));
    }

    private static AnnotationRole RoleOf(string id, GroundingAnswer answer) => answer switch
    {
        _ when answer.Target == id => AnnotationRole.Target,
        _ when answer.Destination == id => AnnotationRole.Destination,
        _ when answer.Avoid.Contains(id) => AnnotationRole.Avoid,
        _ when answer.Candidates.Any(c => c.Id == id) => AnnotationRole.Candidate,
        _ => AnnotationRole.Seen,
    };

    private static void DrawPicture(SKCanvas canvas, ReadOnlySpan<byte> rgb, int width, int height, int scale)
    {
        using var picture = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var rgba = picture.GetPixelSpan();
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (rgb[from], rgb[from + 1], rgb[from + 2], 255);
        canvas.DrawBitmap(picture, SKRect.Create(0, 0, width * scale, height * scale));
    }

    private static void DrawBox(SKCanvas canvas, Annotation annotation, SKFont font, int scale, float limit)
    {
        var color = annotation.Role switch
        {
            AnnotationRole.Target => new SKColor(60, 220, 90),
            AnnotationRole.Destination => new SKColor(70, 170, 255),
            AnnotationRole.Avoid => new SKColor(255, 70, 70),
            AnnotationRole.Candidate => new SKColor(255, 200, 60),
            _ => new SKColor(190, 195, 205),
        };
        var box = SKRect.Create(annotation.Box.X * scale, annotation.Box.Y * scale, annotation.Box.Width * scale, annotation.Box.Height * scale);
        using var line = new SKPaint { Color = color, IsStroke = true, IsAntialias = true, StrokeWidth = annotation.Role == AnnotationRole.Seen ? 1.5f : 3 };
        canvas.DrawRect(box, line);
        var width = font.MeasureText(annotation.Text);
        var label = SKRect.Create(Math.Clamp(box.Left, 0, Math.Max(0, limit - width - 8)), Math.Max(0, box.Top - LineHeight), width + 8, LineHeight);
        using var fill = new SKPaint { Color = color };
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        canvas.DrawRect(label, fill);
        canvas.DrawText(annotation.Text, label.Left + 4, label.Bottom - 5, font, ink);
    }

    private static void DrawText(SKCanvas canvas, List<string> lines, SKFont font, float y, int headingLines)
    {
        using var heading = new SKPaint { Color = SKColors.White, IsAntialias = true };
        using var body = new SKPaint { Color = new SKColor(196, 202, 212), IsAntialias = true };
        for (var i = 0; i < lines.Count; i++)
            canvas.DrawText(lines[i], Margin, y + i * LineHeight, font, i < headingLines ? heading : body);
    }

    private static List<string> Wrap(string text, SKFont font, float width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && font.MeasureText(longer) > width)
            {
                lines.Add(line);
                longer = "    " + word;
            }

            line = longer;
        }

        lines.Add(line);
        return lines;
    }

    // The Skia build without fontconfig knows no font of the system by name.
    private static SKTypeface FindFont()
    {
        string[] files =
        [
            "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
            "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
            "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        ];
        return files.Where(File.Exists).Select(file => SKTypeface.FromFile(file)).FirstOrDefault(font => font is not null)
               ?? SKTypeface.Default;
    }
}
