using System.CommandLine;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models</c>: the models that are here, and those that are to be.</summary>
internal static class ModelsVerb
{
    public static Command Create() => new Command("models", "List, fetch, verify, build, inspect and try models")
    {
        ListVerb.Create(),
        FetchVerb.Create(),
        VerifyVerb.Create(),
        BuildVerb.Create(),
        InspectVerb.Create(),
        TryVerb.Create(),
    }.WithExamples(
        "models inspect models/best.onnx --out configs/models/best.yaml",
        "models try best --image photo.jpg",
        "run --config configs/demo.yaml --set models.detector=models/best.yaml");
}
