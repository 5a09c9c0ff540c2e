using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgePerception.Runtime.Tests.Configuration;

/// <summary>
/// Writes the JSON schema (draft 7, which editors know) of what YamlBinder reads into a class: the same keys, types,
/// values and bounds, with the doc comments as descriptions.
/// </summary>
internal static partial class SchemaGenerator
{
    private static readonly Dictionary<string, XElement> Docs = ReadDocs();

    public static JsonObject Of(Type type, string title)
    {
        var schema = OfClass(type, null);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", title);
        schema.Insert(2, "description", Description($"T:{type.FullName}"));
        return schema;
    }

    private static JsonObject OfClass(Type type, object? example)
    {
        // Required members have no value to begin with; all others show their defaults.
        example ??= Activator.CreateInstance(type)!;
        var properties = type.GetProperties().Where(p => p.SetMethod is { IsPublic: true }).ToList();
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        var required = properties.Where(IsRequired).Select(p => (JsonNode)KeyOf(p)).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        var keys = new JsonObject();
        foreach (var property in properties)
            keys[KeyOf(property)] = OfProperty(property, IsRequired(property) ? null : property.GetValue(example));
        schema["properties"] = keys;
        return schema;
    }

    private static JsonObject OfProperty(PropertyInfo property, object? value)
    {
        var mayBeAbsent = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var schema = OfType(type, value, mayBeAbsent);
        schema.Insert(0, "description", Description($"P:{property.DeclaringType!.FullName}.{property.Name}"));
        if (type == typeof(string) && IsRequired(property)) schema["minLength"] = 1;
        foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>()) AddRule(schema, attribute);
        if (DefaultOf(value) is { } standard) schema["default"] = standard;
        return schema;
    }

    private static JsonObject OfType(Type type, object? value, bool mayBeAbsent)
    {
        if (type.IsEnum) return OfEnum(type, mayBeAbsent);
        if (type == typeof(string))
            return new JsonObject { ["type"] = Types(mayBeAbsent, "string", "number", "boolean") };
        if (type == typeof(bool)) return new JsonObject { ["type"] = Types(mayBeAbsent, "boolean") };
        if (type == typeof(int)) return new JsonObject { ["type"] = Types(mayBeAbsent, "integer") };
        if (type == typeof(float) || type == typeof(double))
            return new JsonObject { ["type"] = Types(mayBeAbsent, "number") };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new JsonObject
            {
                ["type"] = Types(mayBeAbsent, "array"),
                ["items"] = OfType(type.GetGenericArguments()[0], null, mayBeAbsent: false),
            };
        var schema = OfClass(type, value);
        // A section without keys is one at its defaults.
        schema["type"] = Types(true, "object");
        return schema;
    }

    private static JsonObject OfEnum(Type type, bool mayBeAbsent)
    {
        var values = new JsonArray();
        foreach (var name in Enum.GetNames(type))
        {
            values.Add((JsonNode)new JsonObject
            {
                ["const"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(name),
                ["description"] = Description($"F:{type.FullName}.{name}"),
            });
        }

        if (mayBeAbsent) values.Add((JsonNode)new JsonObject { ["type"] = "null" });
        return new JsonObject { ["oneOf"] = values };
    }

    private static void AddRule(JsonObject schema, ValidationAttribute rule)
    {
        switch (rule)
        {
            case RangeAttribute range:
                (schema["minimum"], schema["maximum"]) = (Number(range.Minimum), Number(range.Maximum));
                break;
            case RegularExpressionAttribute expression:
                schema["pattern"] = $"^(?:{expression.Pattern})$";
                break;
            case LengthAttribute length:
                (schema["minItems"], schema["maxItems"]) = (length.MinimumLength, length.MaximumLength);
                break;
            case MinLengthAttribute least:
                schema["minItems"] = least.Length;
                break;
            case DataTypeAttribute { DataType: DataType.Password }:
                schema["format"] = "password";
                break;
            default:
                throw new NotSupportedException($"{rule.GetType().Name} has no place in the schema yet");
        }
    }

    private static JsonNode? DefaultOf(object? value) => value switch
    {
        null or "" => null,
        string text => text,
        bool flag => flag,
        Enum member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString()),
        int or float or double => Number(value),
        _ => null,
    };

    private static JsonNode Number(object number) =>
        number is int whole ? whole : JsonNode.Parse(FormattableString.Invariant($"{number}"))!;

    private static JsonNode Types(bool mayBeAbsent, params string[] types)
    {
        string[] all = mayBeAbsent ? [.. types, "null"] : types;
        return all.Length == 1 ? all[0] : new JsonArray([.. all.Select(type => (JsonNode)type)]);
    }

    private static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute));

    private static string KeyOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static Dictionary<string, XElement> ReadDocs() => new[] { "Sensors", "Fusion", "Policy", "Runtime" }
        .SelectMany(project => XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"EdgePerception.{project}.xml"))
            .Descendants("member"))
        .Where(member => member.Attribute("name")!.Value.Contains(":EdgePerception.", StringComparison.Ordinal))
        .ToDictionary(member => member.Attribute("name")!.Value);

    private static string Description(string member) =>
        Docs.TryGetValue(member, out var doc) && doc.Element("summary") is { } summary
        ? Blank().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim()
        : throw new InvalidOperationException($"{member} has no doc comment");

    // References speak of members; a user knows them by their keys.
    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see =>
            JsonNamingPolicy.CamelCase.ConvertName(see.Attribute("cref")!.Value.Split('.')[^1]),
        XElement element => element.Value,
        XText text => text.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
