using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// What is made of both opinions on one kind of reading: how much each counts, p ∝ rules^Rules · network^Network ·
/// e^bias with the biases on absent and several, from which probability an outcome is possible, and from which an
/// object is acted on.
/// </summary>
public sealed record OpinionWeights : IValidatableObject
{
    /// <summary>The exponent of the rules' probabilities; 0 leaves them out.</summary>
    [Range(0.0, 10.0)]
    public double Rules { get; init; }

    /// <summary>The exponent of the network's probabilities; its temperature's inverse.</summary>
    [Range(0.0, 10.0)]
    public double Network { get; init; } = 1;

    /// <summary>Added to the logarithm of "nothing fits".</summary>
    [Range(-10.0, 10.0)]
    public double Absent { get; init; }

    /// <summary>Added to the logarithm of "several fit".</summary>
    [Range(-10.0, 10.0)]
    public double Several { get; init; }

    /// <summary>Probability of an object below which the robot asks, even where nothing else is possible.</summary>
    [Range(0.0, 1.0)]
    public required double Act { get; init; }

    /// <summary>
    /// For each of the calibration's risks how far below one the truth's probability may lie; falling. Found on cases
    /// of this kind alone, so that the promise holds for each kind (Mondrian conformal prediction, Vovk et al. 2005).
    /// </summary>
    [MinLength(1)]
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Thresholds.Any(threshold => threshold is not (>= 0 and <= 1))
            || Thresholds.Zip(Thresholds.Skip(1)).Any(pair => pair.First < pair.Second))
            yield return new ValidationResult("must fall, from 0 to 1", [nameof(Thresholds)]);
    }
}

/// <summary>
/// How network and rules are combined, and from which probability an answer counts as possible: fitted on tune data by
/// training/evaluation/calibrate.py, which wrote <c>models/grounding/calibration.yaml</c>. Split conformal prediction
/// after Vovk et al. 2005; the log-linear pool after Genest and Zidek 1986.
/// </summary>
public sealed record GroundingCalibration : IValidatableObject
{
    /// <summary>For descriptions that the rules read as a whole.</summary>
    public required OpinionWeights Combined { get; init; }

    /// <summary>For descriptions of which the rules read a part.</summary>
    public required OpinionWeights Partly { get; init; }

    /// <summary>For descriptions with a noun that the rules do not know.</summary>
    public required OpinionWeights Unread { get; init; }

    /// <summary>For the network alone.</summary>
    public required OpinionWeights Network { get; init; }

    /// <summary>Nominal risks, from 0 to 1 and rising.</summary>
    [MinLength(1)]
    public required IReadOnlyList<double> Risks { get; init; }

    /// <summary>
    /// The probability from which an outcome counts as possible, so that the truth is left out in at most this share of
    /// the answers; between two risks that were fitted along a straight line.
    /// </summary>
    /// <param name="risk">0 to 1.</param>
    /// <param name="kind">The kind of reading: one of this calibration's.</param>
    public double MinProbability(double risk, OpinionWeights kind)
    {
        var next = 0;
        while (next < Risks.Count && Risks[next] < risk) next++;
        if (next == 0) return 1 - kind.Thresholds[0];
        if (next == Risks.Count) return 1 - kind.Thresholds[^1];
        var share = (risk - Risks[next - 1]) / (Risks[next] - Risks[next - 1]);
        return 1 - (kind.Thresholds[next - 1] + share * (kind.Thresholds[next] - kind.Thresholds[next - 1]));
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Risks.Any(risk => risk is not (> 0 and < 1))
            || Risks.Zip(Risks.Skip(1)).Any(pair => pair.First >= pair.Second))
            yield return new ValidationResult("must rise, between 0 and 1", [nameof(Risks)]);
        foreach (var (name, kind) in new[] { (nameof(Combined), Combined), (nameof(Partly), Partly),
            (nameof(Unread), Unread), (nameof(Network), Network) })
        {
            if (kind.Thresholds.Count != Risks.Count)
                yield return new ValidationResult(
                    $"has {kind.Thresholds.Count} thresholds for {Risks.Count} risks", [name]);
        }
    }
}
