using System.Diagnostics;
using System.Globalization;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using Body = EdgePerception.Runtime.Messaging.Messages.ControllerDelivery.BodyOneofCase;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>
/// The program, a real broker and a controller, under whatever load is wanted: how many stops arrive, and after which
/// time. Measured from the publishing call to the controller's receipt, all on this machine.
/// </summary>
internal sealed class StopLab : IAsyncDisposable
{
    private const int BlackFrames = 40;

    // A controller that says more than 500 messages a second is not read.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(4);
    private const string Root = $"edge/{RunningService.Device}/";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _load = [];
    private readonly MosquittoBroker _broker;
    private readonly RawMqtt _speaker;
    private EdgeProgram? _program;
    private TestController? _controller;
    private int _said;
    private int _registrations;
    private ControllerDelivery? _last;

    private StopLab(MosquittoBroker broker, RawMqtt speaker) => (_broker, _speaker) = (broker, speaker);

    /// <summary>Starts the program and registers a controller with it.</summary>
    /// <param name="library">The service's end; the controller's is libzmq.</param>
    /// <param name="isHung">Whether its model hangs in a run that never ends.</param>
    /// <param name="isUnread">Whether nobody reads its log.</param>
    public static async Task<StopLab> StartAsync(ZeroMqLibrary library, bool isHung = false, bool isUnread = false)
    {
        var broker = await MosquittoBroker.StartAsync();
        var speaker = RawMqtt.To(broker.Port);
        await speaker.ConnectAsync(5, "speaker");
        var lab = new StopLab(broker, speaker);
        var actions = MosquittoBroker.FreePort();
        var camera = isHung
            ? $"  - {{ name: front, kind: file, path: {Files.BlackToWhite(lab._folder.Path, BlackFrames)} }}\n"
            : Settings.Synthetic("front");
        string[] run =
        [
            "run", "--config", lab._folder.Write("service.yaml",
                $"cameras:\n{camera}{Settings.HangingDetector(lab._folder.Path)}{Settings.Mqtt(broker.Port)}"
                + $"zeromq: {{ publish: 'tcp://127.0.0.1:{MosquittoBroker.FreePort()}', "
                + $"actions: 'tcp://127.0.0.1:{actions}', library: {library.ToString().ToLowerInvariant()} }}\n"
                + "pipeline: { tickTimeoutMs: 600000 }\nsafety: { degradeAfterMs: 60000, haltAfterMs: 600000 }\n"),
        ];
        await using var ear = await MosquittoSubscriber.StartAsync(broker, $"{Root}halt");
        lab._program = isUnread ? EdgeProgram.StartUnread(run) : EdgeProgram.Start(run);
        lab._controller = new TestController($"tcp://127.0.0.1:{actions}");
        lab.Register();
        // A broker keeps nothing for who has never subscribed. The service's probe comes after its subscription, and
        // until it is back nothing moves.
        await Eventually.Until(() => ear.On($"{Root}halt").Count > 0, "the service's probe of the halt topic");
        // There is no mark of an orderly end, so that it starts halted.
        lab._controller.Resume();
        Assert.NotNull(lab.Sees(IsLifted));
        return lab;
    }

    /// <summary>Busy loops, so many for each core.</summary>
    public void Overbook(int times)
    {
        for (var i = 0; i < times * Environment.ProcessorCount; i++)
            Load("/bin/sh", "-c", "while :; do :; done");
    }

    /// <summary>A program that publishes so many messages of a kind a second on the topic of commands.</summary>
    public void Flood(string kind, int aSecond) => Load(
        "/usr/bin/python3", Path.Combine(Files.Repository, "tests", "EndToEnd", "Service", "flood.py"),
        _broker.Port.ToString(CultureInfo.InvariantCulture), $"{Root}command", kind,
        aSecond.ToString(CultureInfo.InvariantCulture));

    /// <summary>Halts by the topic so often, and lifts each halt before the next.</summary>
    public Task<Trials> HaltsAsync(string what, int count) => TryAsync(what, count, () => PublishAsync("halt", "now"));

    /// <summary>The same by a command that says stop.</summary>
    public Task<Trials> StopCommandsAsync(string what, int count) => TryAsync(
        what, count, () => PublishAsync("command", $$"""{"id":"stop{{_said++}}","text":"please stop now"}"""));

    /// <summary>Ends the load, and asks for the service's own share of what it has measured so far.</summary>
    public async Task<Stats> StatsAsync()
    {
        EndLoad();
        await using var subscriber = await MosquittoSubscriber.StartAsync(_broker, $"{Root}#");
        await Eventually.Until(
            () => subscriber.On($"{Root}stats").Count > 0,
            () => $"stats; there were {string.Join(" | ", subscriber.Messages.TakeLast(5))}");
        return Google.Protobuf.JsonParser.Default.Parse<Stats>(subscriber.On($"{Root}stats")[^1].Text);
    }

    public async ValueTask DisposeAsync()
    {
        EndLoad();
        _controller?.Dispose();
        _program?.Dispose();
        _speaker.Dispose();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<Trials> TryAsync(string what, int count, Func<Task> stop)
    {
        var trials = new Trials(what);
        using var pace = new PeriodicTimer(Pace);
        for (var i = 0; i < count; i++)
        {
            await pace.WaitForNextTickAsync();
            var start = Stopwatch.GetTimestamp();
            var published = stop();
            var arrived = Sees(delivery => delivery.Action is { } action
                && action.Id.StartsWith("stop-h", StringComparison.Ordinal));
            await published;
            trials.Add(arrived);
            // By the controller's own socket, so that a flood of the broker holds nothing up but what is measured.
            _controller!.Resume();
            var resumed = Sees(IsLifted);
            Assert.True(
                resumed is not null || arrived is null,
                $"a resume lifts the halt; {_registrations} registrations anew, the last word {_last}");
        }

        return trials;
    }

    private static bool IsLifted(ControllerDelivery delivery) => delivery.Safety is { HaltId.Length: 0 };

    /// <summary>After which time the controller got such a delivery; none within ten seconds.</summary>
    private TimeSpan? Sees(Func<ControllerDelivery, bool> wanted)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
        {
            var delivery = _controller!.Next(seconds: 1);
            _last = delivery ?? _last;
            if (delivery is not null && wanted(delivery)) return Stopwatch.GetElapsedTime(start);
            if (delivery is not null) continue;
            _registrations++;
            _controller.Register("arm");
        }

        return null;
    }

    private async Task PublishAsync(string topic, string text) =>
        Assert.True(await _speaker.PublishAsync(Root + topic, text) < 0x80);

    private void Register()
    {
        // The program has no socket yet, and ZeroMQ tries until it has.
        _controller!.Register("arm");
        while (_controller.Next(seconds: 60) is { } delivery && delivery.BodyCase != Body.Registered)
        {
        }
    }

    private void EndLoad()
    {
        foreach (var process in _load)
        {
            process.Kill();
            process.Dispose();
        }

        _load.Clear();
    }

    private void Load(string program, params string[] arguments) =>
        _load.Add(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!);
}
