using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;

namespace EdgePerception.Runtime.Files;

/// <summary>
/// A file that is to be written. Its place is looked at when this is made, so that a mistake shows before the work
/// whose result it is to hold; it is written whole or not at all. A symbolic link stays, and the file that it leads to
/// is written. Thread-safe.
/// </summary>
public sealed class OutputFile
{
    private const string DraftStart = ".edge-perception-";
    private const string DraftEnd = ".part";

    private readonly string _path;
    private readonly string _target;
    private readonly string _folder;

    private OutputFile(string path, string target)
    {
        (_path, _target) = (path, target);
        _folder = Path.GetDirectoryName(target) is { Length: > 0 } folder ? folder : ".";
    }

    /// <summary>Looks at the place.</summary>
    /// <param name="path">The file to write; one that is there will be replaced.</param>
    /// <exception cref="UserException">
    /// The name is none, there is no such folder, it may not be written to, or what is there is no file.
    /// </exception>
    /// <exception cref="OutputException">Nothing can be written there.</exception>
    public static OutputFile At(string path)
    {
        if (FileName.ToText(path) != path)
            throw new UserException($"{path}: the name is not UTF-8; files are written under names that are");
        if (Path.GetFileName(path).Length == 0)
            throw new UserException($"'{path}' names no file that could be written");
        RefuseWhatIsNoFile(path);
        var place = new FileInfo(path);
        var target = place.LinkTarget is null ? path : place.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var file = new OutputFile(path, target);
        if (!Directory.Exists(file._folder))
            throw new UserException($"{path}: there is no folder {file._folder}; make it first");
        file.TryFolder();
        return file;
    }

    /// <summary>Removes the drafts that a process which was killed left in a folder.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void RemoveDrafts(string folder)
    {
        foreach (var draft in Directory.GetFiles(folder, $"{DraftStart}*{DraftEnd}")) File.Delete(draft);
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="OutputException">It cannot be written, as on a full disk; what was there stays.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        var draft = NewDraft();
        try
        {
            using (var stream = Create(draft))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, _target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(draft);
            throw Failed(e);
        }
    }

    // Where even that fails, what kept the file from being written is the news.
    private static void Remove(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // RemoveDrafts finds it.
        }
    }

    private static void RefuseWhatIsNoFile(string path)
    {
        try
        {
            RegularFile.Open(path, long.MaxValue).Dispose();
        }
        catch (FileNotFoundException)
        {
            // It is to be made.
        }
        catch (IOException e)
        {
            throw new UserException($"{path}: {e.Message}; it is left as it is", e);
        }
    }

    private void TryFolder()
    {
        try
        {
            Create(NewDraft(), FileOptions.DeleteOnClose).Dispose();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UserException($"{_path}: {_folder} may not be written to; name another folder", e);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    private static FileStream Create(string draft, FileOptions options = FileOptions.None) =>
        new(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, options);

    private string NewDraft() => Path.Combine(_folder, DraftStart + Path.GetRandomFileName() + DraftEnd);

    // The message names the draft, of which nobody knows; the code is the system's own.
    private OutputException Failed(Exception e)
    {
        var reason = e is IOException { HResult: > 0 } ? Marshal.GetPInvokeErrorMessage(e.HResult) : e.Message;
        return new OutputException($"{_path}: cannot be written: {reason}", e);
    }
}
