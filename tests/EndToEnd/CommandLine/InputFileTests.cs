using System.Diagnostics;
using System.Text.Json;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

/// <summary>Files that are none, and names that are no text, with every verb that reads a file.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string[]> Readers =>
    [
        ["detect", "--image"],
        ["detect", "--image", Files.Coffee, "--model"],
        ["models", "try", "centernet-mobilenetv3-coco", "--image"],
        ["models", "inspect"],
        ["ground", "--command", "stop", "--image"],
        ["ground", "--image", Files.Coffee, "--command", "stop", "--network"],
        ["ground", "--method", "rules", "--batch"],
        ["check", "--config"],
        ["run", "--config"],
        ["send", "stop", "--config"],
    ];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_pipe_a_device_and_a_folder_are_refused_at_once(string[] verb)
    {
        var pipe = Path.Combine(_folder.Path, "pipe");
        Process.Start("mkfifo", pipe).WaitForExit();
        (await EdgeProgram.RunAsync([.. verb, pipe])).IsRefusedWith($"{pipe}: is a named pipe, not a file");
        (await EdgeProgram.RunAsync([.. verb, "/dev/zero"])).IsRefusedWith("/dev/zero: is a device, not a file");
        (await EdgeProgram.RunAsync([.. verb, _folder.Path])).IsRefusedWith($"{_folder.Path}: is a folder, not a file");
    }

    [Fact]
    public async Task A_manifest_or_a_file_of_a_password_that_is_a_pipe_is_refused_too()
    {
        var pipe = Path.Combine(_folder.Path, "pipe.yaml");
        Process.Start("mkfifo", pipe).WaitForExit();
        var line = $"{pipe}: is a named pipe, not a file";
        (await EdgeProgram.RunAsync("models", "verify", pipe)).IsRefusedWith(line);
        (await EdgeProgram.RunAsync("models", "list", "--manifests", _folder.Path)).IsAnsweredWith(2, line);
        var config = _folder.Write(
            "service.yaml", $"cameras:\n{Settings.Synthetic("front")}mqtt: {{ passwordFile: {pipe}, username: a }}\n");
        (await EdgeProgram.RunAsync("check", "--config", config))
            .IsRefusedWith("mqtt.passwordFile: names a file that cannot be read: is a named pipe, not a file");
    }

    [Fact]
    public async Task A_recording_that_is_a_pipe_cannot_be_played()
    {
        var pipe = Path.Combine(_folder.Path, "pipe");
        Process.Start("mkfifo", pipe).WaitForExit();
        var config = _folder.Write("service.yaml",
            $"cameras:\n  - {{ name: front, kind: file, path: {pipe} }}\n"
            + "microphones:\n  - { name: left, kind: file, path: /dev/zero }\n"
            + Settings.HangingDetector(_folder.Path));
        (await EdgeProgram.RunAsync("check", "--config", config)).IsRefusedWith(
            $"camera 'front': {pipe}: is a named pipe, not a file",
            "microphone 'left': /dev/zero: is a device, not a file");
    }

    [Fact]
    public async Task A_name_that_is_not_UTF_8_is_opened_by_every_verb()
    {
        var model = Path.Combine(Files.Repository, "models", "fetched", "blazeface-front.onnx");
        var batch = _folder.Write("batch.jsonl", Case("a"));
        var config = _folder.Write(
            "service.yaml", $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}");
        (string Says, string File, string[] Verb)[] all =
        [
            ("\nperson ", Files.Basketball, ["detect", "--image"]),
            ("\ncup ", Files.Detector, ["detect", "--image", Files.Coffee, "--model"]),
            ("\"outcome\": \"act\"", batch, ["ground", "--method", "rules", "--batch"]),
            ("can run here", config, ["check", "--config"]),
            ("decoder: blazeface", model, ["models", "inspect"]),
            ("\"file\": \"", model, ["models", "inspect", "--json"]),
        ];
        foreach (var (says, file, verb) in all)
            Assert.Contains(says, (await Latin1Async(file, verb)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_UTF_8_is_quoted_as_text_and_not_written_to()
    {
        using var missing = EdgeProgram.StartBy(Named("l-\\374.jpg"), "detect", "--image");
        (await missing.EndAsync()).IsRefusedWith(".jpg: no such file");
        using var written = EdgeProgram.StartBy(Named("l-\\374.png"), "detect", "--image", Files.Coffee, "--out");
        (await written.EndAsync()).IsRefusedWith(".png: the name is not UTF-8");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_text_that_begins_with_an_at_sign_names_no_file_of_arguments()
    {
        _folder.Write("home", "--json\n");
        var result = await EdgeProgram.RunAsync(
            "ground", "--method", "rules", "--image", Files.Coffee, "--command", $"@{_folder.Path}/home");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("refuse", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_a_batch_that_is_too_long_keeps_its_place_and_spoils_no_other()
    {
        var file = _folder.Write("batch.jsonl", $"{Case("a")}\n{Case(new string('b', 20_000_000))}\n\n{Case("c")}\n");
        var result = await EdgeProgram.RunAsync("ground", "--method", "rules", "--batch", file);
        Assert.Equal(2, result.ExitCode);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var answers = lines.Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(["a", "", "c"], answers.Select(answer => answer.GetProperty("id").GetString()));
        Assert.Equal(2, answers[1].GetProperty("line").GetInt32());
        Assert.Equal("longer than 4194304 characters", answers[1].GetProperty("error").GetString());
    }

    public void Dispose()
    {
        // .NET cannot name all that lies there, and so not remove it.
        Process.Start("find", [_folder.Path, "-type", "f", "-delete"]).WaitForExit();
        _folder.Dispose();
    }

    private static string Case(string id) =>
        $$"""{"id":"{{id}}","image":{"width":9,"height":9},"objects":[],"command":"stop"}""";

    // Runs the program with a copy of the file, which lies in the folder under a name in Latin-1, as last argument.
    private async Task<ProgramResult> Latin1Async(string file, params string[] arguments)
    {
        var launcher = Named("l-\\374" + Path.GetExtension(file), $"cp '{file}' \"$name\";");
        using var program = EdgeProgram.StartBy(launcher, arguments);
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 0, result.Errors);
        return result;
    }

    private string[] Named(string name, string first = "") =>
        ["sh", "-c", $"name=$(printf '{_folder.Path}/{name}'); {first} exec \"$@\" \"$name\"", "sh"];
}
