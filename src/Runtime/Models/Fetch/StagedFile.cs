using System.Security.Cryptography;
using EdgePerception.Runtime.Diagnostics;

namespace EdgePerception.Runtime.Models.Fetch;

/// <summary>
/// A file that comes in piece by piece as <c>NAME.partial</c> beside its place and is moved there once it is whole and
/// the one that is wanted. What is there already stays if the process ends, and is taken up by the next one.
/// </summary>
internal sealed class StagedFile : IDisposable
{
    private readonly string _target;
    private readonly FileStream _stream;

    /// <exception cref="DownloadException">It cannot be written, or another process writes it.</exception>
    public StagedFile(string target)
    {
        _target = target;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            // Unbuffered, so that a process that is killed leaves all that came.
            _stream = new FileStream(
                Partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException($"{Partial}: cannot be written: {e.Message}", ExitCodes.Failed, e);
        }

        _stream.Seek(0, SeekOrigin.End);
    }

    /// <summary>How many bytes are there.</summary>
    public long Length => _stream.Length;

    private string Partial => _target + ".partial";

    /// <summary>Adds bytes.</summary>
    /// <exception cref="DownloadException">They cannot be written.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        try
        {
            await _stream.WriteAsync(bytes, stop);
        }
        catch (IOException e)
        {
            throw new DownloadException($"{Partial}: cannot be written: {e.Message}", ExitCodes.Failed, e);
        }
    }

    /// <summary>Forgets what is there.</summary>
    public void Clear() => _stream.SetLength(0);

    /// <summary>SHA-256 of what is there, in hexadecimal digits.</summary>
    public async Task<string> HashAsync(CancellationToken stop)
    {
        await _stream.FlushAsync(stop);
        _stream.Seek(0, SeekOrigin.Begin);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(_stream, stop));
    }

    /// <summary>Moves it into its place, in one step.</summary>
    public void Commit()
    {
        _stream.Flush(flushToDisk: true);
        File.Move(Partial, _target, overwrite: true);
    }

    /// <summary>Removes it; for what turned out to be something else.</summary>
    public void Discard() => File.Delete(Partial);

    /// <summary>Closes it, and leaves no empty one behind.</summary>
    public void Dispose()
    {
        var isEmpty = _stream.Length == 0;
        _stream.Dispose();
        if (isEmpty) File.Delete(Partial);
    }
}
