using System.ComponentModel;
using System.Diagnostics;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>How a build is getting on.</summary>
/// <param name="Phase">What the process said last.</param>
/// <param name="Elapsed">How long it is at work.</param>
/// <param name="Expected">How long the model's last build took; not known for the first one.</param>
public sealed record EngineBuildStatus(EnginePhase Phase, TimeSpan Elapsed, TimeSpan? Expected)
{
    /// <summary>The status in words, as in <c>compiling, 40 s of about 300 s</c>.</summary>
    public override string ToString() =>
        $"{EnginePhaseLine.Name(Phase)}, {Elapsed.TotalSeconds:0} "
        + $"s{(Expected is { } expected ? $" of about {expected.TotalSeconds:0} s" : "")}";
}

/// <summary>
/// The build of one engine by another process, which tells its phases by <see cref="EnginePhaseLine"/> on its standard
/// output, its fault on the last line of its standard error, and its success by exit code 0. TensorRT can crash and
/// hang, and what dies with it then is that process. Runs once; the status may be read from any thread.
/// </summary>
/// <param name="start">How to start the process.</param>
/// <param name="expected">How long the model's last build took.</param>
/// <param name="limit">After which time it is ended as hung.</param>
/// <param name="time">The clock.</param>
public sealed class EngineBuild(ProcessStartInfo start, TimeSpan? expected, TimeSpan limit, TimeProvider time)
{
    private const int LongestReason = 400;
    private static readonly TimeSpan PipeTimeout = TimeSpan.FromSeconds(2);

    private readonly long _started = time.GetTimestamp();
    private volatile string _lastError = "";
    private int _phase = (int)EnginePhase.Starting;

    /// <summary>How it is getting on.</summary>
    public EngineBuildStatus Status =>
        new((EnginePhase)Volatile.Read(ref _phase), time.GetElapsedTime(_started), expected);

    /// <summary>
    /// Starts the process and waits for its end. When it fails, takes too long or is cancelled it is killed with all
    /// its children.
    /// </summary>
    /// <returns>Null if the process says that the engine is built; otherwise why not, in one line.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return $"the build cannot be started: {e.Message}";
        }

        var pipes = Task.WhenAll(
            BoundedLines.ReadAsync(process.StandardOutput, line =>
            {
                if (EnginePhaseLine.TryRead(line, out var phase)) Volatile.Write(ref _phase, (int)phase);
            }),
            BoundedLines.ReadAsync(process.StandardError, line =>
            {
                if (!string.IsNullOrWhiteSpace(line)) _lastError = line.Trim();
            }));
        using var overdue = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, overdue.Token);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return $"the build did not end within {limit.TotalMinutes:0.#} minutes (inference.engineBuildLimitMinutes)";
        }

        // A child that it left behind may hold its pipes open for ever; what it had to say has arrived.
        await Task.WhenAny(pipes, Task.Delay(PipeTimeout, TimeProvider.System, CancellationToken.None))
            .ConfigureAwait(false);
        return process.ExitCode == 0 ? null : Reason(process.ExitCode);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is AggregateException or Win32Exception)
        {
            // Something of the tree was gone by itself.
        }
    }

    private string Reason(int exitCode)
    {
        // What .NET makes of a death by signal.
        const int Signals = 128, MaxSignal = 64;
        if (exitCode is > Signals and <= Signals + MaxSignal)
            return $"the build was killed by signal {exitCode - Signals}{Said()}";
        return _lastError.Length > 0 ? Short(_lastError)
            : $"the build ended with exit code {exitCode} and said nothing";

        string Said() => _lastError.Length > 0 ? $", after '{Short(_lastError)}'" : "";
    }

    private static string Short(string line)
    {
        const string Program = "edge-perception: ";
        if (line.StartsWith(Program, StringComparison.Ordinal)) line = line[Program.Length..];
        return VisibleText.Of(line.Length <= LongestReason ? line : line[..LongestReason]);
    }
}
