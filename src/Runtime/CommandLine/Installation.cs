using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Models;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>Where the files lie that come with the program: <c>configs/</c> and <c>models/</c>.</summary>
internal static class Installation
{
    /// <summary>
    /// The folder that holds them: <c>EDGE_PERCEPTION_HOME</c>, or the nearest one above the program. The working
    /// directory plays no part, so that every verb works from anywhere.
    /// </summary>
    /// <exception cref="UserException">There is none.</exception>
    public static string Home
    {
        get
        {
            if (Environment.GetEnvironmentVariable("EDGE_PERCEPTION_HOME") is { Length: > 0 } home) return home;
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (Directory.Exists(Path.Combine(folder.FullName, "configs", "models"))) return folder.FullName;
            }

            throw new UserException(
                "configs/models was not found above the program; set EDGE_PERCEPTION_HOME to the folder that holds "
                + "configs and models");
        }
    }

    /// <summary>The folder that manifests' files are relative to.</summary>
    public static string ModelsFolder => Path.Combine(Home, "models");

    /// <summary>How commands are grounded unless said otherwise.</summary>
    public static GroundingSettings Grounding => new()
    {
        Network = Path.Combine(Home, "configs", "models", "grounding.yaml"),
        Calibration = Path.Combine(ModelsFolder, "grounding", "calibration.yaml"),
        Encoder = Path.Combine(Home, "configs", "models", "minilm.yaml"),
        Ear = Path.Combine(ModelsFolder, "grounding", "ear.json"),
    };

    /// <summary>The manifest of the detector that comes with the program.</summary>
    public static string DetectorManifest => Path.Combine(Home, "configs", "models", "nanodet-coco.yaml");
}
