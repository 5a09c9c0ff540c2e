using System.Text;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Yaml;

/// <summary>Whatever a file or an override says, the answer is settings or faults, never another exception.</summary>
public sealed class YamlProperties : IDisposable
{
    private static readonly string[] Pieces =
    [
        "name", "mode", "framesPerSecond", "threshold", "mqtt", "port", "wheels", "pins", "mean", "limit", ":", ": ",
        "- ", "\n",
        "\n  ", "\n    ", "\t", "[", "]", "{", "}", ", ", "'", "\"", "\\", "&a ", "*a", "!", "!!int ", "!<x> ", "|\n",
        ">-\n", "? ",
        "---\n", "...\n", "%TAG ! x:\n", "%YAML 1.1\n", "#", "@", "`", "~", "null", "1", "-3", "1e3", "0x1F", ".inf",
        "true",
        "careful", "\0", "\u0085", "\u2028", "\ufeff", "\u202e", "\u2066", "😀", "<<: ", "\\u12", "\r",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 1500, Replay = "17,31")]
    public Property Any_mixture_of_YAMLs_own_signs_is_settings_or_faults() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), IsSettingsOrFaults);

    [Property(MaxTest = 1000, Replay = "17,31")]
    public bool Any_text_is_settings_or_faults(string? text) => IsSettingsOrFaults(text ?? "");

    [Property(MaxTest = 1000, Replay = "17,31")]
    public bool Any_bytes_are_settings_or_faults(byte[] bytes) =>
        IsSettingsOrFaults(_folder.Write("robot.yaml", bytes), []);

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property Any_overrides_are_settings_or_faults() => Prop.ForAll(
        Gen.Elements("mqtt", "port", "wheels", "0", "1", "-1", "name", ".", ".", "=", "=", "x", "", "99999999999")
            .ListOf().Select(string.Concat).ListOf().ToArbitrary(),
        overrides =>
            IsSettingsOrFaults(_folder.Write("robot.yaml", "mqtt: {port: 1}\nwheels: [{name: a}]"), [.. overrides]));

    [Property(MaxTest = 300, Replay = "17,31")]
    public bool A_text_comes_back_as_it_was_written(NonNull<string> text)
    {
        var host = string.Concat(text.Get.Where(c => !char.IsSurrogate(c)));
        var escaped = string.Concat(host.Select(c => $"\\u{(int)c:x4}"));
        var path = _folder.Write("robot.yaml", $"mqtt: {{host: \"{escaped}\"}}");
        return YamlBinder.Read<RobotSettings>(path).Mqtt.Host == host;
    }

    [Property(MaxTest = 500, Replay = "17,31")]
    public bool A_number_comes_back_as_it_was_written(NormalFloat number)
    {
        var path = _folder.Write("robot.yaml", FormattableString.Invariant($"gain: {number.Get:R}"));
        return YamlBinder.Read<RobotSettings>(path).Gain == number.Get;
    }

    private bool IsSettingsOrFaults(string text) =>
        IsSettingsOrFaults(_folder.Write("robot.yaml", Encoding.UTF8.GetBytes(text)), []);

    private static bool IsSettingsOrFaults(string path, string[] overrides)
    {
        try
        {
            return YamlBinder.Read<RobotSettings>(path, overrides) is not null;
        }
        catch (YamlException e)
        {
            return e.Faults.Count > 0 && e.Faults.All(fault => HiddenCharacters.In(fault.ToString()).Count == 0);
        }
    }
}
