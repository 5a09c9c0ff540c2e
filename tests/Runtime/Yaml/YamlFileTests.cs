using System.Text;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Tests.Yaml.YamlTexts;

namespace EdgePerception.Runtime.Tests.Yaml;

/// <summary>Files that are no YAML of ours, and those that someone made to do harm.</summary>
public class YamlFileTests
{
    [Theory]
    [InlineData("name: [a\nmode: b", 2)]
    [InlineData("name: a\nmqtt:\n\tport: 1\n# end", 3)]
    [InlineData("name: 'a", 1)]
    [InlineData("name: a\n mode: b", 2)]
    [InlineData("name: @a", 1)]
    [InlineData("%YAML 99999999999.1\n---\nname: a", 1)]
    public void What_is_not_YAML_is_told_with_its_line(string text, int line) =>
        Assert.StartsWith($"robot.yaml:{line}: not valid YAML: ", Fault(text));

    [Fact]
    public void A_key_that_stands_twice_is_refused()
    {
        Assert.Contains("name", Fault("name: a\narmed: true\nname: b"));
        Assert.StartsWith("robot.yaml:3: ", Fault("name: a\narmed: true\nname: b"));
    }

    [Theory]
    [InlineData("- a\n- b")]
    [InlineData("just words")]
    public void The_top_of_the_file_must_hold_keys(string text) =>
        Assert.Equal("robot.yaml:1: expected keys with values (key: value) at the top of the file", Fault(text));

    [Fact]
    public void A_second_document_is_refused_rather_than_passed_over() =>
        Assert.Equal("robot.yaml:3: a second document ('---') begins here; one file holds one",
            Fault("name: a\n\n---\nname: b"));

    [Fact]
    public void Aliases_are_refused_with_what_to_do() =>
        Assert.Equal("robot.yaml:2: aliases (*a) are not read here; write the value out",
            Fault("mean: &a [1, 2, 3]\nmodes: *a"));

    [Fact]
    public void An_alias_to_itself_is_refused() => Assert.Contains("alias", Fault("wheels: &a [*a]"));

    [Fact]
    public void A_bomb_of_aliases_is_refused_at_its_first()
    {
        var text = new StringBuilder("a0: &a0 [x, x]\n");
        for (var i = 1; i < 60; i++) text.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");
        text.Append("? *a59\n: 1\n");
        Assert.StartsWith("robot.yaml:2: ", Fault(text.ToString()));
    }

    [Theory]
    [InlineData("[", 400_000)]
    [InlineData("{a: ", 200_000)]
    [InlineData("- ", 400_000)]
    [InlineData("? ", 400_000)]
    public void A_tower_of_nested_values_is_refused_before_it_can_fall(string floor, int floors) =>
        Assert.Contains("nested too deeply", Fault(string.Concat(Enumerable.Repeat(floor, floors))));

    [Fact]
    public void Faults_stay_one_short_line_whatever_the_file_says()
    {
        Assert.StartsWith("robot.yaml:1: name: '", Fault($"name: \"a\\nb\\e[31m{new string('x', 100_000)}\""));
        Assert.StartsWith("robot.yaml:1: ", Fault($"\"a\\nb\\e[31m{new string('x', 900)}\": 1"));
        Assert.StartsWith("--set: ", Fault("", $"na\nme\u001b{new string('x', 100_000)}=1"));
        Assert.StartsWith("--set: ", Fault("", $"na\nme\u001b{new string('x', 100_000)}"));
        var marks = string.Concat(Enumerable.Repeat("\\u202E", 900));
        Assert.StartsWith("robot.yaml:1: name: '", Fault($"name: \"{marks}\""));
    }

    [Fact]
    public void A_file_over_1_MiB_is_refused() =>
        Assert.Equal("robot.yaml: is larger than 1 MiB, the most that is read here",
            Fault("#" + new string('x', 1 << 20)));

    [Fact]
    public void A_file_of_1_MiB_is_read() => Assert.Equal("robot", Read("#" + new string('x', (1 << 20) - 1)).Name);

    [Fact]
    public void A_file_without_end_is_refused() =>
        Assert.Equal("/dev/zero: is a device, not a file", OfPath("/dev/zero").Message);

    [Theory]
    [InlineData(new byte[] { (byte)'n', (byte)'a', (byte)'m', (byte)'e', (byte)':', (byte)' ', 0xE9 })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { (byte)'#', 0xFF, 0xFE })]
    public void Text_that_is_not_UTF8_is_refused(byte[] bytes) =>
        Assert.Equal("robot.yaml: is not text in UTF-8", Assert.Single(Faults(bytes)));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("no/such/file.yaml")]
    public void A_file_that_is_not_there_is_told(string path) =>
        Assert.EndsWith(": no such file", OfPath(path).Message);

    [Fact]
    public void A_folder_is_no_file()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"{folder.Path}: is a folder, not a file", OfPath(folder.Path).Message);
    }

    private static YamlException OfPath(string path) =>
        Assert.Throws<YamlException>(() => YamlBinder.Read<RobotSettings>(path));
}
