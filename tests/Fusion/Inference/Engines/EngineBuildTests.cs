using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>
/// Builds by another process that takes its time, fails, crashes, hangs and is killed half-way: whatever comes of it,
/// no half engine is taken for one, and the next build works.
/// </summary>
public sealed partial class EngineBuildTests : IDisposable
{
    private const int Kill = 9;
    private readonly TemporaryFolder _folder = new();
    private readonly EngineCache _cache;
    private readonly EngineKey _key = EngineKeys.Orin();

    public EngineBuildTests() => _cache = new EngineCache(Path.Combine(_folder.Path, "engines"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_build_that_takes_its_time_tells_how_far_it_is_and_leaves_an_engine()
    {
        var time = new FakeTimeProvider();
        using var build = new StandInBuild(_folder, _cache, _key, time, TimeSpan.FromSeconds(300));
        await build.IsAtWorkAsync();
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("compiling, 40 s of about 300 s", build.Build.Status.ToString());
        await build.ObeysAsync("write net.engine half");
        Assert.Null(_cache.Find(_key));
        await build.ObeysAsync("write net.engine whole");
        await build.OrderAsync("finish");
        Assert.Null(await build.Outcome);
        Assert.Equal(EnginePhase.Storing, build.Build.Status.Phase);
        var engine = _cache.Find(_key);
        Assert.Equal("whole", File.ReadAllText(Path.Combine(engine!, "net.engine")));
        Assert.NotNull(_cache.ExpectedTime("test"));
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task A_build_that_fails_says_why()
    {
        using (var build = new StandInBuild(_folder, _cache, _key))
        {
            await build.IsAtWorkAsync();
            await build.ObeysAsync("write net.engine half");
            await build.OrderAsync("fail model 'test': TensorRT knows no operator Foo");
            Assert.Equal("model 'test': TensorRT knows no operator Foo", await build.Outcome);
        }

        Assert.Empty(Partials());
        await NextBuildWorksAsync();
    }

    [Fact]
    public async Task A_build_that_crashes_costs_only_its_process()
    {
        using (var build = new StandInBuild(_folder, _cache, _key))
        {
            await build.IsAtWorkAsync();
            await build.ObeysAsync("write net.engine half");
            await build.OrderAsync("crash");
            Assert.StartsWith("the build was killed by signal 6", await build.Outcome);
        }

        await NextBuildWorksAsync();
    }

    [Fact]
    public async Task A_build_that_is_killed_half_way_leaves_nothing_that_is_taken_for_an_engine()
    {
        using (var build = new StandInBuild(_folder, _cache, _key))
        {
            await build.IsAtWorkAsync();
            await build.ObeysAsync("write net.engine half");
            Assert.Equal(0, Signal(await OwnerAsync(build), Kill));
            Assert.Equal("the build was killed by signal 9", await build.Outcome);
        }

        Assert.Single(Partials());
        Assert.Null(_cache.Find(_key));
        Assert.Null(_cache.ExpectedTime("test"));
        _cache.Sweep();
        Assert.Empty(Partials());
        await NextBuildWorksAsync();
    }

    [Fact]
    public async Task A_build_after_one_that_was_killed_needs_no_sweep()
    {
        using (var build = new StandInBuild(_folder, _cache, _key))
        {
            await build.IsAtWorkAsync();
            await build.ObeysAsync("write net.engine half");
            Assert.Equal(0, Signal(await OwnerAsync(build), Kill));
            await build.Outcome;
        }

        await NextBuildWorksAsync();
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task A_build_that_never_ends_is_ended_with_its_children()
    {
        var time = new FakeTimeProvider();
        var pid = Path.Combine(_folder.Path, "child");
        using (var build = new StandInBuild(_folder, _cache, _key, time))
        {
            await build.IsAtWorkAsync();
            await build.ObeysAsync($"child {pid}");
            time.Advance(TimeSpan.FromMinutes(9));
            Assert.False(build.Outcome.IsCompleted);
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(
                "the build did not end within 10 minutes (inference.engineBuildLimitMinutes)", await build.Outcome);
        }

        var child = int.Parse(File.ReadAllText(pid), CultureInfo.InvariantCulture);
        await Eventually.Until(() => !OtherProcess.IsAlive(child), "the child's end");
        await NextBuildWorksAsync();
    }

    [Fact]
    public async Task A_build_that_is_cancelled_ends_at_once_and_leaves_the_cache_sound()
    {
        using (var build = new StandInBuild(_folder, _cache, _key))
        {
            await build.IsAtWorkAsync();
            await build.ObeysAsync("write net.engine half");
            var owner = await OwnerAsync(build);
            build.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build.Outcome);
            Assert.False(OtherProcess.IsAlive(owner));
        }

        await NextBuildWorksAsync();
    }

    [Fact]
    public async Task Rubbish_on_its_output_is_passed_over()
    {
        using var build = new StandInBuild(_folder, _cache, _key);
        await build.IsAtWorkAsync();
        foreach (var line in (string[])["{\"detail\":\"flying\"}", "{\"detail\":3}", "{\"detail\":\"3\"}",
            "{\"detail\":\"\\ud800\"}", "{", "[]", "{\"detail\":", "\0\u0001"])
            await build.ObeysAsync($"say {line}");
        await build.ObeysAsync("babble 3000000");
        await build.ObeysAsync("say ");
        Assert.Equal(EnginePhase.Compiling, build.Build.Status.Phase);
        await build.ObeysAsync("write net.engine whole");
        await build.OrderAsync("finish");
        Assert.Null(await build.Outcome);
        Assert.NotNull(_cache.Find(_key));
    }

    [Fact]
    public async Task A_reason_of_any_length_is_one_line_that_can_be_read()
    {
        using var build = new StandInBuild(_folder, _cache, _key);
        await build.IsAtWorkAsync();
        await build.ObeysAsync("babble 100000");
        await build.OrderAsync("fail it");
        Assert.InRange((await build.Outcome)!.Length, 100, 400);
    }

    [Fact]
    public async Task Two_builds_of_one_engine_do_not_disturb_each_other()
    {
        using var first = new StandInBuild(_folder, _cache, _key);
        await first.IsAtWorkAsync();
        await first.ObeysAsync("write net.engine first");
        _cache.Sweep();
        Assert.Single(Partials());
        using (var second = new StandInBuild(_folder, _cache, _key))
            Assert.StartsWith("another process is building the engine test-", await second.Outcome);
        await first.OrderAsync("finish");
        Assert.Null(await first.Outcome);
        Assert.Equal("first", File.ReadAllText(Path.Combine(_cache.Find(_key)!, "net.engine")));
    }

    [Fact]
    public async Task A_build_that_makes_nothing_is_no_build()
    {
        using var build = new StandInBuild(_folder, _cache, _key);
        await build.IsAtWorkAsync();
        await build.OrderAsync("finish");
        Assert.Equal(
            "model 'test': the build left no engine; TensorRT can run no part of the graph", await build.Outcome);
        Assert.Null(_cache.Find(_key));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_reason()
    {
        var build = new EngineBuild(
            new ProcessStartInfo("/no/such/program"), null, TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.StartsWith("the build cannot be started: ", await build.RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_program_that_dies_without_a_word_is_a_reason()
    {
        var build = new EngineBuild(new ProcessStartInfo("false"), null, TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.Equal("the build ended with exit code 1 and said nothing", await build.RunAsync(CancellationToken.None));
    }

    private async Task NextBuildWorksAsync()
    {
        Assert.Null(_cache.Find(_key));
        using var build = new StandInBuild(_folder, _cache, _key);
        await build.IsAtWorkAsync();
        await build.ObeysAsync("write net.engine whole");
        await build.OrderAsync("finish");
        Assert.Null(await build.Outcome);
        Assert.Equal("whole", File.ReadAllText(Path.Combine(_cache.Find(_key)!, "net.engine")));
    }

    private string[] Partials() => Directory.GetDirectories(_cache.Folder, "*.partial-*");

    // The build's process, by its own word.
    private async Task<int> OwnerAsync(StandInBuild build)
    {
        var file = Path.Combine(_folder.Path, "owner");
        await build.ObeysAsync($"pid {file}");
        return int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
