using System.Globalization;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>A robot without any broker but the service's own, watched by mosquitto's client.</summary>
public sealed class EmbeddedBrokerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_command_is_answered_through_it_and_at_the_end_the_last_word_arrives_first()
    {
        var port = MosquittoBroker.FreePort();
        var password = _folder.Write("password", "hunter2\n");
        var file = Configuration(port, $", username: robot, passwordFile: {password}");
        using var program = EdgeProgram.Start("run", "--config", file, "--quiet");
        await program.SaysAsync("The embedded broker listens at 127.0.0.1:");
        await using var watcher = await Watcher.StartAsync(new BrokerAccess(port, "-u", "robot", "-P", "hunter2"));
        await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Act, "the level act");

        string[] options = ["--config", file, "--id", "b1", "--json", "--timeout", "60s"];
        var answer = await EdgeProgram.RunAsync(["send", "bring me the banana", .. options]);
        Assert.Equal("absent", answer.Json.GetProperty("outcome").GetString());
        Assert.Equal("b1", (await watcher.AnswerAsync("b1")).Id);
        Assert.All(watcher.On("safety"), message => Assert.InRange(message.Expiry ?? 0, 1, 5));

        program.Terminate();
        var result = await program.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        await Eventually.Until(() => watcher.On("available") is [.., { Text: "offline" }], "the last word");
        Assert.Equal("the service ended", watcher.On<Safety>("safety")[^1].Cause);
        Assert.DoesNotContain("hunter2", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_broker_has_ends_the_start_in_one_line()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var result = await EdgeProgram.RunAsync("run", "--config", Configuration(broker.Port), "--quiet");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        var port = broker.Port.ToString(CultureInfo.InvariantCulture);
        var line = Assert.Single(result.ErrorLines, each => each.Contains("mqtt.port", StringComparison.Ordinal));
        Assert.Contains($"cannot listen on 127.0.0.1:{port}: address in use", line, StringComparison.Ordinal);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task Check_refuses_the_network_and_remarks_that_nobody_is_asked_who_he_is()
    {
        var refused = await EdgeProgram.RunAsync("check", "--config", Configuration(1883, ", host: 0.0.0.0"));
        refused.IsRefusedWith("'0.0.0.0' must be 127.0.0.1, ::1 or localhost with embedded: true");
        var open = await EdgeProgram.RunAsync("check", "--config", Configuration(1883));
        Assert.Equal(0, open.ExitCode);
        Assert.Contains("warning: mqtt.embedded without mqtt.username", open.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Configuration(int port, string more = "") => _folder.Write(
        "robot.yaml",
        $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
            + Settings.Mqtt(port, ", embedded: true" + more));
}
