using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgePerception.Sensors.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgePerception.Runtime.Yaml;

/// <summary>
/// Reads a YAML file strictly into plain classes: keys are the properties' names in camel case, enum values their
/// members' in snake case, <c>required</c> and DataAnnotations attributes state what must hold. A
/// <see cref="DataType.Password"/> is taken from the file only. Unknown keys, wrong
/// types and values out of range are all collected, up to <see cref="MaxFaults"/>, each with file, line and the nearest
/// right name, so that one look shows everything there is to mend. Manifests are read with it here, the configuration
/// in Runtime.
/// </summary>
public static class YamlBinder
{
    /// <summary>How many faults are looked for; a file that has more is not worth the time to find them all.</summary>
    public const int MaxFaults = 100;

    /// <summary>Reads a file, with values of single keys laid over it.</summary>
    /// <param name="file">The path as the user named it.</param>
    /// <param name="overrides">Assignments such as <c>mqtt.port=1884</c> or <c>cameras.0.path=a.avi</c>.</param>
    /// <exception cref="YamlException">The file cannot be read, or does not fit <typeparamref name="T"/>.</exception>
    public static T Read<T>(string file, IReadOnlyList<string>? overrides = null) where T : class
    {
        var root = YamlFile.Load(file);
        var reading = new Reading(file);
        foreach (var assignment in overrides ?? []) reading.Override(root, assignment);
        var value = reading.Bind(root, typeof(T), "");
        return reading.Faults.Count == 0 ? (T)value! : throw reading.Refusal();
    }

    private sealed class Reading(string file)
    {
        // The nodes that overrides made; they have no place in the file. Nodes of the same text are equal, so by
        // reference.
        private readonly HashSet<YamlNode> _fromCommandLine = new(ReferenceEqualityComparer.Instance);

        public List<YamlFault> Faults { get; } = [];

        public void Override(YamlMappingNode root, string assignment)
        {
            var split = assignment.IndexOf('=', StringComparison.Ordinal);
            if (split < 1)
            {
                Faults.Add(new YamlFault("--set", 0, "", $"{Quote(assignment)} is not key=value"));
                return;
            }

            var path = assignment[..split].Split('.');
            YamlNode value = new YamlScalarNode(assignment[(split + 1)..]);
            _fromCommandLine.Add(value);
            YamlNode node = root;
            for (var i = 0; i < path.Length; i++)
            {
                var last = i == path.Length - 1;
                if (node is YamlMappingNode mapping)
                {
                    var key = new YamlScalarNode(path[i]);
                    _fromCommandLine.Add(key);
                    if (last)
                    {
                        mapping.Children.Remove(key);
                        mapping.Children[key] = value;
                    }
                    else if (!mapping.Children.TryGetValue(key, out node!) || IsNull(node))
                    {
                        node = new YamlMappingNode();
                        _fromCommandLine.Add(node);
                        mapping.Children[key] = node;
                    }
                }
                else if (node is YamlSequenceNode list && int.TryParse(path[i], out var index)
                         && index >= 0 && index < list.Children.Count)
                {
                    if (last) list.Children[index] = value;
                    else node = list.Children[index];
                }
                else
                {
                    Faults.Add(new YamlFault("--set", 0, assignment[..split], $"there is no {Quote(path[i])} to set"));
                    return;
                }
            }
        }

