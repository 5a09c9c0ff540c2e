using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Inference.Onnx;

/// <summary>Says what ONNX Runtime says of a model it refuses in words that tell what to do.</summary>
internal static partial class SessionFault
{
    /// <summary>
    /// The fault in a line; ONNX Runtime's own one, without its source's paths, where it is none of the known ones.
    /// </summary>
    public static string Explain(string message)
    {
        if (NewOpset().Match(message) is { Success: true } opset)
            return $"its opset {opset.Groups[1]} is newer than ONNX Runtime {Version} knows (up to "
                + $"{opset.Groups[2]}); export it with that or an older one";
        if (NewFormat().Match(message) is { Success: true } format)
            return $"its format (IR version {format.Groups[1]}) is newer than ONNX Runtime {Version} knows (up to "
                + $"{format.Groups[2]}); export it with an older onnx package";
        if (UnknownOperator().Match(message) is { Success: true } node)
            return $"ONNX Runtime {Version} has no operator '{node.Groups[1]}' in opset {node.Groups[2]}; export the "
                + "model without it";
        if (NoMemory().Match(message) is { Success: true } buffer
            && ulong.TryParse(buffer.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var bytes))
            return $"it asks for {bytes >> 20} MiB of memory at once and does not get them";
        return SourcePlace().Replace(ErrorCode().Replace(message, ""), "");
    }

    private static string Version => OrtEnv.Instance().GetVersionString();

    [GeneratedRegex(@"Opset (\d+) is under development.* is till opset (\d+)")]
    private static partial Regex NewOpset();

    [GeneratedRegex(@"Unsupported model IR version: (\d+), max supported IR version: (\d+)")]
    private static partial Regex NewFormat();

    [GeneratedRegex(@"No Op registered for (\S+) with domain_version of (\d+)")]
    private static partial Regex UnknownOperator();

    [GeneratedRegex(@"Failed to allocate memory for requested buffer of size (\d+)")]
    private static partial Regex NoMemory();

    [GeneratedRegex(@"^\[ErrorCode:\w+\] ")]
    private static partial Regex ErrorCode();

    // File, line and the C++ function's signature, which ends with the bracket before the message.
    [GeneratedRegex(@"^/\S+:\d+ .*?\)(?: const)? (?=[A-Z])")]
    private static partial Regex SourcePlace();
}
