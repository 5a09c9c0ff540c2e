using System.Runtime.InteropServices;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.CommandLine;

/// <summary>The service as a process: how it ends, and what it says of a configuration that is wrong.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task It_ends_by_itself_after_its_duration_with_a_summary_and_nothing_on_standard_output()
    {
        var result = await EdgeProgram.RunAsync("run", "--config", Configuration(), "--duration", "2s");
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains(
            result.ErrorLines,
            line => line.StartsWith("ended: ", StringComparison.Ordinal)
                && line.Contains("frames published", StringComparison.Ordinal));
        Assert.Contains(
            result.ErrorLines,
            line => line.Contains("latency p50", StringComparison.Ordinal)
                && line.Contains("tracks", StringComparison.Ordinal));
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task It_ends_by_itself_when_its_recording_has_ended()
    {
        var clip = Clip("short.avi");
        var result = await EdgeProgram.RunAsync(
            "run", "--config", Configuration($"  - {{ name: front, kind: file, path: {clip} }}\n"), "--quiet");
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("has ended", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.avi")]
    [InlineData("empty.mkv")]
    [InlineData("text.avi")]
    [InlineData("cut.avi")]
    [InlineData("missing.avi", "text.avi")]
    public async Task It_has_failed_when_no_camera_can_go_on(params string[] files)
    {
        _folder.Write("empty.mkv", "");
        _folder.Write("text.avi", "this is no video");
        var whole = File.ReadAllBytes(Clip("whole.avi"));
        _folder.Write("cut.avi", whole[..100]);
        var cameras = string.Concat(files.Select((file, i) =>
            $"  - {{ name: c{i}, kind: file, path: {Path.Combine(_folder.Path, file)}, startTimeoutMs: 2000 }}\n"));
        var result = await EdgeProgram.RunAsync("run", "--config", Configuration(cameras), "--quiet");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        var told = result.ErrorLines.Count(line => line.Contains("cannot go on: ", StringComparison.Ordinal));
        Assert.Equal(files.Length, told);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task It_has_not_failed_when_one_recording_was_played_to_its_end_and_another_could_not_be()
    {
        var cameras = $"  - {{ name: good, kind: file, path: {Clip("good.avi")} }}\n"
            + "  - { name: bad, kind: file, path: /nowhere/a.avi }\n";
        var result = await EdgeProgram.RunAsync("run", "--config", Configuration(cameras), "--quiet");
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("Camera 'bad' cannot go on: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("Camera 'good' has ended", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hang_up_never_ends_it_and_what_came_during_the_start_is_served_after_it()
    {
        using var program = EdgeProgram.StartWithHangupIgnored(
            "run", "--config", Configuration(more: "swap: { minAgreement: 0 }\n"));
        await program.IsExecutedAsync();
        // What comes before the program's own first line of code is ignored, what comes after it is kept.
        while (!program.Errors.Contains("is live", StringComparison.Ordinal))
        {
            program.Hangup();
            await Task.Delay(5);
        }

        await program.SaysAsync("goes live");
        program.Hangup();
        program.Terminate();
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 0, result.Errors);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task An_interrupt_ends_it_in_order_with_130_and_a_termination_with_0()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await Watcher.StartAsync(broker);
        foreach (var (end, code) in new (Action<EdgeProgram>, int)[] { (program => program.Interrupt(), 130),
            (program => program.Terminate(), 0) })
        {
            using var program = EdgeProgram.Start("run", "--config", Configuration(more: Settings.Mqtt(broker.Port)));
            await program.SaysAsync("is live");
            await watcher.SeesAsync<Scene>("scene", _ => true, "a scene", watcher.On("scene").Count);
            end(program);
            var result = await program.EndAsync();
            Assert.True((result.ExitCode, result.Output) == (code, ""), result.Errors);
            Assert.Contains(result.ErrorLines, line => line.StartsWith("ended: ", StringComparison.Ordinal));
            await Eventually.Until(() => watcher.On("available")[^1].Text == "offline", "the goodbye");
            result.HasNoStackTrace();
        }
    }

    [Fact]
    public async Task Every_fault_of_a_configuration_is_a_line_with_file_and_line_for_run_and_check_alike()
    {
        var file = _folder.Write("wrong.yaml", """
            camera: []
            cameras:
              - name: front
                kind: syntetic
                fps: 1000
            pipeline:
              tickTimeoutMs: fast
            mqtt:
              prot: 1883
              port: 70000
            zeromq:
              actions: tcp://example.com:5557
            """);
        foreach (var verb in new[] { "run", "check" })
        {
            (await EdgeProgram.RunAsync(
                verb, "--config", file, "--set", "safety.haltAfterMs=1", "--set", "trackin.maxTracks=5")).IsRefusedWith(
                $"{file}:1: camera: unknown key; did you mean 'cameras'?",
                $"{file}:4: cameras.0.kind: 'syntetic' is not one of ",
                $"{file}:5: cameras.0.fps: 1000 is out of range, 1 to 240",
                $"{file}:7: pipeline.tickTimeoutMs: 'fast' is not a whole number",
                $"{file}:9: mqtt.prot: unknown key; did you mean 'port'?",
                $"{file}:10: mqtt.port: 70000 is out of range",
                $"{file}:12: zeromq.actions: ",
                "--set: safety.haltAfterMs: 1 is out of range, 100 to 600000",
                "--set: trackin: unknown key; did you mean 'tracking'?");
        }
    }

    [Theory]
    [InlineData("tracking.maxTracks=0", "tracking.maxTracks: 0 is out of range, 1 to 512")]
    [InlineData("tracking.highScore=7", "tracking.highScore: 7 is out of range, 0 to 1")]
    [InlineData("scene.maxCameraAgeSeconds=-1", "scene.maxCameraAgeSeconds: -1 is out of range")]
    [InlineData("models.detector=/nowhere/model.yaml", "/nowhere/model.yaml: no such file")]
    [InlineData("models.folder=/nowhere", "hang.onnx cannot be read")]
    public async Task A_value_that_cannot_work_is_found_before_a_device_is_opened(string assignment, string fault)
    {
        var result =
            await EdgeProgram.RunAsync("run", "--config", Configuration(), "--set", assignment, "--duration", "1s");
        result.IsRefusedWith(fault);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_and_a_failure()
    {
        using var holder = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        holder.Start();
        var port = ((System.Net.IPEndPoint)holder.LocalEndpoint).Port;
        var result = await EdgeProgram.RunAsync(
            "run", "--config",
            Configuration(more: $"zeromq: {{ publish: 'tcp://127.0.0.1:{port}', actions: 'tcp://127.0.0.1:0' }}\n"),
            "--duration", "5s");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains($"{port}", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(result.ErrorLines, line => line.StartsWith("   at ", StringComparison.Ordinal));
        result.HasNoStackTrace();
    }

    [Theory]
    [InlineData("check", "rtsp://admin:p#Geheim12@127.0.0.1:5999/s", "%23")]
    [InlineData("run", "rtsp://admin:x@Geheim12#!@127.0.0.1:5999/s", "%40")]
    public async Task An_address_with_an_unencoded_password_is_refused_without_a_word_of_it(
        string verb, string url, string advice)
    {
        var file = Configuration("  - { name: net, kind: rtsp, url: 'rtsp://127.0.0.1:5999/s' }\n");
        var result = await EdgeProgram.RunAsync(verb, "--config", file, "--set", $"cameras.0.url={url}");
        result.IsRefusedWith(advice);
        Assert.DoesNotContain("eheim", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_that_a_configuration_can_run_or_all_that_is_missing()
    {
        var good = Configuration();
        var result = await EdgeProgram.RunAsync("check", "--config", good);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal($"{good}: can run here (1 cameras)\n", result.Output);

        var bad = Configuration(
            "  - { name: a, kind: file, path: /nowhere/a.avi }\n  - { name: b, kind: v4l2, device: /dev/video99 }\n"
            + "microphones:\n  - { name: left, kind: file, path: /nowhere/a.wav }\n");
        (await EdgeProgram.RunAsync("check", "--config", bad, "--set", "models.folder=/nowhere")).IsRefusedWith(
            "hang.onnx cannot be read", "camera 'a': /nowhere/a.avi: no such file",
            "microphone 'left': /nowhere/a.wav: no such file", "camera 'b': /dev/video99: no such device");
    }

    [Fact]
    public async Task Check_names_an_ear_that_is_missing_though_the_service_would_do_without()
    {
        var file = _folder.Write("real.yaml", $"cameras:\n{Settings.Synthetic("front")}{Settings.RealDetector}");
        Assert.Equal(0, (await EdgeProgram.RunAsync("check", "--config", file)).ExitCode);
        (await EdgeProgram.RunAsync(
            "check", "--config", file, "--set", "grounding.ear=/nowhere/ear.json")).IsRefusedWith(
            "grounding: rules alone, and unknown words are asked about: /nowhere/ear.json is not there");
    }

    [Fact]
    public async Task Check_refuses_a_state_folder_that_cannot_be_written_wherever_it_is_named()
    {
        const string Unwritable = "/proc/state";
        var file = Configuration();
        var named = await EdgeProgram.RunAsync("check", "--config", file, "--set", $"stateFolder={Unwritable}");
        named.IsRefusedWith($"stateFolder: {Unwritable}: ");
        foreach (var (variable, value, folder) in new[]
                 {
                     ("STATE_DIRECTORY", "/proc/given:/proc/second", "/proc/given"),
                     ("XDG_STATE_HOME", "/proc", "/proc/edge-perception"),
                 })
        {
            using var check = EdgeProgram.StartWith(variable, value, "check", "--config", file);
            (await check.EndAsync()).IsRefusedWith($"stateFolder: {folder}: ");
        }

        using var given = EdgeProgram.StartWith("STATE_DIRECTORY", _folder.Path, "check", "--config", file);
        Assert.Equal(0, (await given.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Doctor_says_what_this_machine_has()
    {
        var result = await EdgeProgram.RunAsync("doctor");
        Assert.True(result.ExitCode == 0, result.Output);
        string[] subjects =
            ["ONNX Runtime", "GStreamer", "libzmq", "detector", "encoder", "TensorRT", "CUDA", "urgency"];
        foreach (var subject in subjects)
            Assert.Contains(result.Output.Split('\n'), line => line.Contains(subject, StringComparison.Ordinal));
        Assert.Contains("everything that is needed is here", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_devices_own_ONNX_Runtime_serves_from_its_folder_and_one_that_does_not_fit_is_refused()
    {
        var packaged = Directory.GetFiles(
            Path.Combine(AppContext.BaseDirectory, "runtimes"), "libonnxruntime.so", SearchOption.AllDirectories)
            .Single(file =>
                file.Contains($"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}",
                    StringComparison.Ordinal));
        var library = Path.Combine(_folder.Path, "libonnxruntime.so.1");
        File.Copy(packaged, library);
        using (var doctor = EdgeProgram.StartWith("EDGE_PERCEPTION_ONNXRUNTIME", _folder.Path, "doctor"))
        {
            var result = await doctor.EndAsync();
            Assert.Contains($"ONNX Runtime   1.31.1, {library}", result.Output, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(library, "not a library");
        using (var doctor = EdgeProgram.StartWith("EDGE_PERCEPTION_ONNXRUNTIME", _folder.Path, "doctor"))
        {
            var result = await doctor.EndAsync();
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(
                "MISSING ONNX Runtime   EDGE_PERCEPTION_ONNXRUNTIME: ", result.Output, StringComparison.Ordinal);
            Assert.Contains("1 missing", result.Output, StringComparison.Ordinal);
        }

        using var check =
            EdgeProgram.StartWith("EDGE_PERCEPTION_ONNXRUNTIME", _folder.Path, "run", "--config", Configuration());
        (await check.EndAsync()).IsRefusedWith(
            $"EDGE_PERCEPTION_ONNXRUNTIME: {library} cannot be loaded: libonnxruntime.so.1: ");
    }

    [Fact]
    public async Task What_cannot_be_understood_is_told_with_exit_2()
    {
        const string Help = "--help shows";
        (await EdgeProgram.RunAsync("run")).IsRefusedWith("--config", Help);
        (await EdgeProgram.RunAsync("run", "--config", "/nowhere/a.yaml")).IsRefusedWith(
            "/nowhere/a.yaml: no such file");
        (await EdgeProgram.RunAsync("run", "--config", Configuration(), "--duration", "soon")).IsRefusedWith(
            "'soon' is not a duration such as 30s", Help);
        (await EdgeProgram.RunAsync("detekt")).IsRefusedWith("detekt", Help);
    }

    public void Dispose() => _folder.Dispose();

    private string Clip(string name)
    {
        var clip = Path.Combine(_folder.Path, name);
        Files.Launch("videotestsrc pattern=black num-buffers=10 ! video/x-raw,width=64,height=48,framerate=10/1 "
            + $"! jpegenc ! avimux ! filesink location={clip}");
        return clip;
    }

    private string Configuration(string? cameras = null, string more = "") => _folder.Write(
        "service.yaml",
        $"cameras:\n{cameras ?? Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}{more}");
}
