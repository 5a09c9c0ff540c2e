using static EdgePerception.Runtime.Tests.Yaml.YamlTexts;

namespace EdgePerception.Runtime.Tests.Yaml;

public class YamlBinderTests
{
    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var robot = Read("""
            name: rover-7
            mode: full_speed      # snake case
            armed: true
            framesPerSecond: 60
            threshold: 0.25
            gain: -1.5e3
            fieldOfView: 62.2
            mqtt:
              host: broker.local
              topics: [a, "b c", 'd: e']
            wheels:
              - name: left
                radiusMeters: 0.3
                pins: [1, 2]
              - { name: right }
            mean: [1, 2.5, -3]
            modes: [careful, full_speed]
            """);
        Assert.Equal("rover-7", robot.Name);
        Assert.Equal(DriveMode.FullSpeed, robot.Mode);
        Assert.True(robot.Armed);
        Assert.Equal(
            (60, 0.25f, -1500.0, 62.2f), (robot.FramesPerSecond, robot.Threshold, robot.Gain, robot.FieldOfView));
        Assert.Equal(("broker.local", 1883), (robot.Mqtt.Host, robot.Mqtt.Port));
        Assert.Equal(["a", "b c", "d: e"], robot.Mqtt.Topics);
        Assert.Equal(["left", "right"], robot.Wheels.Select(wheel => wheel.Name));
        Assert.Equal([1, 2], robot.Wheels[0].Pins);
        Assert.Equal(0.1f, robot.Wheels[1].RadiusMeters);
        Assert.Equal([1, 2.5f, -3], robot.Mean);
        Assert.Equal([DriveMode.Careful, DriveMode.FullSpeed], robot.Modes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    [InlineData("---\n...\n")]
    [InlineData("\ufeff")]
    public void An_empty_file_leaves_every_default(string text) => Assert.Equal(30, Read(text).FramesPerSecond);

    [Theory]
    [InlineData("framesPerSecnd: 3", "framesPerSecond")]
    [InlineData("FramesPerSecond: 3", "framesPerSecond")]
    [InlineData("frames_per_second: 3", "framesPerSecond")]
    [InlineData("nmae: x", "name")]
    [InlineData("mdoe: careful", "mode")]
    public void A_misspelt_key_is_told_with_the_nearest_right_one(string text, string meant)
    {
        var key = text[..text.IndexOf(':')];
        Assert.Equal($"robot.yaml:1: {key}: unknown key; did you mean '{meant}'?", Fault(text));
    }

    [Theory]
    [InlineData("zzzzzzzzzz: 1")]
    [InlineData("qq: 1")]
    [InlineData("x: 1")]
    [InlineData("42: 1")]
    public void A_key_like_no_other_gets_no_suggestion(string text) =>
        Assert.Equal($"robot.yaml:1: {text[..text.IndexOf(':')]}: unknown key", Fault(text));

    [Fact]
    public void A_property_that_cannot_be_set_is_not_a_key() =>
        Assert.Equal("robot.yaml:1: doubled: unknown key", Fault("doubled: 2"));

    [Fact]
    public void An_unknown_key_within_a_list_has_its_whole_path_and_its_own_line() =>
        Assert.Equal("robot.yaml:4: wheels.1.radius: unknown key",
            Fault("wheels:\n  - name: a\n  - name: b\n    radius: 1"));

    [Theory]
    [InlineData("framesPerSecond: fast", "framesPerSecond: 'fast' is not a whole number")]
    [InlineData("framesPerSecond: 1.5", "framesPerSecond: '1.5' is not a whole number")]
    [InlineData("framesPerSecond: 1e3", "framesPerSecond: '1e3' is not a whole number")]
    [InlineData("framesPerSecond: 0x10", "framesPerSecond: '0x10' is not a whole number")]
    [InlineData("framesPerSecond: 0o10", "framesPerSecond: '0o10' is not a whole number")]
    [InlineData("framesPerSecond: 1_000", "framesPerSecond: '1_000' is not a whole number")]
    [InlineData("framesPerSecond: 99999999999", "framesPerSecond: '99999999999' is not a whole number")]
    [InlineData("framesPerSecond: [1]", "framesPerSecond: expected a whole number")]
    [InlineData("framesPerSecond: {a: 1}", "framesPerSecond: expected a whole number")]
    [InlineData("framesPerSecond:", "framesPerSecond: expected a whole number")]
    [InlineData("framesPerSecond: null", "framesPerSecond: expected a whole number")]
    [InlineData("framesPerSecond: ~", "framesPerSecond: expected a whole number")]
    [InlineData("framesPerSecond: ''", "framesPerSecond: '' is not a whole number")]
    [InlineData("gain: NaN", "gain: 'NaN' is not a number")]
    [InlineData("gain: .nan", "gain: '.nan' is not a number")]
    [InlineData("gain: .inf", "gain: '.inf' is not a number")]
    [InlineData("gain: Infinity", "gain: 'Infinity' is not a number")]
    [InlineData("gain: -∞", "gain: '-∞' is not a number")]
    [InlineData("gain: 1e999", "gain: '1e999' is not a number")]
    [InlineData("gain: 0,5", "gain: '0,5' is not a number")]
    [InlineData("threshold: 0,5", "threshold: '0,5' is not a number")]
    [InlineData("threshold: 1e39", "threshold: '1e39' is not a number")]
    [InlineData("threshold: 1,000", "threshold: '1,000' is not a number")]
    [InlineData("armed: yes", "armed: 'yes' is not true or false")]
    [InlineData("armed: 1", "armed: '1' is not true or false")]
    [InlineData("armed: on", "armed: 'on' is not true or false")]
    [InlineData("name:", "name: expected a text")]
    [InlineData("name: [a]", "name: expected a text")]
    [InlineData("mqtt: 5", "mqtt: expected keys with values below it")]
    [InlineData("mqtt: [a]", "mqtt: expected keys with values below it")]
    [InlineData("wheels: left", "wheels: expected a list")]
    [InlineData("wheels:", "wheels: expected a list")]
    [InlineData("wheels: {name: left}", "wheels: expected a list")]
    [InlineData("wheels: [left]", "wheels.0: expected keys with values below it")]
    [InlineData("mean: [1, two, 3]", "mean.1: 'two' is not a number")]
    [InlineData("fieldOfView: wide", "fieldOfView: 'wide' is not a number")]
    public void A_value_of_the_wrong_type_is_told_with_the_right_type(string text, string fault) =>
        Assert.Contains($"robot.yaml:1: {fault}", Faults(text));

    [Theory]
    [InlineData("framesPerSecond: 010", 10)]
    [InlineData("framesPerSecond: +7", 7)]
    [InlineData("framesPerSecond: '7'", 7)]
    public void Whole_numbers_are_decimal_whatever_leads_them(string text, int value) =>
        Assert.Equal(value, Read(text).FramesPerSecond);

    [Theory]
    [InlineData("gain: 1e3", 1000)]
    [InlineData("gain: .5", 0.5)]
    [InlineData("gain: 5.", 5)]
    [InlineData("gain: -0", 0)]
    [InlineData("gain: 12", 12)]
    public void Numbers_may_be_written_with_point_and_exponent(string text, double value) =>
        Assert.Equal(value, Read(text).Gain);

    [Theory]
    [InlineData("framesPerSecond: 0", "framesPerSecond: 0 is out of range, 1 to 240")]
    [InlineData("framesPerSecond: 241", "framesPerSecond: 241 is out of range, 1 to 240")]
    [InlineData("threshold: -0.01", "threshold: -0.01 is out of range, 0 to 1")]
    [InlineData("threshold: 1.01", "threshold: 1.01 is out of range, 0 to 1")]
    [InlineData("mqtt: {port: 65536}", "mqtt.port: 65536 is out of range, 1 to 65535")]
    [InlineData("wheels: [{name: a, radiusMeters: 3}]", "wheels.0.radiusMeters: 3 is out of range, 0.05 to 2")]
    [InlineData("name: Rover 7", "name: 'Rover 7' is not a name of lower-case letters, digits and '-'")]
    [InlineData("mode: fast", "mode: 'fast' is not one of careful, full_speed")]
    [InlineData("mode: FullSpeed", "mode: 'FullSpeed' is not one of careful, full_speed; did you mean 'full_speed'?")]
    [InlineData("mode: 1", "mode: '1' is not one of careful, full_speed")]
    [InlineData("mode:", "mode: expected one of careful, full_speed")]
    [InlineData(
        "modes: [careful, carefull]", "modes.1: 'carefull' is not one of careful, full_speed; did you mean 'careful'?")]
    public void A_value_that_may_not_be_is_told_with_those_that_may(string text, string fault) =>
        Assert.Equal($"robot.yaml:1: {fault}", Fault(text));

    [Theory]
    [InlineData("mean: [1, 2]")]
    [InlineData("mean: []")]
    [InlineData("mean: [1, 2, 3, 4]")]
    public void A_list_of_the_wrong_length_is_told_with_the_right_one(string text)
    {
        var fault = Fault(text);
        Assert.StartsWith("robot.yaml:1: mean: ", fault);
        Assert.Contains("'3'", fault);
    }

    [Fact]
    public void A_required_key_that_is_missing_is_told_where_its_parent_stands() =>
        Assert.Equal("robot.yaml:3: wheels.1.name: is missing", Fault("wheels:\n  - name: a\n  - radiusMeters: 1"));

    [Fact]
    public void A_required_text_must_not_be_empty() =>
        Assert.Equal("robot.yaml:1: wheels.0.name: must not be empty", Fault("wheels: [{name: ''}]"));

    [Fact]
    public void A_null_leaves_a_nested_class_at_its_defaults_and_empties_what_may_be_absent()
    {
        var robot = Read("mqtt:\nfieldOfView: ~\nlimit: null");
        Assert.Equal(1883, robot.Mqtt.Port);
        Assert.Null(robot.FieldOfView);
        Assert.Null(robot.Limit);
        Assert.Equal(7, Read("").Limit);
    }

    [Fact]
    public void Of_a_list_that_is_too_long_no_item_is_looked_at()
    {
        var fault = Fault($"mean: [{string.Join(',', Enumerable.Repeat("x", 100_000))}]");
        Assert.StartsWith("robot.yaml:1: mean: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_hundred_faults_are_told_and_that_there_may_be_more()
    {
        var faults = Faults($"wheels: [{string.Join(',', Enumerable.Repeat("{nmae: a}", 100_000))}]");
        Assert.Equal((101, "robot.yaml: may have more faults; these are the first 100"), (faults.Length, faults[^1]));
        Assert.Equal(99, Faults($"wheels: [{string.Join(',', Enumerable.Repeat("{}", 98))}]\nnaem: x").Length);
    }

    [Theory]
    [InlineData("name: rtsp://admin:Geheim12@host/a")]
    [InlineData("framesPerSecond: 'rtsp://admin:a-rather-long-one-that-goes-beyond-the-cut-of-a-quote-Geheim12@host/'")]
    [InlineData("mode: https://host/a?token=Geheim12")]
    [InlineData("rtsp://admin:Geheim12@host/: x")]
    [InlineData("mqtt: {port: admin:Geheim12@host}")]
    public void No_password_of_an_address_is_told(string text)
    {
        var fault = Fault(text);
        Assert.StartsWith("robot.yaml:1: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("eheim", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("rather", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_over_several_keys_are_told_at_the_key_they_name() =>
        Assert.Equal(
            "robot.yaml:3: mqtt.port: localhost has no broker there", Fault("mqtt:\n  host: localhost\n  port: 1"));

    [Fact]
    public void All_faults_come_at_once_in_the_order_of_the_file()
    {
        string[] expected =
        [
            "robot.yaml:1: naem: unknown key; did you mean 'name'?",
            "robot.yaml:2: framesPerSecond: 'fast' is not a whole number",
            "robot.yaml:4: mqtt.port: 0 is out of range, 1 to 65535",
            "robot.yaml:5: mqtt.tpoics: unknown key; did you mean 'topics'?",
            "robot.yaml:7: wheels.0.name: is missing",
            "robot.yaml:7: wheels.0.pins.1: 'x' is not a whole number",
            "robot.yaml:8: armed: 'maybe' is not true or false",
        ];
        Assert.Equal(expected, Faults("""
            naem: x
            framesPerSecond: fast
            mqtt:
              port: 0
              tpoics: [a]
            wheels:
              - pins: [1, x]
            armed: maybe
            """).Order());
    }
}
