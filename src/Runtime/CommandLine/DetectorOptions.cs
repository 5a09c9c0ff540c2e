using System.CommandLine;
using EdgePerception.Runtime.Models;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>Which detector looks at a picture, for the verbs that look at one.</summary>
internal sealed class DetectorOptions
{
    public Option<string?> Model { get; } = new("--model")
    {
        Description = "Manifest of the detector (default: the one that comes with the program)",
    };

    public Option<string?> Second { get; } = new("--second-model")
    {
        Description = "Manifest of a second detector, whose boxes are joined with the first one's",
    };

    /// <summary>The detector that was asked for, to be loaded with the first picture.</summary>
    public ImageDetector Open(ParseResult parsed) => new(new ModelsSettings
    {
        Folder = Installation.ModelsFolder,
        Detector = parsed.GetValue(Model) ?? Installation.DetectorManifest,
        SecondDetector = parsed.GetValue(Second) ?? "",
    });
}
