using System.Diagnostics;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>
/// A ZeroMQ client that shares no code with ours: python3-zmq, running zeromq_peer.py or another script.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly List<string> _lines = [];
    private readonly Process _process;

    private PythonPeer(Process process) => _process = process;

    public static PythonPeer Start(params string[] arguments) =>
        Run(Path.Combine(AppContext.BaseDirectory, "Messaging", "zeromq_peer.py"), arguments);

    public static PythonPeer Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-u", "-B", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var peer = new PythonPeer(Process.Start(start)!);
        peer._process.OutputDataReceived += (_, line) => peer.Take(line.Data);
        peer._process.ErrorDataReceived += (_, line) => peer.Take(line.Data);
        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        return peer;
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public string Describe() => $"the peer said: {string.Join(" | ", Lines)}";

    /// <summary>Lets it run no further (SIGSTOP); its connections stay.</summary>
    public void Freeze()
    {
        using var kill = Process.Start("/bin/kill", ["-STOP", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_lines) _lines.Add(line);
    }
}
