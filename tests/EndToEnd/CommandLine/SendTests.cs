using System.Globalization;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

public sealed class SendTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_command_to_a_running_service_is_answered()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var yaml =
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
            + $"{Settings.Mqtt(broker.Port)}";
        await using var service = await RunningService.StartAsync(yaml);
        await service.MayActAsync();
        string[] address = ["--port", broker.Port.ToString(CultureInfo.InvariantCulture), "--device",
            RunningService.Device, "--timeout", "60s"];

        var answer =
            (await EdgeProgram.RunAsync(["send", "bring me the banana", "--id", "b1", "--json", .. address])).Json;
        Assert.Equal(
            ("b1", "absent", "bring"),
            (answer.GetProperty("id").GetString(), answer.GetProperty("outcome").GetString(),
                answer.GetProperty("action").GetString()));

        var file = _folder.Write("robot.yaml", yaml);
        var words = await EdgeProgram.RunAsync("send", "stop", "--config", file, "--timeout", "60s");
        Assert.Equal((0, "act stop\n", ""), (words.ExitCode, words.Output, words.Errors));
        Assert.False(service.Safety.MayAct);
    }

    [Fact]
    public async Task Without_a_broker_or_a_service_one_line_says_which_and_that_it_failed()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var port = broker.Port.ToString(CultureInfo.InvariantCulture);
        Failed(await EdgeProgram.RunAsync("send", "stop", "--port", port, "--device", "nobody", "--timeout", "1s"),
            $"no answer from device 'nobody' at 127.0.0.1:{port}");
        await broker.KillAsync();
        Failed(await EdgeProgram.RunAsync("send", "stop", "--port", port, "--timeout", "1s"),
            $"no MQTT broker answers at 127.0.0.1:{port}");
    }

    [Fact]
    public async Task A_command_that_no_service_would_take_is_not_sent()
    {
        const string Help = "--help shows";
        (await EdgeProgram.RunAsync("send", "")).IsRefusedWith("text: must have 1 to 2000 characters, it has 0", Help);
        (await EdgeProgram.RunAsync("send", new string('a', 2001))).IsRefusedWith(
            "text: must have 1 to 2000 characters, it has 2001", Help);
        (await EdgeProgram.RunAsync("send", "stop", "--id", "a b")).IsRefusedWith(
            "--id: must be 1 to 64 letters", Help);
        (await EdgeProgram.RunAsync("send", "stop", "--port", "99999")).IsRefusedWith(
            "--port: 99999 is out of range: 1 to 65535");
        (await EdgeProgram.RunAsync("send")).IsRefusedWith("", Help);
    }

    public void Dispose() => _folder.Dispose();

    private static void Failed(ProgramResult result, string reason)
    {
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        result.HasNoStackTrace();
    }
}
