using static EdgePerception.Runtime.Tests.Yaml.YamlTexts;

namespace EdgePerception.Runtime.Tests.Yaml;

public class YamlOverrideTests
{
    [Fact]
    public void An_override_lies_over_the_file()
    {
        var robot = Read("mqtt: {host: a, port: 2}\nframesPerSecond: 5", "mqtt.port=1884", "framesPerSecond=6");
        Assert.Equal(("a", 1884, 6), (robot.Mqtt.Host, robot.Mqtt.Port, robot.FramesPerSecond));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mqtt:")]
    [InlineData("mqtt: ~")]
    [InlineData("\"mqtt\": {\"port\": 2}")]
    [InlineData("'mqtt':\n  'port': 2")]
    public void An_override_makes_the_keys_that_the_file_lacks(string text) =>
        Assert.Equal(1884, Read(text, "mqtt.port=1884").Mqtt.Port);

    [Fact]
    public void The_last_of_several_overrides_of_a_key_holds() =>
        Assert.Equal(3, Read("framesPerSecond: 1", "framesPerSecond=2", "framesPerSecond=3").FramesPerSecond);

    [Fact]
    public void A_secret_is_taken_from_the_file_only()
    {
        var fault = Fault("mqtt: {password: inside}", "mqtt.password=Geheim12");
        Assert.StartsWith("--set: mqtt.password: is a secret", fault, StringComparison.Ordinal);
        Assert.EndsWith("write it into the file that mqtt.passwordFile names", fault, StringComparison.Ordinal);
        Assert.Equal("inside", Read("mqtt: {password: inside}", "mqtt.passwordFile=/run/secret").Mqtt.Password);
    }

    [Fact]
    public void An_override_reaches_into_lists()
    {
        var robot = Read("wheels:\n  - name: a\n    pins: [1, 2]\n  - name: b", "wheels.1.name=c", "wheels.0.pins.1=9");
        Assert.Equal(["a", "c"], robot.Wheels.Select(wheel => wheel.Name));
        Assert.Equal([1, 9], robot.Wheels[0].Pins);
    }

    [Fact]
    public void The_value_may_hold_equals_signs_and_anything_else()
    {
        Assert.Equal("a=b=c", Read("", "mqtt.host=a=b=c").Mqtt.Host);
        Assert.Equal(" # no: comment", Read("", "mqtt.host= # no: comment").Mqtt.Host);
    }

    [Fact]
    public void An_override_mends_a_value_that_is_wrong_in_the_file() =>
        Assert.Equal(8, Read("framesPerSecond: fast", "framesPerSecond=8").FramesPerSecond);

    [Theory]
    [InlineData("framesPerSecond", "--set: 'framesPerSecond' is not key=value")]
    [InlineData("=5", "--set: '=5' is not key=value")]
    [InlineData("", "--set: '' is not key=value")]
    [InlineData("framesPerSecond=", "--set: framesPerSecond: expected a whole number")]
    [InlineData("framesPerSecond=0", "--set: framesPerSecond: 0 is out of range, 1 to 240")]
    [InlineData("framesPerSecnd=1", "--set: framesPerSecnd: unknown key; did you mean 'framesPerSecond'?")]
    [InlineData("mqqt.port=1", "--set: mqqt: unknown key; did you mean 'mqtt'?")]
    [InlineData("mqtt.prt=1", "--set: mqtt.prt: unknown key; did you mean 'port'?")]
    [InlineData("mqtt=1", "--set: mqtt: expected keys with values below it")]
    [InlineData("threshold.low=1", "--set: threshold.low: there is no 'low' to set")]
    [InlineData("gain.low=1", "--set: gain: expected a number")]
    [InlineData("mean.3=1", "--set: mean.3: there is no '3' to set")]
    [InlineData("mean.-1=1", "--set: mean.-1: there is no '-1' to set")]
    [InlineData("mean.x=1", "--set: mean.x: there is no 'x' to set")]
    [InlineData("modes.0=careful", "--set: modes: expected a list")]
    [InlineData("mqtt..port=1", "--set: mqtt.: unknown key")]
    [InlineData("mqtt.=1", "--set: mqtt.: unknown key")]
    public void A_bad_override_is_told_as_one(string assignment, string fault) =>
        Assert.Equal(fault, Fault("threshold: 1\nmean: [1, 2, 3]", assignment));

    [Fact]
    public void A_fault_of_the_file_is_not_laid_at_the_overrides_door()
    {
        var faults = Faults("threshold: 70\nframesPerSecond: 1\nnaem: x", "framesPerSecond=70", "gain=70");
        Assert.Equal(
            ["robot.yaml:1: threshold: 70 is out of range, 0 to 1",
                "robot.yaml:3: naem: unknown key; did you mean 'name'?"], faults);
        faults = Faults("naem: {port: 1}\nport: 3", "mqtt.port=5");
        Assert.Equal(
            ["robot.yaml:1: naem: unknown key; did you mean 'name'?", "robot.yaml:2: port: unknown key"], faults);
    }

    [Fact]
    public void Faults_of_overrides_and_of_the_file_come_together() =>
        Assert.Equal(["--set: armed: 'maybe' is not true or false", "robot.yaml:1: gain: 'much' is not a number"],
            Faults("gain: much", "armed=maybe"));
}
