namespace EdgePerception.Fusion.Vision;

/// <summary>A label and how sure the model is of it.</summary>
/// <param name="Label">The model's label, exactly as in its manifest.</param>
/// <param name="Score">The model's confidence, 0 to 1.</param>
public readonly record struct LabelScore(string Label, float Score);

/// <summary>
/// What else an object may be: up to three labels beside a detection's own, best first. A dog that is a bear by 0.4 is
/// still a dog to whoever asks for one.
/// </summary>
/// <param name="First">The best of them; its label is null if there is none.</param>
/// <param name="Second">The next.</param>
/// <param name="Third">The one after it.</param>
public readonly record struct NearLabels(LabelScore First, LabelScore Second, LabelScore Third)
{
    /// <summary>How many there may be.</summary>
    public const int Most = 3;

    /// <summary>How many there are.</summary>
    public int Count => First.Label is null ? 0 : Second.Label is null ? 1 : Third.Label is null ? 2 : Most;

    /// <summary>One of them, from 0, best first.</summary>
    public LabelScore this[int index] => index switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "there are at most three"),
    };

    /// <summary>
    /// The same with another label, if it is among the best: a label that is there already keeps its better score.
    /// </summary>
    public NearLabels With(LabelScore other)
    {
        if (other.Label is null || !(other.Score > 0)) return this;
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Label == other.Label)
                return this[i].Score >= other.Score ? this : Without(i).With(other);
        }

        return other.Score > First.Score ? new NearLabels(other, First, Second)
            : other.Score > Second.Score ? new NearLabels(First, other, Second)
            : other.Score > Third.Score ? this with { Third = other }
            : this;
    }

    /// <summary>The same with all of the others that are among the best.</summary>
    public NearLabels With(in NearLabels others)
    {
        var near = this;
        for (var i = 0; i < others.Count; i++) near = near.With(others[i]);
        return near;
    }

    /// <summary>The same with likelihoods beside a score, which counts 1.</summary>
    public NearLabels BesideOf(float score)
    {
        NearLabels near = default;
        for (var i = 0; i < Count; i++) near = near.With(this[i] with { Score = MathF.Min(this[i].Score / score, 1) });
        return near;
    }

    private NearLabels Without(int index) => index switch
    {
        0 => new NearLabels(Second, Third, default),
        1 => new NearLabels(First, Third, default),
        _ => this with { Third = default },
    };
}
