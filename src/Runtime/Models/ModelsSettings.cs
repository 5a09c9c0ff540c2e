namespace EdgePerception.Runtime.Models;

/// <summary>Which models run.</summary>
public sealed record ModelsSettings
{
    /// <summary>The folder that manifests' files are relative to; relative to the configuration file.</summary>
    public string Folder { get; init; } = "../models";

    /// <summary>Manifest of the object detector; relative to the configuration file.</summary>
    public string Detector { get; init; } = "models/nanodet-coco.yaml";

    /// <summary>
    /// Manifest of a second detector that looks at the same pictures, and whose boxes are joined with the first one's;
    /// relative to the configuration file; empty for none.
    /// </summary>
    public string SecondDetector { get; init; } = "";

    /// <summary>
    /// What a text-conditioned detector looks for, in place of its manifest's labels; empty otherwise.
    /// </summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];
}
