using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// What the robot does to nobody, whatever it is told: told by verb and relation together with what is meant.
/// </summary>
internal static class HarmCheck
{
    /// <summary>Why a step is refused, as the answer says it; null if it hurts nobody.</summary>
    /// <param name="step">What is to be done.</param>
    /// <param name="targets">To which objects.</param>
    /// <param name="places">Where they are to go; empty where nowhere is named.</param>
    public static string? Refusal(
        CommandStep step, IEnumerable<ViewedObject> targets, IEnumerable<ViewedObject> places)
    {
        if (step.Action is RobotActionKind.Pick or RobotActionKind.Bring && targets.Any(IsPerson))
            return "the robot lifts nobody: that could hurt";
        if (step.Action == RobotActionKind.Place && targets.FirstOrDefault(IsLiving) is { } living)
            return $"the robot puts no {living.ShortLabel} anywhere: that could hurt it";
        return step.IsOnto && places.FirstOrDefault(IsLiving) is { } under
            ? $"the robot puts nothing on a {under.ShortLabel}: that could hurt it"
            : null;
    }

    private static bool IsPerson(ViewedObject item) =>
        item.Label == "person" || Lexicon.Default.CanMean(item.Label, label => label == "person");

    private static bool IsLiving(ViewedObject item) =>
        Lexicon.Default.Living.Contains(item.Label)
            || Lexicon.Default.CanMean(item.Label, Lexicon.Default.Living.Contains);
}
