using System.Text.Json;

namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>
/// An engine that is being built: a folder beside the cache's engines, and the lock on its key. Owned by one thread.
/// </summary>
internal sealed class EngineDraft : IDisposable
{
    private readonly EngineKey _key;
    private readonly FileStream _lock;
    private readonly string _place;
    private readonly string _timings;

    internal EngineDraft(EngineKey key, FileStream held, string folder, string place, string timings)
    {
        (_key, _lock, Folder, _place, _timings) = (key, held, folder, place, timings);
        Directory.CreateDirectory(TimingFolder);
        if (!Directory.Exists(timings)) return;
        foreach (var file in Directory.GetFiles(timings))
            File.Copy(file, Path.Combine(TimingFolder, Path.GetFileName(file)));
    }

    /// <summary>Where the engine's files are to be written.</summary>
    public string Folder { get; }

    /// <summary>
    /// A copy of what earlier builds on this GPU measured, for this one to use and add to; a build that dies while it
    /// writes there harms nobody.
    /// </summary>
    public string TimingFolder => Path.Combine(Folder, "timing");

    /// <summary>Makes the engine known, whole or not at all, also if the power fails.</summary>
    /// <param name="elapsed">How long the build took.</param>
    /// <returns>The engine's folder.</returns>
    /// <exception cref="ModelException">Nothing was built, or it cannot be written.</exception>
    public string Publish(TimeSpan elapsed)
    {
        try
        {
            KeepTimings();
            var files = Directory.GetFiles(Folder);
            if (!Array.Exists(files, file => new FileInfo(file).Length > 0))
                throw new ModelException(
                    $"model '{_key.Model}': the build left no engine; TensorRT can run no part of the graph");
            foreach (var file in files) Flush(file);
            var record = new EngineRecord(
                _key, Math.Round(elapsed.TotalSeconds, 3),
                files.ToDictionary(file => Path.GetFileName(file)!, file => new FileInfo(file).Length));
            var marker = Path.Combine(Folder, EngineCache.Marker);
            File.WriteAllText(marker, JsonSerializer.Serialize(record));
            Flush(marker);
            // A damaged engine of this key is in the way; a sound one would have been used.
            EngineCache.Remove(_place);
            Directory.Move(Folder, _place);
            return _place;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"model '{_key.Model}': the engine cannot be put into {_place}: {e.Message}", e);
        }
    }

    /// <summary>Drops what was not published, and lets others build.</summary>
    public void Dispose()
    {
        EngineCache.Remove(Folder);
        _lock.Dispose();
    }

    private void KeepTimings()
    {
        Directory.CreateDirectory(_timings);
        foreach (var file in Directory.GetFiles(TimingFolder))
            File.Move(file, Path.Combine(_timings, Path.GetFileName(file)), overwrite: true);
        Directory.Delete(TimingFolder, recursive: true);
    }

    private static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
