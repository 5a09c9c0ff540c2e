using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>Images that find no room on their disk.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _disk = new();

    [FullDiskFact]
    public async Task A_verb_says_so_in_one_line_with_1_and_leaves_nothing_there()
    {
        var image = Path.Combine(_disk.Path, "o.png");
        foreach (var verb in new string[][]
                 {
                     ["detect", "--image", Files.Coffee],
                     ["ground", "--method", "rules", "--image", Files.Coffee, "--command", "bring me the cup"],
                 })
        {
            var result = await RunAsync(16, [.. verb, "--out", image]);
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            var line = $"edge-perception: {image}: cannot be written: No space left on device";
            Assert.Equal([line, "left:"], result.ErrorLines);
        }
    }

    [FullDiskFact]
    public async Task The_service_answers_on_without_its_pictures_and_tells_it_once()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        using var program = EdgeProgram.StartBy(
            FullDisk.Over(_disk.Path, kilobytes: 8),
            "run", "--config", Configuration(broker), "--quiet");
        await watcher.SeesAsync<Scene>("scene", _ => true, "a scene");
        foreach (var id in new[] { "a", "b", "c" }) await watcher.SayAsync(id, "bring me the cup");
        await watcher.SeesAsync<Scene>("scene", _ => true, "a scene after the commands", watcher.On("scene").Count);
        program.Terminate();
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 0, result.Errors);
        var told = Assert.Single(result.ErrorLines, line => line.Contains("picture", StringComparison.Ordinal));
        Assert.Contains("No space left on device", told, StringComparison.Ordinal);
        Assert.Equal("left:", result.ErrorLines[^1]);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task A_folder_of_pictures_that_cannot_be_made_is_one_line_before_the_service_begins()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var file = _folder.Write("file", "");
        string[] run = ["run", "--config", Configuration(broker), "--set", $"publishing.picturesFolder={file}"];
        (await EdgeProgram.RunAsync(run)).IsRefusedWith($"publishing.picturesFolder: {file} cannot be used: ");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
    }

    private async Task<ProgramResult> RunAsync(int kilobytes, params string[] arguments)
    {
        using var program = EdgeProgram.StartBy(FullDisk.Over(_disk.Path, kilobytes), arguments);
        return await program.EndAsync();
    }

    private string Configuration(MosquittoBroker broker) => _folder.Write("service.yaml",
        $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}{Settings.Mqtt(broker.Port)}"
        + $"publishing: {{ picturesFolder: {_disk.Path} }}\n");
}
