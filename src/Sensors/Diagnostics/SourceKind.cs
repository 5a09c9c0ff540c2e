namespace EdgePerception.Sensors.Diagnostics;

/// <summary>What a source is.</summary>
internal enum SourceKind
{
    /// <summary>It gives frames.</summary>
    Camera,

    /// <summary>It gives sound.</summary>
    Microphone,
}
