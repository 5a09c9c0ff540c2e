using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Fusion.Vision;

/// <summary>What a candidate must show before it replaces the detector at work.</summary>
public sealed record SwapSettings
{
    /// <summary>
    /// How far the candidate must agree with what the live detector saw in the last pictures: twice the objects that both
    /// see (the same label, overlapping by half) over all that either sees, 0 to 1 (Dice's coefficient, one object added
    /// so that little evidence decides little). 0 asks for nothing, for a model with other labels.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MinAgreement { get; init; } = 0.7;

    /// <summary>A single run of the candidate may take so long, milliseconds.</summary>
    [Range(10, 600_000)]
    public int MaxRunMs { get; init; } = 5_000;
}

/// <summary>What became of a candidate.</summary>
/// <param name="Accepted">Whether it takes over at the next tick.</param>
/// <param name="Reason">One line: what was measured, or why it was refused.</param>
public sealed record SwapVerdict(bool Accepted, string Reason);

/// <summary>A candidate's warm-up and its comparison with what was seen before.</summary>
internal static class SwapTrial
{
    private const float SameObject = 0.5f;

    /// <summary>Runs the candidate over the pictures, or over a grey one where there are none yet.</summary>
    public static SwapVerdict Try(
        ObjectDetector candidate, IReadOnlyList<SeenPicture> pictures, float liveScore, SwapSettings settings, SensorClock clock)
    {
        using var watch = clock.Provider.CreateTimer(
            static model => ((OnnxModel)model!).Terminate(), candidate.Model,
            TimeSpan.FromMilliseconds(settings.MaxRunMs), TimeSpan.FromMilliseconds(settings.MaxRunMs));
        try
        {
            return pictures.Count == 0 ? WarmUp(candidate) : Compare(candidate, pictures, liveScore, settings, watch);
        }
        catch (ModelException e)
        {
            return new SwapVerdict(false, e.Message);
        }
    }

    private static SwapVerdict WarmUp(ObjectDetector candidate)
    {
        using var pool = new FramePool(1);
        pool.TryRent(640, 480, out var grey);
        using (grey)
        {
            grey!.Pixels.Fill(128);
            candidate.Detect(grey);
        }

        return new SwapVerdict(true, "warmed up; no picture was there to compare on");
    }

    private static SwapVerdict Compare(
        ObjectDetector candidate, IReadOnlyList<SeenPicture> pictures, float liveScore, SwapSettings settings, ITimer watch)
    {
        var (seen, seenAgain, found) = (0, 0, 0);
        var score = candidate.Model.Manifest.Thresholds.Score;
        foreach (var picture in pictures)
        {
            var limit = TimeSpan.FromMilliseconds(settings.MaxRunMs);
            watch.Change(limit, limit);
            var objects = candidate.Detect(picture.Frame!);
            found += objects.Count(each => each.Score >= score);
            foreach (var known in picture.Detections.Where(known => known.Score >= liveScore))
            {
                seen++;
                if (objects.Exists(again => IsSame(known, again))) seenAgain++;
            }
        }

        var agreement = (2.0 * seenAgain + 1) / (seen + found + 1);
        var measured = string.Create(CultureInfo.InvariantCulture,
            $"in the last {pictures.Count} pictures it sees {found} objects, {seenAgain} of them among the {seen} seen so far: agreement {agreement:0.00}");
        return agreement >= settings.MinAgreement
            ? new SwapVerdict(true, measured)
            : new SwapVerdict(false, string.Create(CultureInfo.InvariantCulture, $"{measured}, {settings.MinAgreement:0.00} is asked for"));
    }

    private static bool IsSame(in Detection known, in Detection again) =>
        known.Label == again.Label && known.Box.IntersectionOverUnion(again.Box) >= SameObject;
}
