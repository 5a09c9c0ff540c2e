using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>
/// firmware-interfaces/examples/listen.py in a process of its own: subscribes to everything, and is a robot controller
/// that accepts each action whose limits it can keep. Shares no code with the service, and dies without a word.
/// </summary>
internal sealed partial class PythonListener : IDisposable
{
    private readonly List<JsonElement> _lines = [];
    private readonly List<string> _errors = [];
    private readonly Process _process;

    public PythonListener(string publish, string actions, string name, params string[] more)
    {
        var script = Path.Combine(Files.Repository, "firmware-interfaces", "examples", "listen.py");
        _process = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3",
            ["-u", "-B", script, "--publish", publish, "--actions", actions, "--name", name, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Complain(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits for so many messages of a kind (registered, safety, action) or of a published topic.</summary>
    public Task SeesAsync(string kindOrTopic, int count = 1) => Eventually.Until(
        () => Of(kindOrTopic).Count >= count,
        () => $"{count} of {kindOrTopic}; it saw {Of(kindOrTopic).Count} and said {string.Join(" ", _errors)}");

    public IReadOnlyList<JsonElement> Of(string kindOrTopic)
    {
        lock (_lines)
        {
            return
            [
                .. _lines.Where(line => line.GetProperty("kind").GetString() == kindOrTopic
                                        || (line.TryGetProperty("topic", out var topic)
                                            && topic.GetString() == kindOrTopic)),
            ];
        }
    }

    /// <summary>Waits until its wheels turn, or stand still, for the last time so far.</summary>
    public Task MovesAsync(bool moving = true) => Eventually.Until(
        () => Of("motion") is [.., var last] && last.GetProperty("moving").GetBoolean() == moving,
        () => $"moving: {moving}; it said {string.Join(" ", Of("motion"))} {string.Join(" ", _errors)}");

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Stops its clock: the connection stays open, and nothing answers.</summary>
    public void Freeze() => Assert.Equal(0, Signal(_process.Id, 19));

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        var read = JsonElement.Parse(line);
        lock (_lines) _lines.Add(read);
    }

    private void Complain(string? line)
    {
        if (line is null) return;
        lock (_lines) _errors.Add(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
