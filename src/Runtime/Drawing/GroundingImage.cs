using System.Globalization;
using System.Text.Json;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Diagnostics;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// One grounded command over the image that it was grounded in: the objects as what they are to it, the sentence with
/// each word shaded by its weight for the target and a red line below those that were not understood, the outcome, how
/// far each modality was let through, and the evidence. What an answer lacks is left out.
/// </summary>
public static class GroundingImage
{
    /// <summary>Draws it.</summary>
    /// <param name="format">What to encode it as.</param>
    /// <param name="rgb">The image's pixels, R G B.</param>
    /// <param name="width">Its width, pixels.</param>
    /// <param name="height">Its height, pixels.</param>
    /// <param name="objects">The objects in the image.</param>
    /// <param name="sentence">The command as it was given.</param>
    /// <param name="answer">Its answer.</param>
    /// <exception cref="UserException">It has more pixels a side than the format takes.</exception>
    public static SKData Encode(
        SKEncodedImageFormat format, ReadOnlySpan<byte> rgb, int width, int height, IEnumerable<SceneObject> objects,
        string sentence, GroundingAnswer answer)
    {
        var annotations = objects.Select(seen => Annotation.Of(seen, answer));
        return AnnotatedImage.Encode(format, rgb, width, height, annotations, panel => Fill(panel, sentence, answer));
    }

    private static void Fill(TextPanel panel, string sentence, GroundingAnswer answer)
    {
        panel.Add(Mark(Shade(sentence, answer.Attention), sentence, answer.Unread), 18);
        panel.Add(Outcome(answer));
        if (answer.Question is { } question) panel.Add([new TextRun(question, Palette.Bright)], 16);
        if (answer.Reason is { } reason && reason != answer.Question) panel.Add([new TextRun(reason, Palette.Body)]);
        foreach (var clause in answer.Clauses)
        {
            panel.Add([
                new TextRun(clause.Holds ? "✓ " : "✗ ", clause.Holds ? Palette.Good : Palette.Bad),
                new TextRun(clause.Text + ": ", Palette.Bright), new TextRun(clause.Evidence, Palette.Body),
            ]);
        }

        if (answer.Modalities.Count > 0) panel.AddGauges([.. answer.Modalities.Select(Gauge)]);
    }

    /// <summary>
    /// The sentence with each word on a ground as strong as its weight. Where the network read other words (those of a
    /// sentence that refers to an earlier one), these stand behind it.
    /// </summary>
    internal static IReadOnlyList<TextRun> Shade(string sentence, IReadOnlyList<WordWeight> attention)
    {
        var runs = new List<TextRun> { new("“", Palette.Bright) };
        var most = attention.Count == 0 ? 0 : attention.Max(word => word.Weight);
        var places = new List<Range>();
        var same = most > 0 && TextWords.Of(sentence, places).SequenceEqual(attention.Select(weight => weight.Word));
        var end = 0;
        for (var i = 0; same && i < places.Count; i++)
        {
            var start = places[i].Start.Value;
            if (start > end) runs.Add(new TextRun(sentence[end..start], Palette.Bright));
            runs.Add(Weigh(sentence[places[i]], attention[i].Weight / most));
            end = places[i].End.Value;
        }

        runs.Add(new TextRun(sentence[end..] + "”", Palette.Bright));
        if (same || most <= 0) return runs;
        runs.Add(new TextRun("  read as ", Palette.Faint));
        for (var i = 0; i < attention.Count; i++)
        {
            if (i > 0) runs.Add(new TextRun(" ", Palette.Bright));
            runs.Add(Weigh(attention[i].Word, attention[i].Weight / most));
        }

        return runs;
    }

    /// <summary>The shaded sentence with a line below each word that was not understood.</summary>
    internal static IReadOnlyList<TextRun> Mark(
        IReadOnlyList<TextRun> runs, string sentence, IReadOnlyList<UnreadWord> unread)
    {
        // The runs begin with a quotation mark.
        var isUnread = new bool[sentence.Length + 1];
        foreach (var (start, end) in unread.Select(word => (word.Place.Start.Value, word.Place.End.Value)))
            if (start < end && end <= sentence.Length) Array.Fill(isUnread, true, start + 1, end - start);
        var marked = new List<TextRun>();
        var at = 0;
        foreach (var run in runs)
        {
            for (int from = 0, to; from < run.Text.Length; from = to)
            {
                var mark = IsUnread(at + from);
                for (to = from + 1; to < run.Text.Length && IsUnread(at + to) == mark;) to++;
                var part = run with { Text = run.Text[from..to] };
                var ink = mark && run.Ground is null ? Palette.Bad : run.Color;
                marked.Add(mark ? part with { Color = ink, Line = Palette.Bad } : part);
            }

            at += run.Text.Length;
        }

        return marked;

        bool IsUnread(int place) => place < isUnread.Length && isUnread[place];
    }

    private static TextRun Weigh(string word, double share) => new(
        word, share > 0.6 ? SKColors.Black : Palette.Bright,
        Palette.Attention.WithAlpha((byte)(255 * Math.Clamp(share, 0, 1))));

    private static TextRun[] Outcome(GroundingAnswer answer)
    {
        var action = answer.Action == RobotActionKind.None ? ""
            : $" {JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.Action.ToString())}";
        var target = answer.Target is { } id ? $" #{id}" : "";
        var confidence = answer.Confidence is { } share
            ? string.Create(CultureInfo.InvariantCulture, $"confidence {share:0.00} ") : "";
        return
        [
            new TextRun($"\u00a0{answer.Outcome.ToString().ToLowerInvariant()}\u00a0", SKColors.Black,
                Palette.Of(answer.Outcome)),
            new TextRun($" {action}{target}", Palette.Bright),
            new TextRun($"  {confidence}by {Carrier(answer.Method)}", Palette.Faint),
            new TextRun(
                answer.Plausible.Count == 0 ? ""
                    : $"; possible: {string.Join(", ", answer.Plausible.Select(Possible))}", Palette.Faint),
        ];

        string Possible(string what) => answer.Candidates.Any(candidate => candidate.Id == what) ? $"#{what}" : what;
    }

    private static string Carrier(GroundingMethod method) => method switch
    {
        GroundingMethod.Rules => "rules",
        GroundingMethod.Network => "network",
        _ => "rules and network",
    };

    private static Gauge Gauge(ModalityReport report) => new(
        report.Name, report.Gate, report.Quality,
        string.Create(CultureInfo.InvariantCulture, $"gate {report.Gate:0.00}, quality {report.Quality:0.00}"));
}
