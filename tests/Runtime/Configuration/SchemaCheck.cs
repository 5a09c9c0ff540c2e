using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgePerception.Runtime.Tests.Configuration;

/// <summary>Judges a YAML file by a schema of SchemaGenerator's, as an editor would.</summary>
internal static class SchemaCheck
{
    public static List<string> Faults(string file, JsonObject schema)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(file);
        stream.Load(reader);
        var faults = new List<string>();
        Check(stream.Documents[0].RootNode, schema, "", faults);
        return faults;
    }

    private static void Check(YamlNode node, JsonObject schema, string path, List<string> faults)
    {
        if (schema["oneOf"] is JsonArray values)
        {
            var text = (node as YamlScalarNode)?.Value;
            if (!values.Any(value => (string?)value!["const"] == text))
                faults.Add($"{path}: '{text}' is not one of them");
            return;
        }

        var types = schema["type"] is JsonArray several ? several.Select(type => (string)type!).ToArray()
            : [(string)schema["type"]!];
        if (!types.Any(type => Is(node, type)))
        {
            faults.Add($"{path}: is not {string.Join(" or ", types)}");
            return;
        }

        if (node is YamlMappingNode mapping) CheckKeys(mapping, schema, path, faults);
        if (node is YamlSequenceNode list) CheckItems(list, schema, path, faults);
        if (node is not YamlScalarNode { Value: { } scalar }) return;
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(scalar, pattern))
            faults.Add($"{path}: does not match {pattern}");
        if (schema["minimum"] is { } least
            && (Number(scalar) < (double)least || Number(scalar) > (double)schema["maximum"]!))
            faults.Add($"{path}: is out of range");
        if (schema["minLength"] is not null && scalar.Length == 0) faults.Add($"{path}: is empty");
    }

    private static void CheckKeys(YamlMappingNode mapping, JsonObject schema, string path, List<string> faults)
    {
        var properties = (JsonObject)schema["properties"]!;
        foreach (var (key, value) in mapping.Children)
        {
            var name = ((YamlScalarNode)key).Value!;
            if (properties[name] is JsonObject property) Check(value, property, $"{path}.{name}", faults);
            else faults.Add($"{path}: unknown key {name}");
        }

        foreach (var name in schema["required"] as JsonArray ?? [])
            if (!mapping.Children.ContainsKey(new YamlScalarNode((string)name!)))
                faults.Add($"{path}: {name} is missing");
    }

    private static void CheckItems(YamlSequenceNode list, JsonObject schema, string path, List<string> faults)
    {
        if (list.Children.Count < (int?)schema["minItems"] || list.Children.Count > (int?)schema["maxItems"])
            faults.Add($"{path}: has {list.Children.Count} items");
        for (var i = 0; i < list.Children.Count; i++)
            Check(list.Children[i], (JsonObject)schema["items"]!, $"{path}.{i}", faults);
    }

    private static bool Is(YamlNode node, string type) => type switch
    {
        "object" => node is YamlMappingNode,
        "array" => node is YamlSequenceNode,
        "null" => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" or "~" },
        "integer" => node is YamlScalarNode whole && int.TryParse(whole.Value, CultureInfo.InvariantCulture, out _),
        "number" => node is YamlScalarNode number && double.TryParse(number.Value, CultureInfo.InvariantCulture, out _),
        "boolean" => node is YamlScalarNode { Value: "true" or "false" },
        _ => node is YamlScalarNode,
    };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
