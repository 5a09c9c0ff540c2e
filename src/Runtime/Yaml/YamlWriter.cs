using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgePerception.Runtime.Yaml;

/// <summary>
/// Writes plain classes as <see cref="YamlBinder"/> reads them: what stands at its default is left out, comments stand
/// at the values that they are about.
/// </summary>
public static partial class YamlWriter
{
    private const int Width = 120;
    private static readonly JsonSerializerOptions Quoting = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The lines of a file.</summary>
    /// <param name="value">What is written.</param>
    /// <param name="notes">Comments by key, such as <c>inputs.0.shape</c>.</param>
    /// <param name="shown">Keys of sections that are written although they may stand at their defaults.</param>
    public static IEnumerable<string> Write(
        object value, IReadOnlyDictionary<string, string> notes, IReadOnlySet<string> shown) =>
        WriteClass(value, "", "", notes, shown);

    /// <summary>A line that is a comment, whatever the text holds.</summary>
    public static string Comment(string text) =>
        "# " + string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));

    private static IEnumerable<string> WriteClass(
        object value, string path, string indent, IReadOnlyDictionary<string, string> notes, IReadOnlySet<string> shown)
    {
        foreach (var (key, child) in Members(value))
        {
            var place = path.Length == 0 ? key : $"{path}.{key}";
            if (IsClass(child) && path.Length == 0 && !shown.Contains(key)
                && child.Equals(Activator.CreateInstance(child.GetType()))) continue;
            foreach (var line in WriteValue(child, key, place, indent, notes, shown)) yield return line;
        }
    }

    private static IEnumerable<string> WriteValue(
        object value, string key, string path, string indent, IReadOnlyDictionary<string, string> notes,
        IReadOnlySet<string> shown)
    {
        var note = notes.TryGetValue(path, out var text) ? Comment(text) : "";
        // A small class deep inside reads best as one line.
        var flow = IsClass(value) && path.Contains('.', StringComparison.Ordinal) ? $"{key}: {Flow(value)}" : "";
        var isBlock = IsListOfClasses(value) || (IsClass(value) && flow.Length is 0 or > Width / 4 * 3);
        var line = isBlock ? $"{key}:" : flow.Length > 0 ? flow : $"{key}: {Flow(value)}";
        if (note.Length > 0 && indent.Length + line.Length + 2 + note.Length <= Width)
        {
            yield return $"{indent}{line}  {note}";
        }
        else
        {
            if (note.Length > 0)
            {
                foreach (var part in Wrap(note[2..], Width - indent.Length - 2, ' ')) yield return $"{indent}# {part}";
            }

            var first = true;
            foreach (var part in value is string ? [line] : Wrap(line, Width - indent.Length - 2, ','))
            {
                yield return first ? indent + part : $"{indent}  {part}";
                first = false;
            }
        }

        if (isBlock && IsClass(value))
        {
            foreach (var below in WriteClass(value, path, indent + "  ", notes, shown)) yield return below;
        }
        else if (IsListOfClasses(value))
        {
            var index = 0;
            foreach (var item in (IEnumerable)value)
            {
                var first = true;
                foreach (var below in WriteClass(item, $"{path}.{index++}", "", notes, shown))
                {
                    yield return $"{indent}  {(first ? "- " : "  ")}{below}";
                    first = false;
                }
            }
        }
    }

    private static IEnumerable<(string Key, object Value)> Members(object value)
    {
        foreach (var property in value.GetType().GetProperties().Where(p => p.SetMethod is { IsPublic: true }))
        {
            if (property.GetValue(value) is { } child and not ("" or false or ICollection { Count: 0 }))
                yield return (JsonNamingPolicy.CamelCase.ConvertName(property.Name), child);
        }
    }

    private static string Flow(object value) => value switch
    {
        string text => Scalar(text),
        bool flag => flag ? "true" : "false",
        Enum member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Flow))}]",
        _ => $"{{ {string.Join(", ", Members(value).Select(member => $"{member.Key}: {Flow(member.Value)}"))} }}",
    };

    private static string Scalar(string text) =>
        Plain().IsMatch(text) && !Special().IsMatch(text) ? text : JsonSerializer.Serialize(text, Quoting);

    private static bool IsClass(object value) =>
        value is not (string or IEnumerable) && !value.GetType().IsPrimitive && value is not Enum;

    private static bool IsListOfClasses(object value) =>
        value is IEnumerable and not string && value is IEnumerable<object> list && list.FirstOrDefault() is { } first
            && IsClass(first);

    // Breaks at blanks that follow such a character and stand in no quotes, so that no text changes.
    private static IEnumerable<string> Wrap(string text, int width, char after)
    {
        var (line, isQuoted, mayBreak) = (new StringBuilder(), false, true);
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && mayBreak && !isQuoted && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            if (line.Length > 0) line.Append(' ');
            line.Append(word);
            for (var i = 0; i < word.Length; i++)
            {
                if (word[i] == '\\') i++;
                else if (word[i] == '"') isQuoted = !isQuoted;
            }

            mayBreak = after == ' ' || word.EndsWith(after);
        }

        yield return line.ToString();
    }

    [GeneratedRegex("^[A-Za-z0-9_/][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*$")]
    private static partial Regex Plain();

    // What YAML's readers take for something else than a text.
    [GeneratedRegex(
        "^(null|true|false|yes|no|on|off|y|n|[-+.]?[0-9][0-9._]*(e[-+]?[0-9]+)?|0[xo].*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Special();
}
