using System.Text.Json;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Tests.Support;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>What is and what is not an engine.</summary>
public sealed class EngineCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EngineCache _cache;
    private readonly EngineKey _key = EngineKeys.Orin();

    public EngineCacheTests() => _cache = new EngineCache(Path.Combine(_folder.Path, "a", "engines"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cache_that_nobody_wrote_holds_nothing_and_makes_no_folder()
    {
        Assert.Null(_cache.Find(_key));
        Assert.Null(_cache.ExpectedTime("test"));
        _cache.Sweep();
        Assert.False(Directory.Exists(_cache.Folder));
    }

    [Fact]
    public void An_engine_is_found_by_its_key_alone()
    {
        var place = Publish(_key, 30);
        Assert.Equal(place, _cache.Find(_key));
        Assert.Null(_cache.Find(_key with { Driver = "13.1" }));
        Assert.Null(_cache.Find(_key with { Model = "other" }));
    }

    [Fact]
    public void A_build_of_an_engine_that_is_there_makes_nothing()
    {
        var place = Publish(_key, 30);
        Assert.Equal(
            place, EngineBuilder.Build(_cache, _key, _ => { }, TimeProvider.System, _ => Assert.Fail("it is there")));
    }

    [Theory]
    [InlineData("net.engine", null)]
    [InlineData("net.engine", "shor")]
    [InlineData("net.engine", "longer")]
    [InlineData("build.json", null)]
    [InlineData("build.json", "")]
    [InlineData("build.json", "{}")]
    [InlineData("build.json", "null")]
    [InlineData("build.json", "{\"Key\":null,\"Seconds\":1,\"Files\":null}")]
    [InlineData("build.json", "[1,2")]
    public void A_damaged_engine_is_none_and_is_built_anew(string file, string? text)
    {
        var path = Path.Combine(Publish(_key, 30), file);
        if (text is null) File.Delete(path);
        else File.WriteAllText(path, text);
        Assert.Null(_cache.Find(_key));
        Assert.Equal(Publish(_key, 40), _cache.Find(_key));
        Assert.Equal(TimeSpan.FromSeconds(40), _cache.ExpectedTime("test"));
    }

    [Fact]
    public void A_marker_that_names_files_elsewhere_or_none_is_none()
    {
        var place = Publish(_key, 30);
        _folder.Write("outside", "12345");
        foreach (var files in (Dictionary<string, long>[])[[], new() { ["../../../outside"] = 5 },
            new() { [Path.Combine(_folder.Path, "outside")] = 5 }])
        {
            File.WriteAllText(
                Path.Combine(place, "build.json"), JsonSerializer.Serialize(new EngineRecord(_key, 30, files)));
            Assert.Null(_cache.Find(_key));
        }
    }

    [Fact]
    public void An_engine_of_another_key_in_the_place_is_none()
    {
        var place = Publish(_key, 30);
        var other = _key with { Driver = "13.1" };
        Directory.Move(place, Path.Combine(_cache.Folder, other.FolderName));
        Assert.Null(_cache.Find(other));
    }

    [Property(Replay = "1938271,91827")]
    public bool Whatever_the_marker_holds_the_cache_answers(byte[] bytes)
    {
        var place = Path.Combine(_cache.Folder, _key.FolderName);
        Directory.CreateDirectory(place);
        File.WriteAllBytes(Path.Combine(place, "build.json"), bytes ?? []);
        return _cache.Find(_key) is null && _cache.ExpectedTime("test") is null;
    }

    [Fact]
    public void The_expected_time_is_that_of_the_models_last_build_under_any_key()
    {
        Age(Publish(_key, 100), hours: 3);
        Age(Publish(_key with { Driver = "13.1" }, 200), hours: 1);
        Age(Publish(_key with { Driver = "13.2" }, 150), hours: 2);
        Publish(EngineKeys.Orin("test-large"), 900);
        Assert.Equal(TimeSpan.FromSeconds(200), _cache.ExpectedTime("test"));
        Assert.Equal(TimeSpan.FromSeconds(900), _cache.ExpectedTime("test-large"));
        Assert.Null(_cache.ExpectedTime("tes"));

        static void Age(string place, int hours) =>
            File.SetLastWriteTimeUtc(Path.Combine(place, "build.json"),
                new DateTime(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc).AddHours(-hours));
    }

    [Fact]
    public void What_a_dead_build_left_is_swept_and_engines_stay()
    {
        var place = Publish(_key, 30);
        Directory.CreateDirectory(Path.Combine(_cache.Folder, $"{_key.FolderName}.partial-0"));
        Directory.CreateDirectory(Path.Combine(_cache.Folder, "gone-0123456789abcdef.partial-1", "timing"));
        using (var live = _cache.Begin(EngineKeys.Orin("live")))
        {
            _cache.Sweep();
            Assert.Equal([live.Folder], Directory.GetDirectories(_cache.Folder, "*.partial-*"));
        }

        Assert.Equal(place, _cache.Find(_key));
        Assert.Empty(Directory.GetDirectories(_cache.Folder, "*.partial-*"));
    }

    [Fact]
    public void Timings_of_one_build_help_the_next_and_those_of_a_failed_one_are_dropped()
    {
        using (var first = _cache.Begin(_key))
        {
            Assert.Empty(Directory.GetFiles(first.TimingFolder));
            File.WriteAllText(Path.Combine(first.TimingFolder, "sm87.timing"), "measured");
            File.WriteAllText(Path.Combine(first.Folder, "net.engine"), "whole");
            var place = first.Publish(TimeSpan.FromSeconds(1));
            Assert.Equal(
                ["build.json", "net.engine"], Directory.GetFileSystemEntries(place).Select(Path.GetFileName).Order());
        }

        using (var failed = _cache.Begin(EngineKeys.Orin("failed")))
            File.WriteAllText(Path.Combine(failed.TimingFolder, "sm87.timing"), "meas");
        using var next = _cache.Begin(EngineKeys.Orin("next"));
        Assert.Equal("measured", File.ReadAllText(Path.Combine(next.TimingFolder, "sm87.timing")));
        using var elsewhere = _cache.Begin(_key with { Gpu = "Thor" });
        Assert.Empty(Directory.GetFiles(elsewhere.TimingFolder));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_one_line()
    {
        var file = _folder.Write("file", "");
        foreach (var place in (string[])[file, Path.Combine(file, "below"), "/proc/engines"])
        {
            var e = Assert.Throws<ModelException>(() => new EngineCache(place).Begin(_key).Dispose());
            Assert.StartsWith($"the engine cache {place} cannot be written: ", e.Message);
            Assert.EndsWith("inference.engineCache to a folder that can", e.Message);
            Assert.DoesNotContain('\n', e.Message);
            Assert.Null(new EngineCache(place).Find(_key));
            new EngineCache(place).Sweep();
        }
    }

    private string Publish(EngineKey key, double seconds)
    {
        using var draft = _cache.Begin(key);
        File.WriteAllText(Path.Combine(draft.Folder, "net.engine"), "whole");
        File.WriteAllText(Path.Combine(draft.Folder, "net.profile"), "");
        return draft.Publish(TimeSpan.FromSeconds(seconds));
    }
}
