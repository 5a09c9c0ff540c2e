using System.Text.Json;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

public sealed class GroundTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Follow_the_person_asks_which_one_of_two()
    {
        var answer = await GroundAsync(Files.Basketball, "follow the person");
        Assert.Equal(("clarify", "follow"), OutcomeOf(answer));
        Assert.False(answer.TryGetProperty("target", out _));
        Assert.NotEqual("", answer.GetProperty("question").GetString());
    }

    [Fact]
    public async Task On_the_left_acts_on_him_and_the_picture_is_written()
    {
        var drawn = Path.Combine(_folder.Path, "drawn.png");
        var answer = await GroundAsync(Files.Basketball, "follow the person on the left", "--out", drawn);
        Assert.Equal(("act", "follow"), OutcomeOf(answer));
        var people =
            answer.GetProperty("candidates").EnumerateArray()
                .Where(candidate => candidate.GetProperty("label").GetString() == "person");
        Assert.Equal(
            people.MinBy(candidate => candidate.GetProperty("box").GetProperty("x").GetDouble()).GetProperty("id")
                .GetString(),
            answer.GetProperty("target").GetString());
        Assert.True(new FileInfo(drawn).Length > 1000);
    }

    [Fact]
    public async Task A_banana_that_is_not_there_is_absent() =>
        Assert.Equal(("absent", "bring"), OutcomeOf(await GroundAsync(Files.Basketball, "bring me the banana")));

    [Fact]
    public async Task In_the_street_scene_the_van_and_the_person_in_the_light_blue_jacket_are_found()
    {
        var frame = Files.StreetFrame(_folder.Path);
        var van = Target(await GroundAsync(frame, "go to the white van"), "go_to");
        Assert.Contains(van.Label, new[] { "car", "truck", "bus" });
        Assert.True(van.Covers(685, 65), $"{van}");
        var jacket = Target(await GroundAsync(frame, "follow the person in the light blue jacket"), "follow");
        Assert.Equal("person", jacket.Label);
        Assert.True(jacket.Covers(213, 190), $"{jacket}");
    }

    [Fact]
    public async Task A_batch_keeps_the_order_of_its_lines_and_a_line_that_cannot_be_read_its_place()
    {
        var lines =
            Enumerable.Range(0, 300).Select(i => Case($"c{i}", i % 3 == 0 ? "stop" : "bring me the cup")).ToList();
        lines[7] = "{ not JSON";
        lines[100] = "";
        lines[200] = """{"id":"c200","image":{"width":640,"height":480},"objects":[{"id":"a"}],"command":"x"}""";
        lines[250] = Case("c250", new string('a', 2001));
        lines[251] = Case("c251", "");
        var file = _folder.Write("cases.jsonl", string.Join('\n', lines));
        var result = await EdgeProgram.RunAsync("ground", "--batch", file);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("2 lines could not be read", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        result.HasNoStackTrace();

        var answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line)).ToList();
        string[] expected = [
            .. Enumerable.Range(0, 300).Where(i => i != 100).Select(i => i is 7 or 200 ? "" : $"c{i}")];
        Assert.Equal(expected, answers.Select(answer => answer.GetProperty("id").GetString()));
        Assert.Equal(
            (8, true),
            (answers[7].GetProperty("line").GetInt32(),
                answers[7].GetProperty("error").GetString()!.StartsWith("not valid JSON", StringComparison.Ordinal)));
        Assert.Equal((201, "objects.0: 'box' is missing"),
            (answers[199].GetProperty("line").GetInt32(), answers[199].GetProperty("error").GetString()));
        Assert.Equal(["id", "line", "error"], answers[7].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("act", "stop"), OutcomeOf(answers[0]));
        Assert.Equal(("act", "bring"), OutcomeOf(answers[1]));
        foreach (var refused in answers.Where(answer => answer.GetProperty("id").GetString() is "c250" or "c251"))
        {
            Assert.Equal("refuse", refused.GetProperty("outcome").GetString());
            Assert.NotEqual("", refused.GetProperty("reason").GetString());
        }
    }

    [Fact]
    public async Task A_batch_may_name_pictures_beside_it_and_one_that_cannot_be_read_spoils_no_other_line()
    {
        File.Copy(Files.Basketball, Path.Combine(_folder.Path, "two.png"));
        var lines = new[] { "two.png", "two.png", "none.png", Files.Coffee }.Select((picture, i) =>
            $$"""{"id":"p{{i}}","picture":"{{picture}}","command":"{{(i == 1 ? "follow the person on the left" : "follow the person")}}"}""");
        var result = await EdgeProgram.RunAsync(
            "ground", "--method", "rules", "--batch", _folder.Write("cases.jsonl", string.Join('\n', lines)));
        Assert.Equal(2, result.ExitCode);
        var answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(("clarify", "follow"), OutcomeOf(answers[0]));
        Assert.Equal(("act", "follow"), OutcomeOf(answers[1]));
        var error = answers[2].GetProperty("error").GetString();
        Assert.Contains("none.png: no such file", error, StringComparison.Ordinal);
        Assert.Equal(("absent", "follow"), OutcomeOf(answers[3]));
    }

    [Fact]
    public async Task A_batch_may_come_by_a_pipe()
    {
        var result = await EdgeProgram.RunWithInputAsync(
            Case("a", "stop") + "\n" + Case("b", "bring me the cup") + "\n", "ground", "--batch", "-");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(["a", "b"],
            result.Output.Trim().Split('\n').Select(line => JsonElement.Parse(line).GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_parse_is_explained_with_and_without_a_picture()
    {
        const string Command = "follow the person, on the left";
        var result = await EdgeProgram.RunAsync("ground", "--explain-parse", "--command", Command);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.StartsWith("reading 1, price ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);

        // Nobody knows by itself that a persom is a person.
        string[] misspelt = ["--method", "rules", "--explain-parse", "--json"];
        var report = await GroundAsync(Files.Basketball, "follow the persom on the left", misspelt);
        var readings = report.GetProperty("readings").EnumerateArray();
        var picked = Assert.Single(readings, reading => reading.GetProperty("isPicked").GetBoolean());
        Assert.StartsWith("Follow [One person", picked.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Empty(picked.GetProperty("unread").EnumerateArray());
    }

    [Fact]
    public async Task Sentences_are_drawn_with_what_they_mean_the_same_for_a_seed()
    {
        var result = await EdgeProgram.RunAsync("ground", "--sample", "30", "--seed", "5");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        var lines = result.Output.Trim().Split('\n').Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(30, lines.Count);
        Assert.All(lines,
            line => Assert.Equal(["text", "act", "action"], line.EnumerateObject().Select(member => member.Name)));
        Assert.Contains(lines, line => line.GetProperty("act").GetString() == "order");
        Assert.Equal(result.Output, (await EdgeProgram.RunAsync("ground", "--sample", "30", "--seed", "5")).Output);
    }

    [Fact]
    public async Task Arguments_that_make_no_sense_are_told()
    {
        const string Help = "--help shows";
        (await GroundRefusedAsync("--image", Files.Coffee, "--command", "")).IsRefusedWith(
            "--command: must have 1 to 2000 characters, it has 0", Help);
        (await GroundRefusedAsync("--image", Files.Coffee, "--command", new string('a', 2001))).IsRefusedWith(
            "must have 1 to 2000 characters, it has 2001", Help);
        (await GroundRefusedAsync("--image", Files.Coffee)).IsRefusedWith(
            "give either --image and --command, or --batch", Help);
        string[] explain = ["--explain-parse", "--command", "stop"];
        (await GroundRefusedAsync("--explain-parse", "--batch", "-")).IsRefusedWith("and --explain-parse", Help);
        (await GroundRefusedAsync([.. explain, "--after", "go"])).IsRefusedWith("leave out --after and --out", Help);
        (await GroundRefusedAsync([.. explain, "--out", "a.png"])).IsRefusedWith("leave out --after and --out", Help);
        (await GroundRefusedAsync("--image", Files.Coffee, "--command", "stop", "--hfov", "180")).IsRefusedWith(
            "--hfov: must be more than 0 and less than 180", Help);
        (await GroundRefusedAsync("--image", Files.Coffee, "--command", "stop", "--risk", "0.5")).IsRefusedWith(
            "--risk: must be from 0.005 to 0.3", Help);
        (await GroundRefusedAsync("--image", Files.Coffee, "--command", "stop", "--after", " ")).IsRefusedWith(
            "--after: must have 1 to 2000 characters, it has 0", Help);
        (await GroundRefusedAsync("--batch", "-", "--after", "stop")).IsRefusedWith("--after needs --image", Help);
        (await GroundRefusedAsync("--image", Files.Coffee, "--command", "stop", "--network",
            "/nowhere/g.yaml")).IsRefusedWith("/nowhere/g.yaml: no such file");
        (await GroundRefusedAsync("--sample", "0")).IsRefusedWith("--sample: must be from 1 to 1000000, it is 0", Help);
        (await GroundRefusedAsync("--sample", "5", "--command", "stop")).IsRefusedWith("--sample stands alone", Help);
        (await GroundRefusedAsync("--batch", "/nowhere/a.jsonl")).IsRefusedWith("/nowhere/a.jsonl: no such file");
        (await GroundRefusedAsync("--batch", _folder.Path)).IsRefusedWith($"{_folder.Path}: is a folder, not a file");
    }

    public void Dispose() => _folder.Dispose();

    private static Task<ProgramResult> GroundRefusedAsync(params string[] arguments) =>
        EdgeProgram.RunAsync(["ground", .. arguments]);

    private static async Task<JsonElement> GroundAsync(string image, string command, params string[] more) =>
        (await EdgeProgram.RunAsync(["ground", "--image", image, "--command", command, "--json", .. more])).Json;

    private static (string?, string?) OutcomeOf(JsonElement answer) =>
        (answer.GetProperty("outcome").GetString(), answer.GetProperty("action").GetString());

    private static Seen Target(JsonElement answer, string action)
    {
        Assert.Equal(("act", action), OutcomeOf(answer));
        var target = answer.GetProperty("target").GetString();
        var candidate =
            answer.GetProperty("candidates").EnumerateArray()
                .Single(candidate => candidate.GetProperty("id").GetString() == target);
        var box = candidate.GetProperty("box");
        return new Seen(
            candidate.GetProperty("label").GetString()!, Side("x"), Side("y"), Side("width"), Side("height"));

        double Side(string name) => box.GetProperty(name).GetDouble();
    }

    private static string Case(string id, string command) =>
        $$$"""{"id":"{{{id}}}","image":{"width":640,"height":480},"objects":[{"id":"a","label":"cup","score":0.9,"box":{"x":10,"y":20,"width":50,"height":60}}],"command":"{{{command}}}"}""";

    private sealed record Seen(string Label, double X, double Y, double Width, double Height)
    {
        public bool Covers(double x, double y) => x >= X && x <= X + Width && y >= Y && y <= Y + Height;
    }
}
