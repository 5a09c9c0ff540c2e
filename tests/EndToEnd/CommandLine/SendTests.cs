using System.Globalization;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
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
    public async Task A_halt_is_sent_and_lifted_by_its_name_or_as_the_one_that_stands()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var service = await RunningService.StartAsync(
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
            + $"{Settings.Mqtt(broker.Port)}");
        await service.MayActAsync();
        var address = Address(broker);
        for (var round = 0; round < 2; round++)
        {
            var halted = await EdgeProgram.RunAsync(["send", "--halt", .. address]);
            Assert.True(halted.ExitCode == 0, halted.Errors);
            var id = service.Safety.State.HaltId;
            Assert.Equal($"halt {id}: a message on the halt topic", halted.Output.Split('\n')[0]);
            string[] resume = round == 0 ? ["--resume"] : ["--resume", id];
            var lifted = await EdgeProgram.RunAsync(["send", .. resume, .. address]);
            Assert.True(lifted.ExitCode == 0, lifted.Errors);
            Assert.DoesNotContain("halt h", lifted.Output, StringComparison.Ordinal);
            Assert.False(service.Safety.State.NeedsResume);
        }

        var already = await EdgeProgram.RunAsync(["send", "--resume", "--json", .. address]);
        Assert.Equal("", already.Json.GetProperty("haltId").GetString());
    }

    [Theory]
    [InlineData("\"outcome\":\"act\",\"action\":\"arm\"", "act arm\n")]
    [InlineData("\"outcome\":\"refuse\",\"reason\":\"a halt stands\",\"later\":1", "refuse\na halt stands\n")]
    public async Task An_arm_is_sent_with_its_id_and_time_and_its_answer_printed(string answer, string words)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        using var program = EdgeProgram.Start(["send", "--arm", "--id", "a1", .. Address(broker)]);
        var arm = await watcher.SeesAsync<Arm>("arm", _ => true, "an arm");
        Assert.Equal(("a1", true), (arm.Id, arm.IssuedAt is { Seconds: > 0 }));
        await watcher.SendAsync("command/a1/result", $$"""{"id":"a1",{{answer}}}""");
        var result = await program.EndAsync();
        Assert.Equal((0, words, ""), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task A_resume_that_is_refused_says_why()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        using var program = EdgeProgram.Start(["send", "--resume", "h1", .. Address(broker)]);
        Assert.Equal("h1", (await watcher.SeesAsync<Resume>("resume", _ => true, "a resume")).Id);
        await watcher.SendAsync("command/h1/result", """{"id":"h1","outcome":"refuse","reason":"a newer one stands"}""");
        Assert.Equal("refuse\na newer one stands\n", (await program.EndAsync()).Output);
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
        foreach (var said in new string[][] { [], ["stop", "--arm"], ["--halt", "--resume"], ["go", "--resume", "h1"] })
        {
            (await EdgeProgram.RunAsync(["send", .. said])).IsRefusedWith(
                "say one thing: a command, --arm, --halt or --resume", Help);
        }

        (await EdgeProgram.RunAsync("send", "--resume", "h 1")).IsRefusedWith("--resume: a halt's id is", Help);
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Address(MosquittoBroker broker) =>
    [
        "--port", broker.Port.ToString(CultureInfo.InvariantCulture), "--device", RunningService.Device, "--timeout",
        "60s",
    ];

    private static void Failed(ProgramResult result, string reason)
    {
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        result.HasNoStackTrace();
    }
}
