namespace EdgePerception.Fusion.Embeddings;

/// <summary>What the encoder made of a sentence.</summary>
/// <param name="Embedding">
/// What it is about: <see cref="SentenceEncoder.Dimensions"/> numbers, together of length one.
/// </param>
/// <param name="Layers">
/// The mean of the hidden states after each layer, one behind the other; the lower ones know how it is said.
/// </param>
public sealed record SentenceReading(float[] Embedding, float[] Layers);
