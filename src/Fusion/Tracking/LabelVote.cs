using System.Runtime.CompilerServices;
using EdgePerception.Fusion.Vision;

namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// Which of the labels that a detector gave an object it most probably is: a vote weighted by score, in which old votes
/// fade. Up to four labels stand for election; a fifth takes the weakest one's place.
/// </summary>
internal struct LabelVote
{
    private const int Candidates = 4;
    private Labels _labels;
    private Weights _weights;

    /// <summary>The label in the lead; the earlier one where two are equal. Empty before the first vote.</summary>
    public readonly string Winner => _labels[Best] ?? "";

    /// <summary>The others, each with its share of the winner's votes.</summary>
    public readonly NearLabels Near
    {
        get
        {
            NearLabels near = default;
            var best = Best;
            if (!(_weights[best] > 0)) return near;
            for (var i = 0; i < Candidates; i++)
            {
                if (i != best && _labels[i] is { } label)
                    near = near.With(new LabelScore(label, _weights[i] / _weights[best]));
            }

            return near;
        }
    }

    private readonly int Best
    {
        get
        {
            var best = 0;
            for (var i = 1; i < Candidates; i++)
            {
                if (_weights[i] > _weights[best]) best = i;
            }

            return best;
        }
    }

    /// <summary>Lets the votes so far fade by a factor from 0 to 1.</summary>
    public void Fade(float factor)
    {
        for (var i = 0; i < Candidates; i++) _weights[i] *= factor;
    }

    /// <summary>Adds the votes of a detection: its label's, and those for what else it may be.</summary>
    public void Add(in Detection detection)
    {
        Add(detection.Label, detection.Score);
        for (var i = 0; i < detection.Near.Count; i++) Add(detection.Near[i].Label, detection.Near[i].Score);
    }

    /// <summary>Adds one vote.</summary>
    public void Add(string label, float weight)
    {
        var weakest = 0;
        for (var i = 0; i < Candidates; i++)
        {
            if (string.Equals(_labels[i], label, StringComparison.Ordinal))
            {
                _weights[i] += weight;
                return;
            }

            if (_weights[i] < _weights[weakest]) weakest = i;
        }

        _labels[weakest] = label;
        _weights[weakest] = weight;
    }

    [InlineArray(Candidates)]
    private struct Labels
    {
        private string? _first;
    }

    [InlineArray(Candidates)]
    private struct Weights
    {
        private float _first;
    }
}
