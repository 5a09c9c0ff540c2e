namespace EdgePerception.Fusion.Scenes;

/// <summary>How far each sense can be trusted at the moment, 0 (gone) to 1 (as good as ever).</summary>
/// <param name="Vision">Of what the cameras see: falls with blur, darkness and missing images.</param>
/// <param name="Sound">Of what is heard.</param>
public readonly record struct ModalityQuality(float Vision, float Sound)
{
    /// <summary>Nothing is known to be wrong.</summary>
    public static ModalityQuality Full { get; } = new(1, 1);
}
