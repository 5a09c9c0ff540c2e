using System.Text.Json;

namespace EdgePerception.Fusion.Inference.Engines;

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
/// The lines by which a building process tells how far it is: those of <c>models build --json</c>, one JSON object a
/// line, whose <c>detail</c> names the phase, as in
/// <c>{"name":"detector","state":"building","elapsedS":2.5,"detail":"compiling"}</c>. Whatever else stands there is
/// passed over.
/// </summary>
public static class EnginePhaseLine
{
    /// <summary>A phase as lines name it.</summary>
    public static string Name(EnginePhase phase) => phase.ToString().ToLowerInvariant();

    /// <summary>Reads a line.</summary>
    public static bool TryRead(string line, out EnginePhase phase)
    {
        phase = default;
        if (!line.StartsWith('{')) return false;
        try
        {
            using var read = JsonDocument.Parse(line);
            if (!read.RootElement.TryGetProperty("detail", out var detail) || detail.ValueKind != JsonValueKind.String)
                return false;
            foreach (var known in Enum.GetValues<EnginePhase>())
            {
                if (!detail.ValueEquals(Name(known))) continue;
                phase = known;
                return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is not UTF-16.
        }

        return false;
    }
}
