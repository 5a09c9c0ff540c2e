using System.Globalization;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>
/// Bounds what a model that nobody knows yet may take of this process while it is loaded and run: a graph of some bytes
/// may loop for ever or ask for terabytes. A run that takes too long ends the process, since one node of a graph cannot
/// be broken off; memory that is not granted is told by whoever asked for it. One at a time in a process.
/// </summary>
internal sealed partial class ModelLimits : IDisposable
{
    /// <summary>How long verbs that answer with what a model sees wait for it.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private const long FreeBytes = 2L << 30;
    private const int FileShare = 4;
    private const int DataResource = 2; // RLIMIT_DATA
    private readonly ITimer _timer;
    private readonly Limit _before;

    private ModelLimits(string what, long fileBytes, TimeSpan limit)
    {
        _ = GetLimit(DataResource, out _before);
        // Beside what the process has: its weights as read, as ONNX Runtime keeps them and as it packs them; and some
        // room.
        var most = (ulong)(DataBytes() + FreeBytes + FileShare * fileBytes);
        var bounded = new Limit { Logistic = Math.Min(most, _before.Logistic), Hard = _before.Hard };
        _ = SetLimit(DataResource, in bounded);
        _timer = TimeProvider.System.CreateTimer(_ => End(what, limit), null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does the work within the limits.</summary>
    /// <param name="what">What the model is called in the line that tells of a limit.</param>
    /// <param name="file">Its ONNX file, whose size widens the limit of memory.</param>
    /// <param name="limit">How long the work may take before the process ends with exit code 2.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="ModelException">The model wants more memory than it may have.</exception>
    public static T Within<T>(string what, string file, TimeSpan limit, Func<T> work)
    {
        var info = new FileInfo(file);
        using var limits = new ModelLimits(
            what, info.Exists ? Math.Min(info.Length, Fusion.Inference.Onnx.OnnxFile.MaxBytes) : 0, limit);
        try
        {
            return work();
        }
        catch (OutOfMemoryException e)
        {
            throw new ModelException($"{what}: wants more memory than a model of its size may have", e);
        }
    }

    /// <summary>Ends the limits.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _ = SetLimit(DataResource, in _before);
    }

    private static void End(string what, TimeSpan limit)
    {
        Terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"edge-perception: {what}: did not load and run within {limit.TotalSeconds:0.#} s, and was ended"));
        // At once: what an orderly end would wait for is the very run that does not end.
        Exit(ExitCodes.BadInput);
    }

    private static long DataBytes()
    {
        const string Key = "VmData:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line[Key.Length..^3].Trim(), CultureInfo.InvariantCulture) << 10;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    private struct Limit
    {
        public ulong Logistic;
        public ulong Hard;
    }
}
