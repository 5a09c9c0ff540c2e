using System.Collections;
using EdgePerception.Runtime.Messaging.Messages;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>Messages of every type of the schema with random fields, the odd values of each type among them.</summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly string[] Texts =
    [
        "", "front-7", "café", "\"\\/<>&'", "\0\u0001\b\t\n\v\f\r\u001f ~\u007f\u0080\u009f\u00a0",
        "\u00ad\u06dd\u200b\u2028\ufeff\ufffd\uffff", "\U00010000😀\U0010ffff", "杯子",
    ];

    // A zero with a sign is not among them: protobuf does not tell it where zero is the default.
    private static readonly double[] Numbers =
    [
        0, 1, -1, 0.3, 0.12346, -3.5, 1e-5, 1e-7, 123456789.125, 1e15, 1e16, 1e21, -2.5e-300, double.Epsilon,
        double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
    ];

    private readonly Random _random = new(seed);

    /// <summary>Every type that the schema has, nested ones too.</summary>
    public static IEnumerable<MessageDescriptor> Types => All(EdgePerceptionReflection.Descriptor.MessageTypes);

    /// <summary>A message of a type.</summary>
    public IMessage Next(MessageDescriptor type)
    {
        if (type == Timestamp.Descriptor) return Instant();
        var message = type.Parser.ParseFrom([]);
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            if (field.IsMap)
            {
                var (key, value) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
                var map = (IDictionary)field.Accessor.GetValue(message);
                for (var count = _random.Next(4); count > 0; count--) map[Value(key)] = Value(value);
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var count = _random.Next(4); count > 0; count--) list.Add(Value(field));
            }
            else if (_random.Next(3) > 0)
            {
                field.Accessor.SetValue(message, Value(field));
            }
        }

        return message;
    }

    private object Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Next(field.MessageType),
        FieldType.String => string.Concat(_random.GetItems(Texts, _random.Next(3))),
        FieldType.Double when _random.Next(2) == 0 => OneOf(Numbers),
        FieldType.Double => Math.Round(_random.NextDouble() * 2000 - 1000, _random.Next(16)),
        FieldType.Bool => _random.Next(2) == 0,
        FieldType.UInt32 => OneOf(0u, 1u, 480u, 1u << 31, uint.MaxValue),
        FieldType.Int32 => OneOf(0, -1, 640, int.MinValue, int.MaxValue),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, OneOf(0, 1, 2, 4711)),
        var type =>
            throw new NotSupportedException($"{field.FullName}: teach JsonEncoding and this class the type {type}"),
    };

    private Timestamp Instant() => new()
    {
        Seconds = OneOf(0L, -1L, 1_777_896_000L, -62_135_596_800L, 253_402_300_799L),
        Nanos = OneOf(0, 1, 1_000, 123_000_000, 123_456_000, 999_999_999),
    };

    private T OneOf<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    private static IEnumerable<MessageDescriptor> All(IEnumerable<MessageDescriptor> types) =>
        types.Where(type => !type.GetOptions()?.MapEntry ?? true)
            .SelectMany(type => All(type.NestedTypes).Prepend(type));
}
