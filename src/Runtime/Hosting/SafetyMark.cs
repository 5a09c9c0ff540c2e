using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.Hosting;

/// <summary>How far a run came.</summary>
public enum SafetyMarkState
{
    /// <summary>It is under way, or was cut off.</summary>
    Running,

    /// <summary>It ended in order.</summary>
    Ended,
}

/// <summary>The halt that stands in a mark.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Cause">One sentence.</param>
/// <param name="Since">When it came into force, by the wall clock of then.</param>
public sealed record MarkedHalt(string Id, string Cause, DateTimeOffset Since);

/// <summary>
/// What a run leaves to the next one: whether it ended in order, and the halt that stands. A start that finds anything
/// but an orderly end without a halt begins halted.
/// </summary>
/// <param name="State">How far the run came.</param>
/// <param name="Halt">The halt that stands; none where none does.</param>
public sealed record SafetyMark(SafetyMarkState State, MarkedHalt? Halt = null)
{
    private const int Version = 1;
    private const int MostText = 500;
    private const string NoOrderlyEnd = "the last run did not end in order (power cut, crash or kill)";
    private const string Stood = "a halt stood when the last run ended: ";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The mark of a run with the supervisor's halt, if one stands.</summary>
    public static SafetyMark Of(SafetyMarkState state, HaltNote? halt) => new(
        state, halt is null ? null : new MarkedHalt(halt.Id, Cut(halt.Cause), halt.At.Utc));

    /// <summary>Why a start that finds this mark begins halted, one sentence; null where it does not.</summary>
    public string? CauseToHalt
    {
        get
        {
            // What was carried over from run to run is told once.
            var halt = Halt?.Cause is { } cause
                ? cause.StartsWith(Stood, StringComparison.Ordinal) ? cause[Stood.Length..] : cause : null;
            if (State == SafetyMarkState.Ended) return halt is null ? null : Stood + halt;
            return halt is null ? NoOrderlyEnd
                : halt.StartsWith(NoOrderlyEnd, StringComparison.Ordinal) ? halt
                : $"{NoOrderlyEnd}; a halt stood: {halt}";
        }
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">The file's.</param>
    /// <param name="device">Whose mark it must be.</param>
    /// <exception cref="InvalidDataException">It is damaged, of another device or of a later version.</exception>
    public static SafetyMark Parse(ReadOnlySpan<byte> bytes, string device)
    {
        try
        {
            var version = JsonSerializer.Deserialize<Numbered>(bytes, JsonSerializerOptions.Web)?.Version;
            if (version is null or < 1) throw new JsonException();
            if (version != Version)
                throw new InvalidDataException($"is of version {version}; this program reads {Version}");
            var read = JsonSerializer.Deserialize<Written>(bytes, Strict)!;
            if (read.Device != device) throw new InvalidDataException($"is of device '{VisibleText.Of(read.Device)}'");
            if (read.Halt is not { } halt) return new SafetyMark(read.State);
            return new SafetyMark(
                read.State, halt with { Id = VisibleText.Of(Cut(halt.Id)), Cause = VisibleText.Of(Cut(halt.Cause)) });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("is damaged", e);
        }
    }

    /// <summary>The mark as it is written: JSON with the device's name.</summary>
    public byte[] ToBytes(string device) =>
        JsonSerializer.SerializeToUtf8Bytes(new Written(Version, device, State, Halt), Strict);

    private static string Cut(string text) => text.Length <= MostText ? text : text[..MostText];

    private sealed record Written(int Version, string Device, SafetyMarkState State, MarkedHalt? Halt);

    // What every version of the file has.
    private sealed record Numbered(int Version);
}
