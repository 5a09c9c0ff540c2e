using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgePerception.Benchmarks;

/// <summary>Why there is no baseline to compare with, in one line.</summary>
internal sealed class BaselineException(string message) : Exception(message);

/// <summary>
/// A baseline: another program, warm in a process of its own, that answers each line it is sent with a line (what is
/// said stands in <c>benchmarks/external/opencv/baseline.cpp</c>). Its process ends with its input.
/// </summary>
internal sealed class ExternalProgram : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _outputFile;
    private volatile string _lastError = "";

    private ExternalProgram(ProcessStartInfo start, string outputFile)
    {
        _outputFile = outputFile;
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) => _lastError = e.Data ?? _lastError;
        _process.BeginErrorReadLine();
    }

    /// <summary>What it is: version, kind, threads.</summary>
    public string Description { get; private set; } = "";

    /// <summary>The C++ program over OpenCV, once eng/bench.sh has compiled it.</summary>
    public static Task<ExternalProgram> OpenCvAsync(
        Workbench bench, string job, string frames, params string[] arguments) =>
        StartAsync(
            bench,
            new ProcessStartInfo(
                Path.Combine(bench.Artifacts, "external", "opencv-baseline"), [job, frames, .. arguments]));

    /// <summary>A JavaScript program of benchmarks/external/node, over the packages that set-up installed.</summary>
    public static Task<ExternalProgram> NodeAsync(Workbench bench, string script, params string[] arguments) =>
        StartAsync(
            bench,
            new ProcessStartInfo(
                "node", [Path.Combine(bench.Root, "benchmarks/external/node", script), bench.FramesFile, .. arguments])
            {
                Environment = { ["NODE_PATH"] = Path.Combine(bench.Root, ".cache/bench/node_modules") },
            });

    /// <summary>The C program over libzmq and libmosquitto, once eng/bench.sh has compiled it.</summary>
    public static Task<ExternalProgram> MessagingAsync(Workbench bench, string job, params string[] arguments) =>
        StartAsync(
            bench,
            new ProcessStartInfo(
                Path.Combine(bench.Artifacts, "external", "messaging-baseline"), [job, .. arguments]));

    /// <summary>The figures that it answers a round of so many messages with.</summary>
    public async Task<double[]> FiguresAsync(int messages)
    {
        var figures = (await AskAsync($"round {messages}")).Split(' ');
        return [.. figures.Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
    }

    /// <summary>Has it do a round of so many messages.</summary>
    public Task SendAsync(int messages) => AskAsync($"round {messages}");

    /// <summary>Milliseconds an image of one pass over the first images, by its own clock.</summary>
    public async Task<double> RoundAsync(int images) =>
        double.Parse(await AskAsync($"round {images}"), CultureInfo.InvariantCulture);

    /// <summary>
    /// What it made of the first image: "tensor", the model's input, or "output", the model's or its own answer.
    /// </summary>
    public async Task<float[]> FirstAsync(string what)
    {
        await AskAsync($"{what} {_outputFile}");
        return MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(_outputFile)).ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<ExternalProgram> StartAsync(Workbench bench, ProcessStartInfo start)
    {
        ExternalProgram program;
        try
        {
            program = new ExternalProgram(start, Path.Combine(bench.Artifacts, "baseline.raw"));
        }
        catch (Win32Exception e)
        {
            throw new BaselineException(e.Message);
        }

        try
        {
            var ready = await program.AnswerAsync();
            program.Description = ready.StartsWith("ready ", StringComparison.Ordinal)
                ? ready["ready ".Length..]
                : throw new BaselineException($"{start.FileName} began with '{ready}'");
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    private async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await AnswerAsync();
    }

    private async Task<string> AnswerAsync()
    {
        using var timeout = new CancellationTokenSource(TimeLimit);
        try
        {
            if (await _process.StandardOutput.ReadLineAsync(timeout.Token) is { } line) return line;
        }
        catch (OperationCanceledException)
        {
            throw new BaselineException(
                $"{_process.StartInfo.FileName} gave no answer within {TimeLimit.TotalMinutes} minutes");
        }

        await _process.WaitForExitAsync();
        throw new BaselineException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}: {_lastError}");
    }
}
