using System.Diagnostics;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;
using Xunit.Abstractions;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// The program, a real broker and the example controller with wheels that turn: whatever happens to the service, they
/// stand still, and do not turn again by themselves. The times from the event to the wheels' rest are printed.
/// </summary>
public sealed class WheelsRestTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private static readonly int Times = Trials.AreMany ? 50 : 1;

    private readonly TemporaryFolder _folder = new();
    private readonly int _publish = MosquittoBroker.FreePort();
    private readonly int _actions = MosquittoBroker.FreePort();
    private MosquittoBroker _broker = null!;
    private Watcher _watcher = null!;
    private PythonListener _wheels = null!;

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        _watcher = await Watcher.StartAsync(_broker);
        _wheels = new PythonListener(
            $"tcp://127.0.0.1:{_publish}", $"tcp://127.0.0.1:{_actions}", "wheels", "--work", "600");
    }

    public async Task DisposeAsync()
    {
        _wheels.Dispose();
        await _watcher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("kill")]
    [InlineData("terminate")]
    public async Task When_the_service_ends(string how)
    {
        var trials = new Trials($"wheels at rest after {how}");
        for (var i = 0; i < Times; i++)
        {
            using var program = await MovingAsync($"{i}-");
            await RestsAsync(trials, how == "kill" ? program.Kill : program.Terminate);
            await program.EndAsync();
            var why = _wheels.Of("motion")[^1].GetProperty("reason").GetString();
            Assert.Equal(how == "kill" ? "its permit has ended" : "the service ended", why);
        }

        output.WriteLine($"{trials}");
    }

    [Fact]
    public async Task When_the_service_is_frozen_and_not_again_when_it_goes_on()
    {
        var trials = new Trials("wheels at rest after a freeze");
        using var program = await MovingAsync();
        for (var i = 0; i < Times; i++)
        {
            await RestsAsync(trials, program.Freeze);
            var said = _watcher.On("safety").Count;
            program.Thaw();
            await _watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Act, "act", said);
            await _watcher.SeesHealthAsync(Health.Types.Status.Ok);
            await _wheels.MovesAsync(false);
            await IsMovedByAsync($"again{i}-");
        }

        output.WriteLine($"{trials}");
    }

    [Theory]
    [InlineData("halt", "")]
    [InlineData("command", """{"id":"s","text":"stop"}""")]
    public async Task When_somebody_says_stop_and_a_resume_moves_nothing(string topic, string payload)
    {
        using var program = await MovingAsync();
        await _watcher.SendAsync(topic, payload.Length == 0 ? "x" : payload);
        await _wheels.MovesAsync(false);
        var said = _watcher.On("safety").Count;
        await _watcher.SendAsync("resume", "{}");
        await _watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Act, "act", said);
        await _watcher.SeesHealthAsync(Health.Types.Status.Ok);
        await _wheels.MovesAsync(false);
        await IsMovedByAsync("again");
    }

    [Fact]
    public async Task When_its_own_heartbeat_is_lost_others_are_stopped_and_it_is_named()
    {
        var trials = new Trials("wheels at rest after another's last heartbeat");
        using var program = await MovingAsync();
        for (var i = 0; i < Times; i++)
        {
            using var arm = new PythonListener(
                $"tcp://127.0.0.1:{_publish}", $"tcp://127.0.0.1:{_actions}", $"arm{i}");
            await arm.SeesAsync("registered");
            var said = _watcher.On("safety").Count;
            await RestsAsync(trials, arm.Freeze);
            var halt = await _watcher.SeesAsync<Safety>(
                "safety", safety => safety.Level == Safety.Types.Level.Halt, "the halt", said);
            Assert.Equal($"the heartbeat of controller arm{i} is lost: silent for more than 500 ms", halt.Cause);
            // Given up, it holds nobody any longer. What was said before the halt is no proof of it.
            await ActsAsync();
            await _wheels.MovesAsync(false);
            await IsMovedByAsync($"again{i}-");
        }

        output.WriteLine($"{trials}");
    }

    /// <summary>Does it to moving wheels and waits until they rest; both clocks are the machine's own.</summary>
    private async Task RestsAsync(Trials trials, System.Action how)
    {
        var at = Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        how();
        await _wheels.MovesAsync(false);
        var rested = _wheels.Of("motion")[^1].GetProperty("monotonicS").GetDouble();
        trials.Add(TimeSpan.FromSeconds(rested - at));
    }

    /// <summary>Starts the program, with a state folder of its own, and sets the wheels in motion.</summary>
    private async Task<EdgeProgram> MovingAsync(string name = "")
    {
        var (scenes, told) = (_watcher.On("scene").Count, _watcher.On("safety").Count);
        var registrations = _wheels.Of("registered").Count;
        var clip = Files.Still(Files.Basketball, Path.Combine(_folder.Path, "court.avi"));
        var program = EdgeProgram.Start("run", "--config", _folder.Write("service.yaml",
            $"cameras: [{{ name: court, kind: file, path: {clip}, loop: true, hfovDeg: 60 }}]\n"
            + Settings.RealDetector + Settings.Mqtt(_broker.Port)
            + $"zeromq: {{ publish: 'tcp://127.0.0.1:{_publish}', actions: 'tcp://127.0.0.1:{_actions}' }}\n"
            + "safety: { armAtStart: true, degradeAfterMs: 5000, haltAfterMs: 10000, permitMs: 500, "
            + "heartbeatMs: 500 }\n"
            + "tracking: { maxGapSeconds: 30, lostSeconds: 30 }\n"
            + "scene: { maxUnseenSeconds: 20, maxCameraAgeSeconds: 20 }\n"));
        await _watcher.SeesAsync<Scene>(
            "scene", scene => scene.Objects.Count(seen => seen.Label == "person") == 2, "two men", scenes);
        await _wheels.SeesAsync("registered", registrations + 1);
        await _watcher.SeesAsync<Safety>("safety", safety => safety.Level == Safety.Types.Level.Act, "act", told);
        await IsMovedByAsync($"{name}go");
        return program;
    }

    /// <summary>
    /// A command moves it; on a machine that is busy with other things a heartbeat may be late, which halts, and then
    /// the next command does.
    /// </summary>
    private async Task IsMovedByAsync(string id)
    {
        for (var attempt = 0; ; attempt++)
        {
            var said = _watcher.On("safety").Count;
            var answer = await _watcher.SayAsync($"{id}{attempt}", "follow the person on the left");
            if (answer.Outcome == GroundingAnswer.Types.Outcome.Act)
                await Eventually.Until(() => IsMoving || IsHalted(said), "motion, or a halt that came between");
            if (IsMoving) return;
            Assert.True(attempt < 10, $"no command moves it: {answer.Reason}");
            await ActsAsync();
            await _wheels.SeesAsync("registered");
        }
    }

    // It is said once a second.
    private Task<Safety> ActsAsync() => _watcher.SeesAsync<Safety>(
        "safety", safety => safety.Level == Safety.Types.Level.Act, "act", _watcher.On("safety").Count);

    private bool IsMoving => _wheels.Of("motion") is [.., var last] && last.GetProperty("moving").GetBoolean();

    private bool IsHalted(int after) =>
        _watcher.On<Safety>("safety").Skip(after).Any(safety => safety.Level != Safety.Types.Level.Act);
}
