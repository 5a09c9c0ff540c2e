using System.ComponentModel.DataAnnotations;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Http;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;

namespace EdgePerception.Runtime.Tests.Messaging.Transports;

/// <summary>Settings that a program made are looked at by the rules of a file's.</summary>
public sealed class SettingsFaultsTests
{
    [Fact]
    public void What_a_file_may_say_by_default_is_right()
    {
        IValidatableObject[] all = [new MqttSettings(), new ZeroMqSettings(), new HttpSettings(),
            new CommandSettings()];
        Assert.All(all, settings => Assert.Empty(settings.Faults()));
    }

    [Theory]
    [InlineData(0, "0 is out of range: 1 to 65535")]
    [InlineData(65536, "65536 is out of range: 1 to 65535")]
    [InlineData(-1, "-1 is out of range: 1 to 65535")]
    public void A_figure_out_of_range_is_told_with_the_range(int port, string reason) => Assert.Equal(
        new SettingsFault("port", reason), Assert.Single(new MqttSettings { Port = port }.Faults()));

    [Fact]
    public void Ranges_and_rules_are_told_together_and_ranges_of_sections_within_by_their_way()
    {
        var settings = new ZeroMqSettings
        {
            Publish = "udp://x",
            MaxControllers = 0,
            ShutdownMs = 60_001,
            Curve = new ZeroMqCurveSettings(),
        };
        Assert.Equal(
            ["curve.secretKeyFile", "maxControllers", "publish", "shutdownMs"],
            settings.Faults().Select(fault => fault.Key).Order());
    }

    [Theory]
    [InlineData(250, 250, null)]
    [InlineData(250, 249, "249 is out of range: 250 to 3600000")]
    [InlineData(250, 9, "9 is out of range: 10 to 3600000")]
    [InlineData(250, 3_600_001, "3600001 is out of range: 10 to 3600000")]
    public void The_longest_wait_is_not_below_the_first(int min, int max, string? reason)
    {
        var faults = new MqttSettings { ReconnectMinMs = min, ReconnectMaxMs = max }.Faults();
        Assert.Equal(
            reason is null ? [] : [new SettingsFault("reconnectMaxMs", reason)], faults);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("edge/robot/reply/", null)]
    [InlineData("edge", "'edge' must be names parted by '/', and end in '/'")]
    [InlineData("/", "'/' must be names parted by '/', and end in '/'")]
    [InlineData("edge/#/", "'edge/#/' must be names parted by '/', and end in '/'")]
    [InlineData("edge//", "'edge//' must be names parted by '/', and end in '/'")]
    public void The_prefix_of_replies_is_a_topic_that_goes_on(string prefix, string? reason) => Assert.Equal(
        reason,
        new CommandSettings { ReplyToPrefix = prefix }.Faults().Select(fault => fault.Reason).SingleOrDefault());

    [Theory]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://localhost:9464/", true)]
    [InlineData("http://[::1]:9464", true)]
    [InlineData("http://0.0.0.0:9464", true)]
    [InlineData("http://robot:9464", false)]
    [InlineData("https://127.0.0.1:9464", false)]
    [InlineData("127.0.0.1:9464", false)]
    [InlineData("http://127.0.0.1", false)]
    [InlineData("http://127.0.0.1:070000", false)]
    public void Only_numbers_are_addresses_to_listen_at(string address, bool isRight) =>
        Assert.Equal(isRight, new HttpSettings { Address = address }.Faults().Count == 0);

    [Fact]
    public void All_faults_of_a_section_make_one_line()
    {
        var wrong = new MqttSettings { Port = 0, Password = "a", PasswordFile = "/nowhere" };
        var message = Assert.Throws<MessagingException>(() => SettingsFaults.ThrowIfAny("mqtt", wrong)).Message;
        Assert.StartsWith(
            "mqtt.port 0 is out of range: 1 to 65535; mqtt.username is needed", message, StringComparison.Ordinal);
        Assert.Contains("; mqtt.password and passwordFile exclude each other; ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        SettingsFaults.ThrowIfAny("mqtt", new MqttSettings());
    }

    [Fact]
    public void Who_asks_for_the_faults_of_nothing_is_told_so() =>
        Assert.Throws<ArgumentNullException>(() => ((MqttSettings)null!).Faults());
}
