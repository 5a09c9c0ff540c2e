using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;

namespace EdgePerception.Fusion.Attention;

/// <summary>The network that relates words, objects and sounds. One caller at a time; owned by whoever loaded it.</summary>
public sealed class AttentionModel : IDisposable
{
    /// <summary>What the intents are called, in the order of <see cref="AttentionReading.Intents"/>.</summary>
    public IReadOnlyList<string> Intents => throw new NotImplementedException();

    /// <summary>Reads a command in a scene; none when the command has no words, or more than the model takes.</summary>
    /// <exception cref="ModelException">The run failed.</exception>
    public AttentionReading? Read(Scene scene, string command) => throw new NotImplementedException();

    /// <summary>Frees the model.</summary>
    public void Dispose() => throw new NotImplementedException();
}
