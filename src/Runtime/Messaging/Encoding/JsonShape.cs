using System.Collections.Concurrent;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Messaging.Encoding;

/// <summary>What JSON needs to know of a type of message, worked out of its descriptor once.</summary>
internal sealed class JsonShape
{
    private static readonly ConcurrentDictionary<MessageDescriptor, JsonShape> Known = new();

    private JsonShape(MessageDescriptor type)
    {
        IsInstant = type == Timestamp.Descriptor;
        if (IsInstant) return;
        if (type.File.Package == Timestamp.Descriptor.File.Package)
            throw new NotSupportedException($"{type.FullName} has a JSON of its own, which is not written here");
        Fields = [.. type.Fields.InFieldNumberOrder().Select(field => new JsonField(field))];
    }

    /// <summary>Whether it is an instant, which JSON writes as text.</summary>
    public bool IsInstant { get; }

    /// <summary>Its fields in the order of their numbers; none of an instant.</summary>
    public JsonField[] Fields { get; } = [];

    /// <summary>The shape of a type; safe from any thread.</summary>
    public static JsonShape Of(MessageDescriptor type) => Known.GetOrAdd(type, static type => new JsonShape(type));
}

/// <summary>One field of a <see cref="JsonShape"/>.</summary>
internal sealed class JsonField
{
    private static readonly FieldType[] Types =
    [
        FieldType.Message, FieldType.String, FieldType.Double, FieldType.Bool, FieldType.Enum, FieldType.UInt32,
        FieldType.Int32,
    ];

    private readonly FieldDescriptor _field;
    private readonly Dictionary<int, byte[]> _names = [];
    private readonly byte[] _nextName;
    private JsonShape? _message;

    public JsonField(FieldDescriptor field)
    {
        _field = field;
        (Number, Type) = (field.FieldNumber, field.FieldType);
        (IsRepeated, HasPresence) = (field.IsRepeated, field.HasPresence);
        // The descriptor says so of texts and messages as well, which cannot be.
        IsPacked = field.IsRepeated && field.IsPacked && Type is not (FieldType.String or FieldType.Message);
        if (!Types.Contains(Type) || (IsPacked && Type == FieldType.Double))
            throw new NotSupportedException($"{field.FullName} is of a type that JSON is not made of here");
        _nextName = System.Text.Encoding.UTF8.GetBytes($", \"{field.JsonName}\": ");
        if (field.IsMap) Map = JsonShape.Of(field.MessageType);
        if (Type != FieldType.Enum) return;
        foreach (var value in field.EnumType.Values)
            _names.TryAdd(value.Number, System.Text.Encoding.UTF8.GetBytes($"\"{value.Name}\""));
    }

    /// <summary>Its number in the schema.</summary>
    public int Number { get; }

    /// <summary>The type of its value, or of each where there are many.</summary>
    public FieldType Type { get; }

    /// <summary>Whether it has any number of values; a map has, too.</summary>
    public bool IsRepeated { get; }

    /// <summary>Whether its values stand together in one field of the wire.</summary>
    public bool IsPacked { get; }

    /// <summary>Whether it can be left unset, which JSON then leaves out.</summary>
    public bool HasPresence { get; }

    /// <summary>The shape of a map's entries, key and value; null if it is no map.</summary>
    public JsonShape? Map { get; }

    /// <summary>Name and colon.</summary>
    public ReadOnlySpan<byte> Name => _nextName.AsSpan(2);

    /// <summary>The same behind another field.</summary>
    public ReadOnlySpan<byte> NextName => _nextName;

    /// <summary>
    /// The shape of its message, looked up when first asked for, since a message may hold its own kind.
    /// </summary>
    public JsonShape Message => _message ??= JsonShape.Of(_field.MessageType);

    /// <summary>An enum value's name in quotes; null if the schema has no such value.</summary>
    public byte[]? NameOf(int value) => _names.GetValueOrDefault(value);
}
