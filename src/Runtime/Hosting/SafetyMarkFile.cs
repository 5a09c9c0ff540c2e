using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// The file of a device's mark, <c>safety-DEVICE.json</c> in the state folder. It is replaced whole, and is on the disk
/// when <see cref="Write"/> returns. Both calls may take as long as the disk does. One thread.
/// </summary>
public sealed partial class SafetyMarkFile
{
    private const long MostBytes = 1 << 20;
    private const int CloseOnExec = 0x8_0000;
    private const int NotSupported = 22; // EINVAL: the file system keeps folders in its own way

    private readonly string _folder;
    private readonly string _device;
    private readonly string _path;
    private readonly string _draft;

    /// <summary>Names the file; nothing is opened or made yet.</summary>
    /// <param name="folder">The state folder, absolute; empty where the environment names none.</param>
    /// <param name="device">The device's name.</param>
    public SafetyMarkFile(string folder, string device)
    {
        (_folder, _device) = (folder, device);
        _path = Path.Combine(folder, $"safety-{device}.json");
        _draft = _path + ".part";
    }

    /// <summary>
    /// The mark that the last run left; null where no run of this device ever began in this folder. A draft without a
    /// mark is left by a first run that was cut off.
    /// </summary>
    /// <exception cref="IOException">It cannot be read; one line says what and why.</exception>
    public SafetyMark? Read()
    {
        try
        {
            return SafetyMark.Parse(RegularFile.ReadAll(_path, MostBytes), _device);
        }
        catch (FileNotFoundException)
        {
            return Path.Exists(_draft) ? new SafetyMark(SafetyMarkState.Running) : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new IOException($"{_path} {e.Message}", e);
        }
    }

    /// <summary>
    /// Replaces the mark; makes the folder where it is not there yet. A draft that could not become a mark stays: it
    /// tells the next start that a run began.
    /// </summary>
    /// <exception cref="IOException">
    /// It cannot be written; one line says what and why. What was there stays.
    /// </exception>
    public void Write(SafetyMark mark)
    {
        if (_folder.Length == 0) throw new IOException("no state folder is known; give the key stateFolder one");
        try
        {
            Make(_folder);
            // Whatever lies there, a pipe too, is replaced and not opened.
            File.Delete(_draft);
            using (var stream = new FileStream(
                _draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(mark.ToBytes(_device));
                stream.Flush(flushToDisk: true);
            }

            File.Move(_draft, _path, overwrite: true);
            Keep(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is IOException { HResult: > 0 } ? Marshal.GetPInvokeErrorMessage(e.HResult)
                : e is UnauthorizedAccessException ? "permission denied" : e.Message;
            throw new IOException($"{_path}: {reason}", e);
        }
    }

    // A folder that a power cut takes away again would look like that of a first start.
    private static void Make(string folder)
    {
        if (Directory.Exists(folder)) return;
        var above = Path.GetDirectoryName(folder);
        if (above is not null) Make(above);
        Directory.CreateDirectory(folder);
        if (above is not null) Keep(above);
    }

    // A renamed file is where it is only once its folder is on the disk.
    private static void Keep(string folder)
    {
        var descriptor = Open(folder, CloseOnExec);
        if (descriptor < 0) throw Failed();
        try
        {
            if (Synchronize(descriptor) != 0 && Marshal.GetLastPInvokeError() != NotSupported) throw Failed();
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed()
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
