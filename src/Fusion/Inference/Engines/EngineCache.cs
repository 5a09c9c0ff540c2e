using System.Text.Json;

namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>
/// A folder of built engines, one folder for each <see cref="EngineKey"/>. An engine is there when its folder is,
/// because that is renamed into place when it is whole; what a dead build left is swept away. Several processes may
/// share it. It may be deleted at any time: engines are built again.
/// </summary>
/// <param name="folder">Where the engines lie; made when the first one is built.</param>
public sealed class EngineCache(string folder)
{
    internal const string Marker = "build.json";
    private const string PartialMark = ".partial-";
    private const long LongestMarker = 1 << 20;

    /// <summary>Where the engines lie.</summary>
    public string Folder => folder;

    /// <summary>The folder of an engine; null if it is not there, incomplete or damaged.</summary>
    public string? Find(EngineKey key)
    {
        var place = Path.Combine(folder, key.FolderName);
        return Read(place) is { } record && record.Key == key && record.Files.Count > 0
            && record.Files.All(file => IsWhole(place, file)) ? place : null;
    }

    /// <summary>How long the last build of a model took, under whatever key; not known when there was none.</summary>
    public TimeSpan? ExpectedTime(string model)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateDirectories($"{model}-*")
                .Select(place =>
                    (Written: new FileInfo(Path.Combine(place.FullName, Marker)).LastWriteTimeUtc,
                        Record: Read(place.FullName)))
                .Where(build => build.Record?.Key.Model == model && build.Record.Seconds is > 0 and < 1e6)
                .OrderByDescending(build => build.Written)
                .Select(build => (TimeSpan?)TimeSpan.FromSeconds(build.Record!.Seconds))
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes what builds left that were killed; those that are under way are left alone.</summary>
    public void Sweep()
    {
        foreach (var place in Partials("*"))
        {
            var key = Path.GetFileName(place);
            if (TryLock(key[..key.IndexOf(PartialMark, StringComparison.Ordinal)], out _) is not { } held) continue;
            using (held) Remove(place);
        }
    }

    /// <summary>Begins to build an engine; the caller publishes or disposes the draft.</summary>
    /// <exception cref="ModelException">
    /// The folder cannot be written, or another process is building this very engine.
    /// </exception>
    internal EngineDraft Begin(EngineKey key)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }

        var held = TryLock(key.FolderName, out var fault) ?? throw fault;
        try
        {
            // Nobody else builds this key while its lock is held, so what there is of it is dead.
            foreach (var place in Partials(key.FolderName)) Remove(place);
            var partial = Path.Combine(folder, $"{key.FolderName}{PartialMark}{Guid.NewGuid():N}");
            Directory.CreateDirectory(partial);
            return new EngineDraft(
                key, held, partial, Path.Combine(folder, key.FolderName), Path.Combine(folder, key.TimingName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw Unwritable(e);
        }
    }

    internal static void Remove(string place)
    {
        try
        {
            if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without its marker it is no engine, and the next sweep tries again.
        }
    }

    private static EngineRecord? Read(string place)
    {
        try
        {
            var file = new FileInfo(Path.Combine(place, Marker));
            return file is { Exists: true, Length: <= LongestMarker }
                ? JsonSerializer.Deserialize<EngineRecord>(File.ReadAllText(file.FullName)) : null;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool IsWhole(string place, KeyValuePair<string, long> file) =>
        Path.GetFileName(file.Key) == file.Key && new FileInfo(Path.Combine(place, file.Key)) is { Exists: true } found
            && found.Length == file.Value;

    // The kernel lets go of the lock when its process dies, whatever it dies of; a process number could be another's by
    // now.
    private FileStream? TryLock(string key, out ModelException fault)
    {
        fault = new ModelException($"another process is building the engine {key} in {folder}");
        try
        {
            return new FileStream(
                Path.Combine(folder, $"{key}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            fault = Unwritable(e);
            return null;
        }
        catch (IOException e)
        {
            // A lock that is held and a file system that is read-only differ only by what Linux calls them.
            const int ReadOnlyFileSystem = 30, NoSpace = 28;
            if (e.HResult is ReadOnlyFileSystem or NoSpace) fault = Unwritable(e);
            return null;
        }
    }

    private string[] Partials(string key)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetDirectories(folder, $"{key}{PartialMark}*") : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private ModelException Unwritable(Exception e) => new(
        $"the engine cache {folder} cannot be written: {e.Message.Split('\n')[0]} Set inference.engineCache to a "
        + "folder that can", e);
}

/// <summary>What is written of a build beside its engine.</summary>
/// <param name="Key">What the engine is good for.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Files">The files that make up the engine, with their sizes in bytes.</param>
internal sealed record EngineRecord(EngineKey Key, double Seconds, IReadOnlyDictionary<string, long> Files);
