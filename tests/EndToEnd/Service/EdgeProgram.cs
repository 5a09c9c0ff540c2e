using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>What a run of the program left.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public IReadOnlyList<string> ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard output as one JSON document and nothing else.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.True(ExitCode == 0, Errors);
            return JsonElement.Parse(Output);
        }
    }

    /// <summary>
    /// A user's mistake: exit 2, nothing on standard output, these lines and no stack trace on standard error.
    /// </summary>
    public void IsRefusedWith(params string[] parts)
    {
        Assert.True((ExitCode, Output) == (2, ""), $"exit {ExitCode}, output '{Output}', errors '{Errors}'");
        Assert.True(ErrorLines.Count == parts.Length, Errors);
        Assert.All(parts, part => Assert.Contains(ErrorLines, line => line.Contains(part, StringComparison.Ordinal)));
        HasNoStackTrace();
    }

    /// <summary>It ended with this code and one line on standard error that begins like this.</summary>
    public void IsAnsweredWith(int code, string line)
    {
        Assert.Equal(code, ExitCode);
        Assert.StartsWith(line, Assert.Single(ErrorLines), StringComparison.Ordinal);
    }

    public void HasNoStackTrace()
    {
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Errors, StringComparison.Ordinal);
    }
}

/// <summary>
/// The built program in a process of its own, in a folder that is not the repository. A service is armed at its start
/// and has a state folder of its own, unless the test says otherwise.
/// </summary>
internal sealed partial class EdgeProgram : IDisposable
{
    // A pipe of 4 KiB in the place of standard error, whose reading end the program itself holds and never reads.
    private const string Unread = """
        import fcntl, os, sys
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ if hasattr(fcntl, "F_SETPIPE_SZ") else 1031, 4096)
        os.set_inheritable(reader, True)
        os.dup2(writer, 2)
        os.execvp(sys.argv[1], sys.argv[1:])
        """;

    private readonly TemporaryFolder _state = new();
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource _errorsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EdgeProgram(
        IEnumerable<string> arguments, string? input, (string Name, string Value)? environment = null,
        string[]? launcher = null, string hangup = "--default-signal=HUP")
    {
        // A shell's background jobs ignore interrupts, and so would their children, this one among them.
        string[] command =
        [
            .. launcher ?? [], "env", "--default-signal=INT", hangup,
            "dotnet", Path.Combine(AppContext.BaseDirectory, "EdgePerception.Runtime.dll"), .. Armed([.. arguments]),
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("NOTIFY_SOCKET");
        // Of its own, so that no run finds what another left.
        start.Environment["XDG_STATE_HOME"] = _state.Path;
        if (environment is { } variable) start.Environment[variable.Name] = variable.Value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
        if (input is not null) _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    /// <summary>What it said on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return string.Join('\n', _errors);
        }
    }

    public static EdgeProgram Start(params string[] arguments) => new(arguments, null);

    /// <summary>The same with an environment variable.</summary>
    public static EdgeProgram StartWith(string name, string value, params string[] arguments) =>
        new(arguments, null, (name, value));

    /// <summary>The same started by another program, which gets the command line as its last arguments.</summary>
    public static EdgeProgram StartBy(string[] launcher, params string[] arguments) =>
        new(arguments, null, launcher: launcher);
    /// <summary>The same with a standard error that nobody reads, which is full after a few lines.</summary>
    public static EdgeProgram StartUnread(params string[] arguments) =>
        StartBy(["/usr/bin/python3", "-c", Unread], arguments);

    /// <summary>
    /// The same as the script <c>edge-perception</c> starts it: until it takes the signal itself, a hang-up is ignored.
    /// </summary>
    public static EdgeProgram StartWithHangupIgnored(params string[] arguments) =>
        new(arguments, null, hangup: "--ignore-signal=HUP");

    public static Task<ProgramResult> RunAsync(params string[] arguments) => RunWithInputAsync(null, arguments);

    public static async Task<ProgramResult> RunWithInputAsync(string? input, params string[] arguments)
    {
        using var program = new EdgeProgram(arguments, input);
        return await program.EndAsync();
    }

    /// <summary>Waits until it has said that on standard error.</summary>
    public Task SaysAsync(string text) => Eventually.Until(
        () => Errors.Contains(text, StringComparison.Ordinal),
        () => $"the program's saying '{text}'; it said: {Errors}");

    public void Interrupt() => Assert.Equal(0, Kill(_process.Id, 2));

    public void Hangup() => Assert.Equal(0, Kill(_process.Id, 1));

    public void Terminate() => Assert.Equal(0, Kill(_process.Id, 15));

    /// <summary>Ends it without a chance to say anything.</summary>
    public void Kill() => Assert.Equal(0, Kill(_process.Id, 9));

    /// <summary>Stops its clock: sockets stay open, and nothing answers.</summary>
    public void Freeze() => Assert.Equal(0, Kill(_process.Id, 19));

    public void Thaw() => Assert.Equal(0, Kill(_process.Id, 18));

    /// <summary>Waits until the process is the program's own, and not that which starts it.</summary>
    public Task IsExecutedAsync() => Eventually.Until(
        () => File.ReadAllText($"/proc/{_process.Id}/cmdline").StartsWith("dotnet\0", StringComparison.Ordinal),
        "the program's start");

    /// <summary>Waits for its end.</summary>
    public async Task<ProgramResult> EndAsync()
    {
        await Eventually.Until(() => _process.HasExited, () => $"the program's end; it said: {Errors}");
        await _errorsEnded.Task;
        return new ProgramResult(_process.ExitCode, await _output, Errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _state.Dispose();
    }

    private static string[] Armed(string[] arguments) => arguments is ["run", .. var more]
        ? ["run", "--set", "safety.armAtStart=true", .. more] : arguments;

    private void Take(string? line)
    {
        if (line is null) _errorsEnded.TrySetResult();
        else lock (_errors) _errors.Add(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
