using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>The answer of the network alone: to compare with, since it explains no clause.</summary>
internal sealed class NetworkAnswer(
    string id, AttentionReading reading, SceneView scene, Combination combination, RobotActionKind action,
    ModalityQuality quality)
{
    private const double Asked = 0.5;

    /// <summary>The answer.</summary>
    public GroundingAnswer Build()
    {
        if (action == RobotActionKind.None)
            return Answer(GroundingOutcome.Refuse, null, null) with { Reason = "the network knows no such action" };
        if (action is RobotActionKind.Stop or RobotActionKind.Resume)
            return Answer(GroundingOutcome.Act, null, null) with { Steps = [new ActionStep(action, null, null)] };
        var avoids = action == RobotActionKind.Avoid;
        var main = combination.Weigh(avoids ? reading.Avoid : reading.Target);
        if (main.IsAbsent)
            return Answer(GroundingOutcome.Absent, main.None, main) with { Reason = "nothing in sight fits" };
        if (!main.Acts) return Unclear(main);
        var (target, confidence) = (Id(main), main.Best);
        string? destination = null, avoid = avoids ? target : null;
        if (reading.Destination.NotAsked < Asked && action == RobotActionKind.Place)
        {
            var place = combination.Weigh(reading.Destination);
            if (!place.Acts) return place.IsAbsent ? Answer(GroundingOutcome.Absent, place.None, main) : Unclear(main);
            (destination, confidence) = (Id(place), confidence * place.Best);
        }

        if (!avoids && reading.Avoid.NotAsked < Asked)
        {
            var danger = combination.Weigh(reading.Avoid);
            if (!danger.Acts) return Unclear(main);
            (avoid, confidence) = (Id(danger), confidence * danger.Best);
        }

        return Answer(GroundingOutcome.Act, confidence, main) with
        {
            Target = avoids ? null : target,
            Destination = destination,
            Avoid = avoid is null ? [] : [avoid],
            Steps = [new ActionStep(action, avoids ? null : target, destination)],
            Candidates = Candidates(main, destination, avoid),
        };
    }

    private GroundingAnswer Unclear(Posterior main) =>
        Answer(GroundingOutcome.Clarify, null, main) with
        {
            Question = "Which one do you mean?",
            Reason = "more than one answer is possible",
        };

    private GroundingAnswer Answer(GroundingOutcome outcome, double? confidence, Posterior? main) => new()
    {
        Id = id,
        Outcome = outcome,
        Action = outcome == GroundingOutcome.Refuse ? RobotActionKind.None : action,
        Confidence = confidence,
        Candidates = main is null ? [] : Candidates(main),
        Plausible = main?.Plausible(scene) ?? [],
        Method = GroundingMethod.Network,
        Modalities = ModalityReport.Of(reading, quality),
        Attention = main is null || main.Top < 0 ? [] : WordWeight.Of(reading, Id(main)),
    };

    private List<Candidate> Candidates(Posterior main, params string?[] referred) =>
        [.. scene.Objects.Where(item => main.Single[item.Index] >= scene.Thresholds.Candidate || item.Index == main.Top
            || referred.Contains(item.Source.Id))
            .OrderByDescending(item => main.Single[item.Index])
            .Select(item =>
                new Candidate(item.Source.Id, item.Source.Label ?? "", main.Single[item.Index], item.Box ?? default))];

    private string Id(Posterior posterior) => scene.Objects[posterior.Top].Source.Id;
}
