using System.CommandLine;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models</c>: the models that are here, and those that are to be.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new Command("models", "List, fetch, verify, build, inspect and try models")
    {
        ListCommand.Create(),
        FetchCommand.Create(),
        VerifyCommand.Create(),
        BuildCommand.Create(),
        InspectCommand.Create(),
        TryCommand.Create(),
    }.WithExamples(
        "models inspect models/best.onnx --out configs/models/best.yaml",
        "models try best --image photo.jpg",
        "run --config configs/demo.yaml --set models.detector=models/best.yaml");
}
