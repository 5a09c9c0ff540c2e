using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Embeddings;

/// <summary>
/// A small network over the encoder's layers that tells which of its labels a sentence has: one hidden layer of
/// rectifiers and a softmax. It knows the labels' names and not their meaning. Immutable, thread-safe.
/// </summary>
public sealed class TextHead
{
    private readonly int[] _layers;
    private readonly DenseLayer _hidden;
    private readonly DenseLayer _output;

    /// <exception cref="FormatException">The sizes do not fit each other.</exception>
    internal TextHead(string[] labels, int[] layers, DenseLayer hidden, DenseLayer output)
    {
        (Labels, _layers, _hidden, _output) = (labels, layers, hidden, output);
        var names = labels.Where(label => !string.IsNullOrEmpty(label)).Distinct().Count();
        if (names < 2 || names < labels.Length || output.Outputs != labels.Length)
            throw new FormatException("its labels and scores do not fit");
        if (layers.Length == 0 || layers.Min() < 0 || hidden.Inputs % layers.Length != 0
            || hidden.Weights.Length != hidden.Inputs * hidden.Outputs
            || output.Weights.Length != hidden.Outputs * output.Outputs)
        {
            throw new FormatException("the sizes of its layers do not fit");
        }
    }

    /// <summary>What it tells apart, in the order of <see cref="Probabilities"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    private int Dimensions => _hidden.Inputs / _layers.Length;

    /// <summary>The probability of each label; together 1.</summary>
    /// <param name="layers">A sentence as <see cref="SentenceEncoder.Read"/> gives it.</param>
    public float[] Probabilities(float[] layers)
    {
        var inputs = new float[_hidden.Inputs];
        for (var i = 0; i < _layers.Length; i++)
            layers.AsSpan(_layers[i] * Dimensions, Dimensions).CopyTo(inputs.AsSpan(i * Dimensions));
        var hidden = _hidden.Run(inputs);
        foreach (ref var value in hidden.AsSpan()) value = Math.Max(value, 0);
        var scores = _output.Run(hidden);
        Softmax.Apply(scores, scores);
        return scores;
    }

    /// <summary>Checks that the encoder's layers are those that the head was fitted to.</summary>
    /// <exception cref="FormatException">They are not.</exception>
    internal void CheckEncoder(int layers, int dimensions)
    {
        if (Dimensions == dimensions && _layers.Max() < layers) return;
        throw new FormatException($"it was fitted to an encoder of {_layers.Max() + 1} layers or more of {Dimensions} "
                                  + $"numbers, this one has {layers} of {dimensions}");
    }
}

/// <summary>outputs = weights · inputs + bias; the weights row by row, an output each.</summary>
internal sealed record DenseLayer(float[] Weights, float[] Bias)
{
    public int Outputs => Bias.Length;

    public int Inputs => Weights.Length / Bias.Length;

    public float[] Run(ReadOnlySpan<float> inputs)
    {
        var outputs = new float[Outputs];
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] = Bias[i] + Vectors.Dot(Weights.AsSpan(i * inputs.Length, inputs.Length), inputs);
        return outputs;
    }
}
