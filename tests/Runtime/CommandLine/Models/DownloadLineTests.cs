using EdgePerception.Runtime.CommandLine;
using EdgePerception.Runtime.CommandLine.Models;
using EdgePerception.Runtime.Models.Fetch;

namespace EdgePerception.Runtime.Tests.CommandLine.Models;

public sealed class DownloadLineTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _written = new();

    [Theory]
    [InlineData(12_300_000, 45_600_000, 3_330_000, "  yolo  12.3 of 45.6 MB  3.3 MB/s  10 s left")]
    [InlineData(12_300_000, 0, 3_330_000, "  yolo  12.3 MB  3.3 MB/s")]
    [InlineData(0, 45_600_000, 0, "  yolo  0.0 of 45.6 MB  0.0 MB/s")]
    public void A_line_says_how_much_how_fast_and_how_long(long done, long total, double rate, string line) =>
        Assert.Equal(line, DownloadLine.Describe("yolo", done, total, rate));

    [Fact]
    public void There_is_a_line_a_second_and_none_after_the_end()
    {
        using var http = new HttpClient();
        using (new DownloadLine("yolo", new ModelDownload(http), _time, Writer(isTerminal: false)))
            _time.Advance(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, _written.ToString().Split('\n').Length - 1);
    }

    [Fact]
    public void A_terminal_keeps_one_line_and_is_left_clean()
    {
        using var http = new HttpClient();
        using (new DownloadLine("yolo", new ModelDownload(http), _time, Writer(isTerminal: true)))
            _time.Advance(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain('\n', _written.ToString());
        Assert.EndsWith("\r\e[K", _written.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _written.Dispose();

    private VisibleWriter Writer(bool isTerminal) => new(_written, isTerminal);
}
