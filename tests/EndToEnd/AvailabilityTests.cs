using System.Diagnostics;
using System.Globalization;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;
using Xunit.Abstractions;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// A robot that stops for nothing is switched off: under the demo's load no permit is withheld and nothing halts, and
/// each time that it happens on an overbooked machine is named. Half an hour each, with <c>make test-long</c> alone.
/// </summary>
public sealed class AvailabilityTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(30);

    [LongFact]
    public async Task Under_the_demos_load_no_permit_is_withheld() => Assert.Empty(await WatchAsync(busyLoops: 0));

    [LongFact]
    public async Task With_the_cores_twice_overbooked_hardly_any_is() =>
        Assert.True((await WatchAsync(2 * Environment.ProcessorCount)).Count <= 1);

    /// <summary>What withheld permits, or halted, once motion was permitted first.</summary>
    private async Task<IReadOnlyList<string>> WatchAsync(int busyLoops)
    {
        var port = MosquittoBroker.FreePort();
        var (publish, actions, nowhere) = (Free(), Free(), Free());
        using var program = EdgeProgram.Start(
            "run", "--config", Path.Combine(Files.Repository, "configs", "demo.yaml"),
            "--set", string.Create(CultureInfo.InvariantCulture, $"mqtt.port={port}"),
            "--set", $"zeromq.publish={publish}", "--set", $"zeromq.actions={actions}");
        await program.SaysAsync("The embedded broker listens at");
        const string Topic = "edge/demo/safety";
        await using var subscriber = await MosquittoSubscriber.StartAsync(new BrokerAccess(port), Topic);
        // It keeps what it hears, and half an hour of scenes is too much.
        using var wheels = new PythonListener(nowhere, actions, "wheels");
        await wheels.SeesAsync("registered");
        await Eventually.Until(() => Levels(0).Any(safety => safety.Level == Safety.Types.Level.Act), "the level act");
        var loops = Enumerable.Range(0, busyLoops).Select(_ => Process.Start("/bin/sh", ["-c", "while :; do :; done"]))
            .ToArray();
        try
        {
            var told = subscriber.On(Topic).Count;
            await Task.Delay(Watched);
            Safety[] levels = [.. Levels(told)];
            // It is said once a second, so that silence is no proof of motion.
            Assert.True(levels.Length > Watched.TotalSeconds / 2, $"the level was said {levels.Length} times");
            string[] withheld =
            [
                .. levels.Where(safety => safety.Level != Safety.Types.Level.Act).DistinctBy(safety => safety.Since)
                    .Select(safety => $"{safety.Since.ToDateTime():HH:mm:ss} {safety.Level}: {safety.Cause}"),
            ];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Watched.TotalMinutes:0.#} min with {busyLoops} busy loops: {withheld.Length} times withheld or "
                + $"halted"));
            foreach (var line in withheld) output.WriteLine($"  {line}");
            return withheld;
        }
        finally
        {
            foreach (var loop in loops)
            {
                loop.Kill();
                loop.Dispose();
            }
        }

        static string Free() => $"tcp://127.0.0.1:{MosquittoBroker.FreePort()}";

        IEnumerable<Safety> Levels(int after) => subscriber.On(Topic).Skip(after)
            .Select(message => Google.Protobuf.JsonParser.Default.Parse<Safety>(message.Text));
    }
}
