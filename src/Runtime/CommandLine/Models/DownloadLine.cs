using System.Globalization;
using EdgePerception.Runtime.Models.Fetch;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>A line a second that says how a download gets on; on a terminal the same line is written over.</summary>
internal sealed class DownloadLine : IDisposable
{
    private readonly string _name;
    private readonly ModelDownload _download;
    private readonly TimeProvider _time;
    private readonly VisibleWriter _writer;
    private readonly ITimer _timer;
    private readonly Lock _writing = new();
    private (long Bytes, long Time) _start;
    private bool _ended;

    public DownloadLine(string name, ModelDownload download, TimeProvider time, VisibleWriter writer)
    {
        (_name, _download, _time, _writer) = (name, download, time, writer);
        _start = (-1, 0);
        _timer = time.CreateTimer(_ => Write(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_writing)
        {
            if (_ended) return;
            _ended = true;
            if (_writer.IsTerminal) _writer.Rewrite("");
        }
    }

    private void Write()
    {
        lock (_writing)
        {
            if (_ended) return;
            var (done, total) = _download.Progress;
            // What an earlier fetch left says nothing of this one's speed.
            if (_start.Bytes < 0 || done < _start.Bytes) _start = (done, _time.GetTimestamp());
            var seconds = _time.GetElapsedTime(_start.Time).TotalSeconds;
            var rate = seconds > 0 ? (done - _start.Bytes) / seconds : 0;
            var line = Describe(_name, done, total, rate);
            if (_writer.IsTerminal) _writer.Rewrite(line);
            else _writer.WriteLine(line);
        }
    }

    internal static string Describe(string name, long done, long total, double bytesPerSecond)
    {
        var size = total > 0 ? $"{Megabytes(done)} of {Megabytes(total)} MB" : $"{Megabytes(done)} MB";
        var left = total > 0 && bytesPerSecond > 0
            ? string.Create(CultureInfo.InvariantCulture, $"  {(total - done) / bytesPerSecond:0} s left") : "";
        return $"  {name}  {size}  {Megabytes(bytesPerSecond)} MB/s{left}";
    }

    private static string Megabytes(double bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
