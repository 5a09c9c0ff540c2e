using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Tests.Models.Fetch;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

public sealed class ModelsTests : IDisposable
{
    private const string RealModel = "centernet-mobilenetv3-coco";
    private readonly TemporaryFolder _folder = new();

    private string Weights => Directory.CreateDirectory(Path.Combine(_folder.Path, "models")).FullName;

    private string Manifests => Directory.CreateDirectory(Path.Combine(_folder.Path, "manifests")).FullName;

    [Fact]
    public async Task The_programs_models_are_listed_with_family_input_licence_and_state()
    {
        var table = await EdgeProgram.RunAsync("models", "list");
        Assert.Equal((0, ""), (table.ExitCode, table.Errors));
        Assert.Matches(@"(?m)^name +family +input +providers +licence +file$", table.Output);
        Assert.Matches(
            $@"(?m)^{RealModel} +centernet +float32 \[-1, 512, 512, 3\] +tensorrt, cuda, cpu +MIT +verified$",
            table.Output);
        var item = (await EdgeProgram.RunAsync("models", "list", "--json")).Json.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("name").GetString() == RealModel);
        Assert.Equal("verified", item.GetProperty("state").GetString());
        Assert.Equal([-1, 512, 512, 3],
            item.GetProperty("inputs")[0].GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32()));
    }

    [Fact]
    public async Task A_list_tells_missing_and_other_files_and_manifests_that_cannot_be_read()
    {
        File.WriteAllBytes(Path.Combine(Weights, "other.onnx"), [1]);
        Write("missing", "file: missing.onnx");
        Write("other", "file: other.onnx", sum: new string('0', 64));
        Write("wrong", "fil: wrong.onnx");
        var list = await EdgeProgram.RunAsync("models", "list", "--manifests", Manifests, "--models", Weights);
        Assert.Equal(2, list.ExitCode);
        Assert.Matches("(?m)^missing .* missing$", list.Output);
        Assert.Matches("(?m)^other .* another file$", list.Output);
        Assert.Equal(2, list.ErrorLines.Count);
        Assert.Contains("wrong.yaml:2: fil: unknown key; did you mean 'file'?", list.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_programs_models_are_what_their_manifests_say_and_run()
    {
        var verdict = await EdgeProgram.RunAsync("models", "verify", RealModel);
        Assert.Equal((0, ""), (verdict.ExitCode, verdict.Errors));
        Assert.Matches($@"^{RealModel}: fits; one run on (CPU|CUDA|TensorRT) took \d+\.\d ms\n$", verdict.Output);
    }

    [Fact]
    public async Task Each_model_that_does_not_fit_has_its_line_and_the_others_are_verified_all_the_same()
    {
        var model = new OnnxGraph().Input("images", 1, 3, 32, 32).Output("logits", 1, 3).ToBytes();
        File.WriteAllBytes(Path.Combine(Weights, "good.onnx"), model);
        File.WriteAllBytes(Path.Combine(Weights, "torn.onnx"), model[..^10]);
        File.WriteAllBytes(Path.Combine(Weights, "new.onnx"),
            new OnnxGraph(opset: 99).Input("images", 1, 3, 32, 32).Output("logits", 1, 3).ToBytes());
        Write("a-good", "file: good.onnx");
        Write("b-absolute", "file: /etc/passwd");
        Write("c-family", "file: good.onnx", "decoder: ssd");
        Write("d-free", "file: good.onnx", shape: "[-1, 3, 32, 32]");
        Write("e-new", "file: new.onnx");
        Write("f-rank", "file: good.onnx", shape: "[1, 3, 32, 32]", output: "[3]");
        Write("g-sum", "file: good.onnx", sum: new string('0', 64));
        Write("h-torn", "file: torn.onnx");
        Write("i-type", "file: good.onnx", type: "uint8");
        Write("j-labels", "file: good.onnx", labels: "[cup, mug]");
        var result =
            await EdgeProgram.RunAsync("models", "verify", "--manifests", Manifests, "--models", Weights, "--json");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal([true, .. Enumerable.Repeat(false, 9)],
            JsonElement.Parse(result.Output).GetProperty("models").EnumerateArray()
                .Select(model => model.GetProperty("fits").GetBoolean()));
        string[] expected =
        [
            "b-absolute.yaml:2: file: '/etc/passwd' must be a path inside the models folder",
            "c-family.yaml:3: decoder: 'ssd' is not one of ",
            "d-free.yaml:7: inputs: 'images' leaves axis 0 free and has no profile that bounds it",
            "e-new.yaml: model 'e-new': new.onnx is not a model that can be loaded: its opset 99 is newer than ONNX "
            + "Runtime ",
            "f-rank.yaml: model 'f-rank' (good.onnx): output 'logits' has shape [1, 3], the manifest says [3]",
            "g-sum.yaml: model 'g-sum': ", "h-torn.yaml: model 'h-torn': torn.onnx is truncated, or damaged: it has ",
            "i-type.yaml: model 'i-type' (good.onnx): input 'images' is float32, the manifest says uint8",
            "j-labels.yaml: model 'j-labels' (good.onnx): output 'logits' has shape [1, 3]; the decoder classifier "
            + "reads ",
        ];
        Assert.Equal(expected.Length, result.ErrorLines.Count);
        Assert.All(expected.Zip(result.ErrorLines),
            line => Assert.StartsWith($"{Manifests}/{line.First}", line.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_nobody_described_is_inspected_tried_and_run()
    {
        File.Copy(Path.Combine(Files.Repository, "models", "fetched", $"{RealModel}.onnx"),
            Path.Combine(Weights, "My Model.onnx"));
        var manifest = Path.Combine(Manifests, "mine.yaml");
        string[] inspect = ["models", "inspect", Path.Combine(Weights, "My Model.onnx"), "--models", Weights, "--out",
            manifest];
        var written = await EdgeProgram.RunAsync(inspect);
        Assert.Equal((0, ""), (written.ExitCode, written.Output));
        Assert.Contains("name: my-model\nfile: My Model.onnx\n", File.ReadAllText(manifest), StringComparison.Ordinal);

        var found =
            (await EdgeProgram.RunAsync("models", "try", "mine", "--image", Files.Coffee, "--manifests", Manifests,
                "--models", Weights, "--json")).Json;
        Assert.Contains(found.GetProperty("detections").EnumerateArray(),
            detection => detection.GetProperty("label").GetString() == "cup");

        var configuration = _folder.Write(
            "robot.yaml",
            $"cameras:\n{Settings.Synthetic("front")}models: {{ folder: {Weights} }}\ngrounding: {{ method: "
            + $"rules }}\n");
        var run = await EdgeProgram.RunAsync(
            "run", "--config", configuration, "--set", "models.detector=manifests/mine.yaml", "--duration", "2s");
        Assert.True(run.ExitCode == 0, run.Errors);

        (await EdgeProgram.RunAsync(inspect)).IsRefusedWith($"{manifest}: is there already; --force writes over it");
        Assert.Equal(0, (await EdgeProgram.RunAsync([.. inspect, "--force"])).ExitCode);
    }

    [Theory]
    [InlineData("/nowhere/m.yaml", "/nowhere/m.yaml: there is no folder /nowhere; make it first")]
    [InlineData("m.json", "m.json: a manifest's name ends with .yaml")]
    [InlineData("/dev/full", "/dev/full: a manifest's name ends with .yaml")]
    public async Task A_place_where_no_manifest_can_be_written_is_told_before_a_model_is_read(string place, string line)
    {
        string[] inspect = ["models", "inspect", "/nowhere/a.onnx", "--force", "--out", place];
        (await EdgeProgram.RunAsync(inspect)).IsRefusedWith(line);
    }

    [Fact]
    public async Task What_a_classifier_sees_is_told_as_a_table_or_JSON()
    {
        File.WriteAllBytes(Path.Combine(Weights, "good.onnx"),
            new OnnxGraph().Input("images", 1, 3, 32, 32).Output("logits", 1, 3).ToBytes());
        Write("good", "file: good.onnx", labels: "[cup, mug, bottle]\nscores: logits");
        string[] attempt = ["models", "try", "good", "--image", Files.Coffee, "--manifests", Manifests, "--models",
            Weights];
        Assert.Equal("label            score\ncup               0.33\nmug               0.33\nbottle            0.33\n",
            (await EdgeProgram.RunAsync(attempt)).Output);
        var classes = (await EdgeProgram.RunAsync([.. attempt, "--json"])).Json.GetProperty("detections")
            .EnumerateArray().ToList();
        Assert.Equal(["cup", "mug", "bottle"], classes.Select(best => best.GetProperty("label").GetString()));
        Assert.All(classes, best => Assert.False(best.TryGetProperty("box", out _)));
    }

    [Fact]
    public async Task An_inspection_goes_to_standard_output_as_a_manifest_or_as_JSON()
    {
        var file = _folder.Write(
            "best.onnx",
            new OnnxGraph().Metadata("task", "detect").Metadata("stride", "32")
                .Metadata("names", "{0: 'mug', 1: 'cup'}")
            .Input("images", "batch", 3, 640, 640).Output("output0", "batch", 6, 8400).ToBytes());
        var text = await EdgeProgram.RunAsync("models", "inspect", file);
        Assert.Equal((0, ""), (text.ExitCode, text.Errors));
        Assert.Contains("labels: [mug, cup]\n", text.Output, StringComparison.Ordinal);
        var json = (await EdgeProgram.RunAsync("models", "inspect", file, "--json")).Json;
        Assert.Equal(
            ("yolo", true, 17),
            (json.GetProperty("decoder").GetString(), json.GetProperty("familyFits").GetBoolean(),
                json.GetProperty("opset").GetInt32()));
        Assert.Equal(text.Output, json.GetProperty("manifest").GetString());
        Assert.Equal("{0: 'mug', 1: 'cup'}", json.GetProperty("metadata").GetProperty("names").GetString());
    }

    [Fact]
    public async Task What_is_no_model_or_no_manifest_is_one_line()
    {
        (await EdgeProgram.RunAsync("models", "inspect", Files.Coffee)).IsRefusedWith(
            $"{Files.Coffee}: is a PNG picture, not an ONNX model");
        (await EdgeProgram.RunAsync("models", "inspect", _folder.Path)).IsRefusedWith(
            $"{_folder.Path}: is a folder, not a file; name an .onnx file");
        (await EdgeProgram.RunAsync("models", "inspect", "/nowhere/a.onnx")).IsRefusedWith(
            "/nowhere/a.onnx: no such file");
        (await EdgeProgram.RunAsync("models", "verify", "centernet-mobilnetv3-coco")).IsRefusedWith(
            $"did you mean '{RealModel}'?");
        (await EdgeProgram.RunAsync("models", "verify", "/nowhere/a.yaml"))
            .IsRefusedWith("/nowhere/a.yaml: no such file");
        (await EdgeProgram.RunAsync("models", "try", "best.onnx", "--image", Files.Coffee)).IsRefusedWith(
            "best.onnx: is a model; name its manifest, which 'models inspect best.onnx' writes");
        (await EdgeProgram.RunAsync("models", "try", RealModel, "--image", "/nowhere/a.png"))
            .IsRefusedWith("/nowhere/a.png: no such file");
        (await EdgeProgram.RunAsync("models", "list", "--manifests", "/nowhere")).IsRefusedWith(
            "/nowhere: no such folder of manifests");
    }

    [Theory]
    [InlineData("pipe", "is a named pipe, not a file")]
    [InlineData("zeros", "is a device, not a file")]
    [InlineData("folder", "is a folder, not a file")]
    [InlineData("elsewhere", "leads out of ")]
    public async Task What_lies_in_a_models_place_and_is_no_file_of_the_folder_is_refused_by_every_verb(
        string kind, string problem)
    {
        var path = Path.Combine(Weights, "odd.onnx");
        if (kind == "pipe") Process.Start("mkfifo", path).WaitForExit();
        else if (kind == "folder") Directory.CreateDirectory(path);
        else File.CreateSymbolicLink(path, kind == "zeros" ? "/dev/zero" : _folder.Write("elsewhere.onnx", [1]));
        Write("odd", "file: odd.onnx", sum: new string('0', 64));
        string[] folders = ["--manifests", Manifests, "--models", Weights];
        var line = $"model 'odd': {path} {problem}";
        (await EdgeProgram.RunAsync(["models", "verify", "odd", .. folders])).IsRefusedWith(line);
        var list = await EdgeProgram.RunAsync(["models", "list", .. folders]);
        Assert.Equal(2, list.ExitCode);
        Assert.Contains(line, Assert.Single(list.ErrorLines), StringComparison.Ordinal);
        (await EdgeProgram.RunAsync(["models", "try", "odd", "--image", Files.Coffee, .. folders])).IsRefusedWith(line);
        (await EdgeProgram.RunAsync(["models", "fetch", "odd", "--from", _folder.Path, .. folders])).IsRefusedWith(
            line);
    }

    [Fact]
    public async Task A_model_that_never_ends_or_asks_for_too_much_memory_is_ended_and_the_others_are_verified()
    {
        File.WriteAllBytes(Path.Combine(Weights, "good.onnx"),
            new OnnxGraph().Input("images", 1, 3, 32, 32).Output("logits", 1, 3).ToBytes());
        File.Copy(Path.Combine(Files.Repository, "tests", "Fusion", "Inference", "Models", "hang.onnx"),
            Path.Combine(Weights, "endless.onnx"));
        File.WriteAllBytes(Path.Combine(Weights, "huge.onnx"), new OnnxGraph().Input("images", 1, 3, 32, 32)
            .Weight("big", 7, [2], [.. BitConverter.GetBytes(40_000L), .. BitConverter.GetBytes(40_000L)])
            .Node("ConstantOfShape", ["big"], ["zeros"])
            .Node("ReduceMax", ["zeros"], ["largest"]).Node("Squeeze", ["largest"], ["zero"])
            .Weight("shape", 7, [2], [.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(3L)])
            .Node("Expand", ["zero", "shape"], ["logits"])
            .Made("logits", 1, 3).ToBytes());
        Write("a-huge", "file: huge.onnx");
        Write("c-good", "file: good.onnx");
        File.WriteAllText(Path.Combine(Manifests, "b-endless.yaml"), $$"""
            { name: b-endless, file: endless.onnx, sha256: {{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Weights, "endless.onnx"))))}},
              source: a test, licence: MIT, decoder: centernet, inputs: [{ name: tower_0/images, shape: [1, 512, 512, 3] }],
              outputs: [{ name: detections, shape: [1, 100, 6] }], picture: { layout: nhwc, mean: [-100, -100, -100] }, labels: [cup], providers: [cpu] }
            """);
        string[] folders = ["--manifests", Manifests, "--models", Weights];
        var result = await EdgeProgram.RunAsync(["models", "verify", .. folders, "--limit", "10s"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Matches(@"^c-good: fits; one run on CPU took \d+\.\d ms\n$", result.Output);
        Assert.Equal(2, result.ErrorLines.Count);
        Assert.Matches(
            $"^{Manifests}/a-huge.yaml: model 'a-huge': .*it asks for 6103 MiB of memory at once and does not get "
            + "them$", result.ErrorLines[0]);
        Assert.Equal($"{Manifests}/b-endless.yaml: model 'b-endless': did not load and run within 10 s, and was ended",
            result.ErrorLines[1]);
        result.HasNoStackTrace();
        (await EdgeProgram.RunAsync(["models", "try", "a-huge", "--image", Files.Coffee, .. folders])).IsRefusedWith(
            "it asks for 6103 MiB of memory at once");
    }

    [Fact]
    public async Task An_engine_cannot_be_built_without_TensorRT_and_where_it_comes_from_is_said()
    {
        var result = await EdgeProgram.RunAsync("models", "build", RealModel, "--json");
        if (result.ExitCode == 0) return; // This machine has TensorRT.
        Assert.Equal(1, result.ExitCode);
        // On a slow machine more lines follow, since a wait of two seconds is told.
        var first = JsonElement.Parse(result.Output.Split('\n')[0]);
        Assert.Equal(("building", "starting"),
            (first.GetProperty("state").GetString(), first.GetProperty("detail").GetString()));
        Assert.StartsWith(
            $"edge-perception: model '{RealModel}': TensorRT is not here: not in this build of ONNX Runtime; build "
            + "with -p:",
            Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_fetch_ends_with_130_and_the_next_one_goes_on_from_there()
    {
        var model = new byte[2_000_000];
        new Random(1).NextBytes(model);
        await using var server = await FileServer.StartAsync(model);
        var partial = Path.Combine(Weights, "big.onnx.partial");
        (server.CutAfter, server.BeforeCut) = ([1_000_000], aborted => Task.Delay(Timeout.Infinite, aborted));
        Write("big", "file: big.onnx", url: server.Url, sum: Convert.ToHexStringLower(SHA256.HashData(model)));
        string[] fetch = ["models", "fetch", "big", "--manifests", Manifests, "--models", Weights];
        using (var program = EdgeProgram.Start(fetch))
        {
            await Eventually.Until(() => File.Exists(partial) && new FileInfo(partial).Length == 1_000_000,
                () => $"half of the file; {program.Errors}");
            program.Interrupt();
            var interrupted = await program.EndAsync();
            Assert.Equal((130, ""), (interrupted.ExitCode, interrupted.Output));
            interrupted.HasNoStackTrace();
        }

        var result = await EdgeProgram.RunAsync(fetch);
        Assert.True(
            (result.ExitCode, result.Output) == (0, $"big: fetched and verified, {Weights}/big.onnx\n"), result.Errors);
        Assert.Equal(["", "bytes=1000000-"], server.Ranges);
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(Weights, "big.onnx")));
        Assert.False(File.Exists(partial));
        Assert.Equal("big: is here and verified\n", (await EdgeProgram.RunAsync(fetch)).Output);
    }

    [Fact]
    public async Task A_fetch_that_cannot_be_tells_why_for_each_model()
    {
        await using var server = await FileServer.StartAsync([]);
        server.Statuses = [404];
        Write("gone", "file: gone.onnx", url: server.Url);
        Write("own", "file: own.onnx");
        (await EdgeProgram.RunAsync(
            "models", "fetch", "gone", "own", "--manifests", Manifests, "--models", Weights)).IsRefusedWith(
            $"model 'gone': {server.Url}: the server answers 404 Not Found",
            "model 'own': its manifest names no url; it is a test");
        (await EdgeProgram.RunAsync("models", "fetch", "own", "--from", _folder.Path, "--manifests", Manifests,
            "--models", Weights)).IsRefusedWith(
            $"model 'own': {_folder.Path}: holds no own.onnx");
    }

    [Fact]
    public async Task Every_verb_shows_examples_in_its_help()
    {
        foreach (var verb in new[] { "fetch", "verify", "build", "inspect", "try" })
        {
            var help = await EdgeProgram.RunAsync("models", verb, "--help");
            Assert.Equal((0, ""), (help.ExitCode, help.Errors));
            Assert.Contains($"\nExamples:\n  edge-perception models {verb}", help.Output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string file, string decoder = "decoder: classifier",
        string shape = "[1, 3, 32, 32]", string output = "[1, 3]",
        string type = "float32", string labels = "[cup, mug, bottle]", string? sum = null, string? url = null)
    {
        var path = Path.Combine(Weights, file.Split(' ')[1]);
        sum ??= File.Exists(path) && !file.Contains('/', StringComparison.Ordinal)
            ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : new string('1', 64);
        File.WriteAllText(Path.Combine(Manifests, $"{name}.yaml"), $"""
            name: {name}
            {file}
            {decoder}
            sha256: '{sum}'
            source: a test
            licence: MIT{(url is null ? "" : $"\nurl: {url}")}
            inputs: [{"{"} name: images, shape: {shape}, type: {type} {"}"}]
            outputs: [{"{"} name: logits, shape: {output} {"}"}]
            labels: {labels}
            providers: [cpu]
            """);
    }
}
