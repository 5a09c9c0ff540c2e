using EdgePerception.Runtime.CommandLine;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class ExposedSecretsTests : IDisposable
{
    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_password_file_that_everybody_can_read_is_remarked()
    {
        var password = Written("password", Closed | UnixFileMode.OtherRead);
        var key = Written("key.pem", Closed | UnixFileMode.OtherRead);
        var lines =
            Find(Configuration() with { Mqtt = new MqttSettings { PasswordFile = password, TlsKeyFile = key } });
        Assert.Equal(
            [
                $"mqtt.passwordFile: everybody on this machine can read {password}: chmod o-r {password}",
                $"mqtt.tlsKeyFile: everybody on this machine can read {key}: chmod o-r {key}",
            ], lines);
        Written("password", Closed);
        Assert.Empty(Find(Configuration() with { Mqtt = new MqttSettings { PasswordFile = password } }));
    }

    [Fact]
    public void A_configuration_with_a_password_that_everybody_can_read_is_remarked()
    {
        var file = Written("robot.yaml", Closed | UnixFileMode.OtherRead);
        foreach (var configuration in (ServiceSettings[])
        [
            Configuration() with { Mqtt = new MqttSettings { Username = "u", Password = "Geheim12" } },
            Configuration("rtsp://admin:Geheim12@host/s"),
        ])
        {
            var line = Assert.Single(Find(configuration, file));
            Assert.StartsWith($"{file}: holds a password", line, StringComparison.Ordinal);
            Assert.DoesNotContain("Geheim", line, StringComparison.Ordinal);
            Assert.Empty(Find(configuration, Written("robot2.yaml", Closed)));
        }

        Assert.Empty(Find(Configuration("rtsp://host/s"), file));
    }

    [Fact]
    public void An_address_with_a_password_on_the_command_line_is_remarked()
    {
        string[] overrides = ["cameras.0.url=rtsp://admin:Geheim12@host/s", "mqtt.port=1"];
        var line = Assert.Single(ExposedSecrets.Find("robot.yaml", overrides, Configuration()));
        Assert.StartsWith("--set: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Geheim", line, StringComparison.Ordinal);
        Assert.Empty(ExposedSecrets.Find("robot.yaml", ["cameras.0.url=rtsp://host/s"], Configuration()));
    }

    private static ServiceSettings Configuration(string? url = null) =>
        new() { Cameras = [new CameraSettings { Name = "front", Kind = CameraKind.Rtsp, Url = url }] };

    private static List<string> Find(ServiceSettings configuration, string file = "/nowhere.yaml") =>
        [.. ExposedSecrets.Find(file, [], configuration)];

    private string Written(string name, UnixFileMode mode)
    {
        var path = _folder.Write(name, "x");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
        return path;
    }
}