        /// <summary>The value, or nothing where it has a fault that leaves none.</summary>
        public object? Bind(YamlNode node, Type type, string path)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type == typeof(string) || type.IsPrimitive || type.IsEnum) return BindScalar(node, type, path);
            if (ElementType(type) is { } element) return BindList(node, element, path);
            return BindClass(node, type, path);
        }

        /// <summary>All faults, in the file's order, and what is to be said after them.</summary>
        public YamlException Refusal(params ReadOnlySpan<YamlFault> last) =>
            new([.. Faults.OrderBy(fault => fault.Line), .. last]);

        private object? BindClass(YamlNode node, Type type, string path)
        {
            var mapping = IsNull(node) ? new YamlMappingNode() : node as YamlMappingNode;
            if (mapping is null) return Fail(node, path, "expected keys with values below it");
            var properties = type.GetProperties().Where(p => p.SetMethod is { IsPublic: true })
                .ToDictionary(p => KeyOf(p.Name), StringComparer.Ordinal);
            var unset = properties.Values.Where(p => p.IsDefined(typeof(RequiredMemberAttribute))).ToHashSet();
            var value = Activator.CreateInstance(type)!;
            foreach (var (keyNode, child) in mapping.Children)
            {
                var key = (keyNode as YamlScalarNode)?.Value ?? "";
                if (!properties.TryGetValue(key, out var property))
                {
                    var moved = type.GetCustomAttributes<MovedKeyAttribute>().FirstOrDefault(each => each.Key == key);
                    Fail(keyNode, PathOf(path, key), moved is null
                        ? "unknown key" + NearestName.Hint(key, properties.Keys) : $"has moved: {moved.Place}");
                    continue;
                }

                if (IsSecret(property) && !IsNull(child) && _fromCommandLine.Contains(child))
                {
                    var better = properties.ContainsKey($"{key}File")
                        ? $"the file that {PathOf(path, $"{key}File")} names" : file;
                    Fail(child, PathOf(path, key),
                        $"is a secret, and everybody on this machine can read a command line; write it into {better}");
                    continue;
                }

                if (IsTooLong(property, child, PathOf(path, key))) continue;
                if (IsNull(child) && MayBeAbsent(property)) property.SetValue(value, null);
                else if (Bind(child, property.PropertyType, PathOf(path, key)) is not { } bound) continue;
                else if (!Fits(property, bound, child, PathOf(path, key))) continue;
                else property.SetValue(value, bound);
                unset.Remove(property);
            }

            foreach (var property in unset)
            {
                var key = KeyOf(property.Name);
                if (!mapping.Children.ContainsKey(new YamlScalarNode(key))) Fail(node, PathOf(path, key), "is missing");
            }

            // Its rules may look at what is required, so they wait until all of that is there.
            if (unset.Count > 0) return null;
            return value is not IValidatableObject validatable || IsValid(validatable, mapping, path) ? value : null;
        }

        private bool IsValid(IValidatableObject value, YamlMappingNode mapping, string path)
        {
            var before = Faults.Count;
            foreach (var result in value.Validate(new ValidationContext(value)))
            {
                var key = KeyOf(result.MemberNames.FirstOrDefault() ?? "");
                var at = mapping.Children.Keys.FirstOrDefault(k => (k as YamlScalarNode)?.Value == key) ?? mapping;
                var place = key.Length == 0 ? path : PathOf(path, key);
                // What could not be read has its default, about which there is nothing to say.
                if (!Faults.Any(fault => fault.Key == place)) Fail(at, place, result.ErrorMessage ?? "");
            }

            return Faults.Count == before;
        }

        // Before its items are read, each of which could have a fault of its own.
        private bool IsTooLong(PropertyInfo property, YamlNode node, string path)
        {
            if (property.GetCustomAttribute<LengthAttribute>() is not { } length || node is not YamlSequenceNode list
                || list.Children.Count <= length.MaximumLength) return false;
            Fail(node, path, length.FormatErrorMessage(KeyOf(property.Name)));
            return true;
        }

        // All items or none: a list without the faulty ones would be judged as if it were the one that was written.
        private object? BindList(YamlNode node, Type element, string path)
        {
            if (node is not YamlSequenceNode sequence) return Fail(node, path, "expected a list");
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
            for (var i = 0; i < sequence.Children.Count; i++)
            {
                if (Bind(sequence.Children[i], element, $"{path}.{i}") is { } item) list.Add(item);
            }

            return list.Count == sequence.Children.Count ? list : null;
        }

        private object? BindScalar(YamlNode node, Type type, string path)
        {
            if (node is not YamlScalarNode { Value: { } text } || IsNull(node))
                return Fail(node, path, $"expected {Expectation(type)}");
            if (type == typeof(string)) return text;
            if (type.IsEnum)
            {
                var names = Enum.GetNames(type).ToDictionary(SnakeCase);
                return names.TryGetValue(text, out var name)
                    ? Enum.Parse(type, name)
                    : Fail(node, path, $"{Quote(text)} is not one of {string.Join(", ", names.Keys)}"
                                       + NearestName.Hint(text, names.Keys));
            }

            if (type == typeof(bool) && bool.TryParse(text, out var flag)) return flag;
            if (type == typeof(int) && int.TryParse(text, CultureInfo.InvariantCulture, out var whole)) return whole;
            // NumberStyles.Float knows no thousands, so that 0,5 is refused rather than read as 5.
            if (type == typeof(float)
                && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single)
                && float.IsFinite(single))
                return single;
            if (type == typeof(double)
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number))
                return number;
            return Fail(node, path, $"{Quote(text)} is not {Expectation(type)}");
        }

        private bool Fits(PropertyInfo property, object value, YamlNode node, string path)
        {
            var before = Faults.Count;
            // The attributes leave an empty text to [Required]; the language's own keyword is to mean the same.
            if (value is "" && property.IsDefined(typeof(RequiredMemberAttribute)))
                Fail(node, path, "must not be empty");
            foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
            {
                if (attribute.IsValid(value)) continue;
                var problem = attribute switch
                {
                    RangeAttribute range => string.Create(CultureInfo.InvariantCulture,
                        $"{value} is out of range, {range.Minimum} to {range.Maximum}"),
                    { ErrorMessage: { } message } => $"{Quote($"{value}")} {message}",
                    _ => attribute.FormatErrorMessage(KeyOf(property.Name)),
                };
                Fail(node, path, problem);
            }

            return Faults.Count == before;
        }

        private object? Fail(YamlNode node, string path, string problem)
        {
            Faults.Add(_fromCommandLine.Contains(node)
                ? new YamlFault("--set", 0, path, problem)
                : new YamlFault(file, (int)node.Start.Line, path, problem));
            if (Faults.Count < MaxFaults) return null;
            throw Refusal(new YamlFault(file, 0, "", $"may have more faults; these are the first {MaxFaults}"));
        }

        private static bool IsNull(YamlNode node) =>
            node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" };

        private static bool IsSecret(PropertyInfo property) =>
            property.GetCustomAttribute<DataTypeAttribute>() is { DataType: DataType.Password };

        private static bool MayBeAbsent(PropertyInfo property) =>
            new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

        // Before it is cut, which may leave the half of an address that no longer looks like one.
        private static string Quote(string text) => $"'{YamlFault.Shorten(Redaction.Text(text), 60)}'";

        private static Type? ElementType(Type type) =>
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                ? type.GetGenericArguments()[0]
                : null;

        private static string PathOf(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

        private static string KeyOf(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

        private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

        private static string Expectation(Type type) => type == typeof(bool) ? "true or false"
            : type == typeof(int) ? "a whole number"
            : type == typeof(string) ? "a text"
            : type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type).Select(SnakeCase))
            : "a number";
    }
}
