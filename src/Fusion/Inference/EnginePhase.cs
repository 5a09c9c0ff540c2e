using System.Text.Json;

namespace EdgePerception.Fusion.Inference;

/// <summary>How far a build is.</summary>
public enum EnginePhase
{
    /// <summary>The process starts, reads the model and asks the GPU.</summary>
    Starting,

    /// <summary>TensorRT tries kernels: nearly all of the time, of which it tells nothing.</summary>
    Compiling,

    /// <summary>The engine runs once.</summary>
    Running,

    /// <summary>The engine goes into the cache.</summary>
    Storing,
}

/// <summary>
/// The lines by which a building process tells how far it is, one JSON object a line on its standard output:
/// <c>{"phase":"compiling"}</c>. Whatever else stands there is passed over.
/// </summary>
public static class EnginePhaseLine
{
    /// <summary>The line for a phase, without its end.</summary>
    public static string Write(EnginePhase phase) => $$"""{"phase":"{{phase.ToString().ToLowerInvariant()}}"}""";

    /// <summary>Reads a line.</summary>
    public static bool TryRead(string line, out EnginePhase phase)
    {
        phase = default;
        if (!line.StartsWith('{')) return false;
        try
        {
            using var read = JsonDocument.Parse(line);
            return read.RootElement.TryGetProperty("phase", out var name) && name.ValueKind == JsonValueKind.String
                   && Enum.GetValues<EnginePhase>().Any(known => known.ToString().Equals(name.GetString(), StringComparison.OrdinalIgnoreCase))
                   && Enum.TryParse(name.GetString(), ignoreCase: true, out phase);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
