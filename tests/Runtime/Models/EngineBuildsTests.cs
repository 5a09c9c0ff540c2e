using System.Diagnostics;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Fusion.Tests.Inference.Engines;
using EdgePerception.Runtime.Models;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Models;

/// <summary>
/// How the service has engines built beside it. The build is a shell script, which says its phase, waits for the test's
/// word in a named pipe, and then moves an engine into the cache, fails, or ends without one.
/// </summary>
public sealed class EngineBuildsTests : IAsyncLifetime, IDisposable
{
    private const string Script = """
        echo '{"name":"keeper","state":"building","detail":"compiling"}'
        read order <"$1"
        case $order in
            engine) mv "$2" "$3" ;;
            fail) echo "edge-perception: TensorRT knows no operator Foo" >&2; exit 1 ;;
        esac
        """;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger<EngineBuilds> _log = new();
    private readonly long _builtBefore = Total("built"), _failedBefore = Total("failed");
    private readonly EngineCache _cache;
    private readonly EngineRequest _wanted;
    private readonly EngineBuilds _keeper;
    private int _begun;
    private int _reloads;

    public EngineBuildsTests()
    {
        _cache = new EngineCache(Path.Combine(_folder.Path, "engines"));
        _wanted = new EngineRequest(Key("new"), _cache);
        _keeper = new EngineBuilds(
            Command, () => Task.FromResult(++_reloads > 0), TimeSpan.FromMinutes(60), new SensorClock(_time), _log);
    }

    private string Pipe => Path.Combine(_folder.Path, "pipe");

    public async Task InitializeAsync()
    {
        using var made = Process.Start("mkfifo", Pipe);
        await made.WaitForExitAsync();
    }

    public async Task DisposeAsync() => await _keeper.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_build_is_told_of_while_it_goes_on_and_its_engine_is_taken_into_use()
    {
        Publish(_cache, Key("old"), seconds: 300);
        await BeginsAsync();
        _time.AdvanceBy(Second, 40);
        Assert.Equal("TensorRT engine: compiling, 40 s of about 300 s", _keeper.Status);
        _time.AdvanceBy(Second, 280);
        Assert.Null(_cache.Find(_wanted.Key));
        await SayAsync("engine");
        await EndsAsync();

        Assert.NotNull(_cache.Find(_wanted.Key));
        Assert.Equal((1, null), (_reloads, _keeper.Status));
        var lines = _log.Lines.Select(line => line.Text).ToArray();
        Assert.Equal("The TensorRT engine of model keeper is being built in " + _cache.Folder
                     + "; it takes about 300 s, as last time, and another provider serves meanwhile", lines[0]);
        // A line for each tenth of what was expected, and beyond that for each ten seconds.
        int[] told = [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 310, 320];
        Assert.Equal(
            told.Select(seconds => $"The TensorRT engine of model keeper: compiling, {seconds} s of about 300 s"),
            lines[1..^1]);
        Assert.Equal("The TensorRT engine of model keeper was built in 320 s: it goes live", lines[^1]);
        Assert.Equal(1, Total("built") - _builtBefore);
    }

    [Fact]
    public async Task A_first_build_knows_no_time_and_tells_every_ten_seconds()
    {
        await BeginsAsync();
        _time.AdvanceBy(Second, 25);
        Assert.Equal("TensorRT engine: compiling, 25 s", _keeper.Status);
        Assert.Contains("it takes some minutes; it is the first time,", _log.Lines[0].Text);
        Assert.Equal(["10 s", "20 s"], _log.Lines.Skip(1).Select(line => line.Text.Split(", ")[^1]));
        await SayAsync("engine");
        await EndsAsync();
    }

    [Theory]
    [InlineData("fail", "TensorRT knows no operator Foo")]
    [InlineData("nothing", "the build ended well and left no engine")]
    public async Task A_build_that_fails_is_said_once_and_not_tried_again(string order, string reason)
    {
        await BeginsAsync();
        await SayAsync(order);
        await EndsAsync();
        Assert.Equal((0, $"TensorRT engine failed: {reason}"), (_reloads, _keeper.Status));
        _keeper.Want(_wanted);
        Assert.Equal(1, _begun);
        Assert.Equal(
            $"The TensorRT engine of model keeper could not be built (0 s): {reason}; the provider at work stays, "
            + "and the next start tries again",
            Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning).Text);
        Assert.Equal(1, Total("failed") - _failedBefore);
    }

    [Fact]
    public async Task A_build_that_hangs_is_ended()
    {
        await BeginsAsync();
        _time.Advance(TimeSpan.FromMinutes(60));
        await EndsAsync();
        Assert.Equal(
            "TensorRT engine failed: the build did not end within 60 minutes (inference.engineBuildLimitMinutes)",
            _keeper.Status);
    }

    [Fact]
    public async Task The_services_end_is_the_builds_end_and_no_failure()
    {
        await BeginsAsync();
        await _keeper.DisposeAsync();
        Assert.Equal(0, _log.Count(LogLevel.Warning));
        Assert.Null(_keeper.Status);
        _keeper.Want(new EngineRequest(Key("later"), _cache));
        Assert.Equal(1, _begun);
    }

    [Fact]
    public async Task Engines_are_built_one_after_the_other_and_nothing_is_wanted_by_none()
    {
        _keeper.Want(null);
        Assert.Equal(0, _begun);
        await BeginsAsync();
        _keeper.Want(new EngineRequest(Key("another"), _cache));
        _keeper.Want(_wanted);
        Assert.Equal(1, _begun);
        await SayAsync("engine");
        await EndsAsync();
        await Eventually.Until(() => _begun == 2, "the next build to begin");
    }

    [Fact]
    public async Task What_an_earlier_service_left_half_built_is_swept()
    {
        var left = Path.Combine(_cache.Folder, $"{_wanted.Key.FolderName}.partial-dead");
        Directory.CreateDirectory(left);
        await BeginsAsync();
        Assert.False(Directory.Exists(left));
    }

    private async Task BeginsAsync()
    {
        _keeper.Want(_wanted);
        await Eventually.Until(() => _keeper.Status?.Contains("compiling", StringComparison.Ordinal) ?? false,
            () => $"the build to begin: {_keeper.Status}");
    }

    private Task SayAsync(string order) => File.WriteAllTextAsync(Pipe, order + "\n");

    private Task EndsAsync() => Eventually.Until(
        () => _log.Lines.Any(line => line.Text.Contains("was built", StringComparison.Ordinal)
            || line.Text.Contains("could not be built", StringComparison.Ordinal)),
        "the build's end");

    private ProcessStartInfo Command(EngineRequest wanted)
    {
        _begun++;
        var elsewhere = new EngineCache(Path.Combine(_folder.Path, $"made-{_begun}"));
        var place = Path.Combine(_cache.Folder, wanted.Key.FolderName);
        Directory.CreateDirectory(_cache.Folder);
        return new ProcessStartInfo(
            "bash", ["-c", Script, "build", Pipe, Publish(elsewhere, wanted.Key, seconds: 320), place]);
    }

    private static string Publish(EngineCache cache, EngineKey key, double seconds)
    {
        using var draft = cache.Begin(key);
        File.WriteAllText(Path.Combine(draft.Folder, "net.engine"), "whole");
        return draft.Publish(TimeSpan.FromSeconds(seconds));
    }

    private static long Total(string outcome) =>
        Totals.Of($"edge_perception.engine.builds{{model=keeper,outcome={outcome}}}");

    private static EngineKey Key(string driver) => EngineKeys.Orin("keeper") with { Driver = driver };
}
