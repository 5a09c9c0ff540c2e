using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>Whoever should read the log does not: a stalled collector, a terminal that was told to wait.</summary>
public sealed class UnreadLogTests : IDisposable
{
    private const int Rounds = 10;
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("--quiet")]
    [InlineData("--duration=10m")]
    public async Task A_log_that_nobody_reads_delays_no_stop_no_message_and_no_end(string option)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        var configuration = _folder.Write("service.yaml",
            $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}"
            + Settings.Mqtt(broker.Port));
        using var program = EdgeProgram.StartUnread("run", "--config", configuration, option);
        await watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Act, "the level act");

        // Each of these is a line, of the transport's thread, the loop's or the supervisor's. A broker keeps 1,000 for
        // a slow client.
        for (var round = 0; round < Rounds; round++)
        {
            await FloodAsync(broker, "listen", Enumerable.Repeat("hello", 200));
            var text = $"go to {new string('x', 500)}";
            var commands = Enumerable.Range(0, 50).Select(i => $$"""{"id":"c{{i}}","text":"{{text}}"}""");
            await FloodAsync(broker, "command", commands);
            await FloodAsync(broker, "halt", Enumerable.Repeat("halt", 50));
            await FloodAsync(broker, "resume", Enumerable.Repeat("{}", 50));
            var told = watcher.On("safety").Count;
            Assert.Equal(ActionKind.Stop, (await watcher.SayAsync($"s{round}", "stop")).Action);
            await watcher.SeesAsync<Safety>("safety", safety => safety.Cause == "a stop command", "the halt", told);
        }

        await watcher.SeesAsync<Scene>("scene", _ => true, "a scene after that", watcher.On("scene").Count);
        await watcher.SeesAsync<Health>("health", _ => true, "health after that", watcher.On("health").Count);

        program.Terminate();
        var result = await program.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        await Eventually.Until(() => watcher.On("available")[^1].Text == "offline", "the goodbye");
    }

    public void Dispose() => _folder.Dispose();

    private static Task FloodAsync(MosquittoBroker broker, string topic, IEnumerable<string> messages) =>
        MosquittoSubscriber.PublishLinesAsync(
            broker, $"edge/{RunningService.Device}/{topic}", string.Join('\n', messages));
}
