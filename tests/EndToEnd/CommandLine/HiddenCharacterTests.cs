using System.Globalization;
using System.Text.Json;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

/// <summary>Texts of others that would steer a terminal, forge a line or show themselves in another order.</summary>
public sealed class HiddenCharacterTests : IDisposable
{
    // What a process's arguments can hold: no NUL and no half of a pair.
    private static readonly string Hidden = string.Concat(
        HiddenCharacters.Samples.Where(sample => !sample.Any(c => c == 0 || char.IsSurrogate(c))));

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_log_shows_a_command_as_one_line_with_what_is_hidden_in_it()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        using var program = EdgeProgram.Start("run", "--quiet", "--config", Configuration(Settings.Mqtt(broker.Port)));
        await watcher.SeesAsync<Scene>("scene", _ => true, "a scene");
        foreach (var (sample, i) in HiddenCharacters.Samples.Select((sample, i) => (sample, i)))
        {
            if (i == 20) break; // more in a while would be left out
            var command = new { id = $"c{i}", text = $"go to{sample}the banana" };
            await watcher.SendAsync("command", JsonSerializer.Serialize(command));
            await watcher.AnswerAsync($"c{i}");
        }

        program.Terminate();
        var result = await program.EndAsync();
        Assert.Contains("go to\\u001B[31mthe banana", result.Errors, StringComparison.Ordinal);
        Assert.All(result.ErrorLines, line => Assert.Empty(HiddenCharacters.In(line)));
    }

    [Fact]
    public async Task An_answer_that_anybody_may_have_written_stays_within_its_lines()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var answer = JsonSerializer.Serialize(new
        {
            id = "x",
            outcome = "refuse",
            reason = $"no{Hidden}cup",
            clauses = new[] { new { text = Hidden, evidence = Hidden } },
        });
        var words = await AskAsync(broker, answer);
        Assert.Equal((0, ""), (words.ExitCode, words.Errors));
        Assert.Equal(3, Lines(words.Output).Length);
        var json = await AskAsync(broker, answer, "--json");
        var document = JsonElement.Parse(Assert.Single(Lines(json.Output)));
        Assert.Equal($"no{Hidden}cup", document.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Lines_about_files_arguments_and_what_stands_in_files_hold_nothing_hidden()
    {
        var name = Escaped(Hidden);
        var file = _folder.Write(
            "wrong.yaml", $"\"key{name}\": 1\ncameras: [{{ name: \"{name}\", kind: synthetic }}]\n");
        foreach (var arguments in (string[][])
                 [
                     ["check", "--config", file], ["check", "--config", $"/nowhere/{Hidden}.yaml"],
                     ["run", "--config", file, "--set", $"{Hidden}=1"], ["detect", "--image", $"/nowhere/{Hidden}.png"],
                     ["detect", "--image", _folder.Write("picture.png", Hidden)],
                     ["ground", "--image", $"/nowhere/{Hidden}.png", "--command", "stop"],
                     ["ground", "--batch", $"/nowhere/{Hidden}"],
                     ["models", "inspect", $"/nowhere/{Hidden}.onnx"], ["models", "verify", $"/nowhere/{Hidden}.yaml"],
                     ["send", "stop", "--host", Hidden], [Hidden], ["run", "--config", file, "--duration", Hidden],
                 ])
        {
            var result = await EdgeProgram.RunAsync(arguments);
            Assert.True(result.ExitCode is 1 or 2, $"{string.Join(' ', arguments)}: exit {result.ExitCode}");
            Assert.NotEmpty(result.ErrorLines);
            Assert.All(result.ErrorLines, line => Assert.Empty(HiddenCharacters.In(line)));
        }
    }

    [Fact]
    public async Task A_batch_of_cases_is_answered_by_a_JSON_document_a_line_that_says_what_was_asked()
    {
        var (id, command) = (JsonSerializer.Serialize(Hidden), JsonSerializer.Serialize($"bring me the cup{Hidden}"));
        var cases = $$"""
            {"id":{{id}},"command":{{command}},"objects":[]}
            {"id":"b","command":"stop","objects":[],"wrong{{Escaped(Hidden)}}":1}

            """;
        var result = await EdgeProgram.RunWithInputAsync(cases, "ground", "--batch", "-", "--method", "rules");
        var lines = Lines(result.Output);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => JsonElement.Parse(line));
        Assert.All(result.ErrorLines, line => Assert.Empty(HiddenCharacters.In(line)));
    }

    public void Dispose() => _folder.Dispose();

    // The answer comes again and again until the program has heard it.
    private static async Task<ProgramResult> AskAsync(MosquittoBroker broker, string answer, params string[] more)
    {
        var end = EdgeProgram.RunAsync(
        [
            "send", "bring me the cup", "--id", "x", "--device", RunningService.Device,
            "--port", broker.Port.ToString(CultureInfo.InvariantCulture), "--timeout", "50s", .. more,
        ]);
        while (!end.IsCompleted)
            await MosquittoSubscriber.PublishAsync(broker, $"edge/{RunningService.Device}/command/x/result", answer);
        return await end;
    }

    private static string Escaped(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));

    private static string[] Lines(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Empty(HiddenCharacters.In(line)));
        return lines;
    }

    private string Configuration(string more) => _folder.Write(
        "service.yaml", $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}{more}");
}
