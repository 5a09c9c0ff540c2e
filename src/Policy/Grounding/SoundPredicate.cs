using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Whether a sound comes from an object: its name by the words, its direction by the pinhole of the camera.
/// </summary>
internal static class SoundPredicate
{
    private const double DefaultSpreadDegrees = 8;
    private const double MinSpreadDegrees = 1.5;
    private const double Unheard = 0.02;

    /// <summary>
    /// Probability that the object makes the sound; null if there is nothing to check it against: nothing listens, a
    /// matching one without a direction, or a camera whose field of view is not known.
    /// </summary>
    public static double? Probability(SceneView scene, ViewedObject item, SoundModifier modifier)
    {
        if (!scene.Listens) return null;
        double best = Unheard;
        foreach (var sound in scene.Sounds)
        {
            var match = Match(sound.Label, modifier.Sound) * Heard(sound.Score);
            if (match <= 0) continue;
            if (Deviation(item, sound) is not { } deviation) return null;
            best = Math.Max(best, match * FromHere(scene, sound, deviation));
        }

        return modifier.Negated ? 1 - best : best;
    }

    /// <summary>The measured directions in words.</summary>
    public static string Evidence(SceneView scene, ViewedObject item, SoundModifier modifier)
    {
        if (!scene.TrustsSound)
            return "what is heard cannot be trusted (noise, or a microphone that is gone), so this was not checked";
        if (!scene.Listens) return "no sound was reported, so this was not checked";
        if (scene.Sounds.Length == 0) return "all is quiet";
        var sound = scene.Sounds.Where(sound => Match(sound.Label, modifier.Sound) > 0)
            .OrderByDescending(sound => Likelihood(Deviation(item, sound) ?? 9) * Heard(sound.Score))
            .Cast<SceneSound?>().FirstOrDefault();
        if (sound is not { } heard)
        {
            var labels = scene.Sounds.Select(other => ViewedObject.Shorten(other.Label, 24)).Distinct().Take(5);
            return $"no such sound is heard; heard: {string.Join(", ", labels)}";
        }

        var name = ViewedObject.Shorten(heard.Label, 24);
        if (heard.AzimuthDegrees is not { } azimuth || !float.IsFinite(azimuth))
            return $"{name} is heard, but its direction is not known, so this was not checked";
        if (Azimuth(item) is not { } at)
            return $"{name} comes from {Degrees(azimuth)}, but the camera's field of view is not known, so this was "
                + "not checked";
        return $"{name} comes from {Degrees(azimuth)}, {item.Name} stands at {Degrees(at)}";
    }

    /// <summary>How surely a sound's label is what the words name: 1 for any sound.</summary>
    public static double Match(string label, string? asked)
    {
        var heard = SceneView.Normalize(label);
        if (asked is null) return heard == "quiet" ? 0 : 1;
        if (heard == asked) return 1;
        var tokens = Tokenizer.Tokenize(heard, Lexicon.Default);
        for (var i = 0; i < tokens.Count; i++)
        {
            var named =
                Lexicon.Default.At(tokens, i).Where(phrase => phrase.Section == "sounds" && phrase.Meaning == asked)
                    .ToList();
            if (named.Count > 0) return named.Max(phrase => phrase.Words.Length) == tokens.Count ? 1 : 0.9;
        }

        // "alarm clock" for "alarm", "dog bark" for "bark".
        if (tokens.Any(token => token.Word == asked || Stem(token.Word) == Stem(asked))) return 0.9;
        return (asked, heard) is ("alarm", "siren") or ("siren", "alarm") or ("alarm", "beep") or ("beep", "alarm")
            ? 0.3 : 0;
    }

    private static string Stem(string word) =>
        word.EndsWith("ing", StringComparison.Ordinal) && word.Length > 5 ? word[..^3] : Lexicon.Default.Singular(word);

    private static double Heard(float score) => float.IsFinite(score) ? Logistic.Step(score, 0.15, 0.06) : 0.8;

    private static double? Azimuth(ViewedObject item) =>
        item.Box is { } box ? item.Camera.AzimuthDegrees(box.CenterX) : null;

    /// <summary>
    /// Whether a sound comes from here rather than from an object that lies better in its direction. Up to one
    /// standard deviation the best of them is trusted in full.
    /// </summary>
    private static double FromHere(SceneView scene, in SceneSound sound, double deviation)
    {
        var least = deviation;
        foreach (var other in scene.Objects)
        {
            if (other.Existence > 0.5 && Deviation(other, sound) is { } theirs) least = Math.Min(least, theirs);
        }

        return Likelihood(deviation) / Likelihood(least) * Likelihood(Math.Max(0, least - 1));
    }

    private static double Likelihood(double deviation) => Math.Exp(-0.5 * Math.Min(deviation * deviation, 80));

    /// <summary>
    /// Standard deviations between a sound's direction and the object's; null if either is not known.
    /// </summary>
    private static double? Deviation(ViewedObject item, in SceneSound sound)
    {
        if (sound.AzimuthDegrees is not { } azimuth || !float.IsFinite(azimuth)) return null;
        if (item.Box is not { } box || Azimuth(item) is not { } center) return null;
        var spread = sound.AzimuthStandardDeviationDegrees is { } given && float.IsFinite(given)
            ? Math.Max(given, MinSpreadDegrees) : DefaultSpreadDegrees;
        var halfWidth =
            Math.Abs((item.Camera.AzimuthDegrees(box.Right) ?? 0) - (item.Camera.AzimuthDegrees(box.X) ?? 0)) / 2;
        // A wide object may sound from anywhere on it, though its middle is likeliest.
        var variance = spread * spread + halfWidth * halfWidth / 6;
        // Azimuths come as -360 to 360, so two may be more than a turn apart.
        var off = Math.Abs(Math.IEEERemainder(azimuth - center, 360));
        return off / Math.Sqrt(variance);
    }

    private static string Degrees(double angle) => angle.ToString("0", CultureInfo.InvariantCulture) + "°";
}
