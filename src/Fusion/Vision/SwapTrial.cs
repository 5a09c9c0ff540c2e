using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Vision;

/// <summary>What a candidate must show before it replaces the detector at work.</summary>
public sealed record SwapSettings
{
    /// <summary>
    /// How far the candidate must agree with what the live detector saw in the images that are kept: twice the objects
    /// that both see (the same label, overlapping by half) over all that either sees, 0 to 1 (Dice's coefficient, one
    /// object added so that little evidence decides little). 0 asks for nothing, for a model with other labels.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MinAgreement { get; init; } = 0.7;

    /// <summary>
    /// So many objects the live detector must have seen in the images that are kept, since one that sees nothing agrees
    /// with images that show nothing. Where nothing was in sight yet the candidate waits.
    /// </summary>
    [Range(1, 1000)]
    public int MinObjects { get; init; } = 3;

    /// <summary>How long the candidate may wait for these objects before it is refused, seconds.</summary>
    [Range(0, 86_400)]
    public int MaxWaitS { get; init; } = 300;

    /// <summary>A single run of the candidate may take so long, milliseconds.</summary>
    [Range(10, 600_000)]
    public int MaxRunMs { get; init; } = 5_000;
}

/// <summary>What became of a candidate.</summary>
/// <param name="Accepted">Whether it takes over at the next tick.</param>
/// <param name="Reason">One line: what was measured, or why it was refused.</param>
public sealed record SwapVerdict(bool Accepted, string Reason);

/// <summary>A candidate's warm-up and its comparison with what was seen before.</summary>
internal sealed class SwapTrial(ObjectDetector candidate, SwapSettings settings, SensorClock clock)
{
    private const float SameObject = 0.5f;

    /// <summary>Runs the candidate over a grey image; answers why it is refused, or nothing.</summary>
    public SwapVerdict? WarmUp()
    {
        using var pool = new FramePool(1);
        pool.TryRent(640, 480, out var grey);
        using (grey)
        {
            grey!.Pixels.Fill(128);
            return Guard(() =>
            {
                Detect(grey);
                return null;
            });
        }
    }

    /// <summary>
    /// Runs the candidate over images; what it sees in them replaces what was seen before if it is accepted.
    /// </summary>
    public SwapVerdict Compare(IReadOnlyList<SeenImage> images, float liveScore) => Guard(() =>
    {
        if (images.Count == 0) return new SwapVerdict(true, "warmed up; no picture was there to compare on");
        var (seen, seenAgain, found) = (0, 0, 0);
        var score = candidate.Model.Manifest.Thresholds.Score;
        List<Detection>[] answers = [.. images.Select(image => (List<Detection>)[.. Detect(image.Frame!)])];
        foreach (var (image, objects) in images.Zip(answers))
        {
            found += objects.Count(each => each.Score >= score);
            foreach (var known in image.Detections.Where(known => known.Score >= liveScore))
            {
                seen++;
                if (objects.Exists(again => IsSame(known, again))) seenAgain++;
            }
        }

        var agreement = (2.0 * seenAgain + 1) / (seen + found + 1);
        var measured = string.Create(CultureInfo.InvariantCulture,
            $"in the last {images.Count} pictures it sees {found} objects, {seenAgain} of them among the {seen} seen "
            + $"so far: agreement {agreement:0.00}");
        if (agreement < settings.MinAgreement)
            return new SwapVerdict(false,
                string.Create(CultureInfo.InvariantCulture, $"{measured}, {settings.MinAgreement:0.00} is asked for"));
        foreach (var (image, objects) in images.Zip(answers)) image.See(objects, score);
        return new SwapVerdict(true, measured);
    })!;

    // One run, ended after the time that it may take.
    private List<Detection> Detect(Frame frame)
    {
        using var watch = clock.Provider.CreateTimer(
            static model => ((OnnxModel)model!).Terminate(), candidate.Model,
            TimeSpan.FromMilliseconds(settings.MaxRunMs), TimeSpan.FromMilliseconds(settings.MaxRunMs));
        return candidate.Detect(frame);
    }

    private static SwapVerdict? Guard(Func<SwapVerdict?> run)
    {
        try
        {
            return run();
        }
        catch (ModelException e)
        {
            return new SwapVerdict(false, e.Message);
        }
    }

    private static bool IsSame(in Detection known, in Detection again) =>
        known.Label == again.Label && known.Box.IntersectionOverUnion(again.Box) >= SameObject;
}
