namespace EdgePerception.Runtime.Models;

/// <summary>Which models run.</summary>
public sealed record ModelsSettings
{
    /// <summary>The folder that manifests' files are relative to; relative to the configuration file.</summary>
    public string Folder { get; init; } = "../models";

    /// <summary>Manifest of the object detector; relative to the configuration file.</summary>
    public string Detector { get; init; } = "models/centernet-mobilenetv3-coco.yaml";

    /// <summary>
    /// What a text-conditioned detector looks for, in place of its manifest's labels; empty otherwise.
    /// </summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];
}
