using System.CommandLine;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models</c>: the models that are here, and those that are to be.</summary>
internal static class ModelsVerb
{
    public static Command Create() => new("models",
        """
        List, fetch, verify, build, inspect and try models.

        From an ONNX file of your own to a running service:
          cp best.onnx models/
          edge-perception models inspect models/best.onnx --out configs/models/best.yaml
          edge-perception models try best --image photo.jpg
          edge-perception run --config configs/demo.yaml --set models.detector=models/best.yaml
        """)
    {
        ListVerb.Create(),
        FetchVerb.Create(),
        VerifyVerb.Create(),
        BuildVerb.Create(),
        InspectVerb.Create(),
        TryVerb.Create(),
    };
}
