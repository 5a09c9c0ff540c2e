using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Models.Fetch;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Models.Fetch;

public sealed class ModelDownloadTests : IDisposable
{
    private static readonly byte[] Content = Bytes(3_000_000, 1);
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<string> _retries = [];
    private readonly ModelDownload _download;

    public ModelDownloadTests() => _download = new ModelDownload(_http)
    {
        MaxBytes = 4_000_000,
        FirstPause = TimeSpan.FromMilliseconds(1),
        Retrying = _retries.Add,
    };

    private string Target => Path.Combine(_folder.Path, "models", "model.onnx");

    private string Partial => Target + ".partial";

    [Fact]
    public async Task A_file_is_fetched_whole_and_nothing_else_is_left()
    {
        await using var server = await FileServer.StartAsync(Content);
        await FetchAsync(server);
        AssertFetched();
        Assert.Equal([""], server.Ranges);
        Assert.Equal((Content.Length, Content.Length), _download.Progress);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_taken_up_where_it_was_cut()
    {
        await using var server = await FileServer.StartAsync(Content);
        (server.CutAfter, server.BeforeCut) = ([1_000_000, 500_000], CameAsync);
        await FetchAsync(server);
        AssertFetched();
        Assert.Equal(["", "bytes=1000000-", "bytes=1500000-"], server.Ranges);
        Assert.Equal(2, _retries.Count);
        Assert.All(_retries, line => Assert.StartsWith(server.Url + ": ", line, StringComparison.Ordinal));

        Task CameAsync(CancellationToken aborted) => Eventually.Until(
            () => aborted.IsCancellationRequested
                || _download.Progress.Done == 1_000_000 + (server.Ranges.Count - 1) * 500_000, "the bytes' coming");
    }

    [Fact]
    public async Task What_an_earlier_process_left_is_taken_up()
    {
        await using var server = await FileServer.StartAsync(Content);
        Leave(Content[..2_000_000]);
        await FetchAsync(server);
        AssertFetched();
        Assert.Equal(["bytes=2000000-"], server.Ranges);
    }

    [Fact]
    public async Task A_server_that_knows_no_parts_sends_the_whole_again()
    {
        await using var server = await FileServer.StartAsync(Content);
        server.KnowsRanges = false;
        Leave(Content[..2_000_000]);
        await FetchAsync(server);
        AssertFetched();
    }

    [Fact]
    public async Task What_was_left_of_another_file_is_thrown_away()
    {
        await using var server = await FileServer.StartAsync(Content);
        Leave(Bytes(2_000_000, 2));
        await FetchAsync(server);
        AssertFetched();
        Assert.Equal(["bytes=2000000-", ""], server.Ranges);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task What_was_left_may_be_whole_or_too_long(int more)
    {
        await using var server = await FileServer.StartAsync(Content);
        Leave([.. Content, .. new byte[more]]);
        await FetchAsync(server);
        AssertFetched();
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_fetched_is_fetched_anew()
    {
        await using var server = await FileServer.StartAsync(Bytes(3_000_000, 2));
        server.CutAfter = [1_000_000];
        server.BeforeCut = async aborted =>
        {
            await Eventually.Until(
                () => aborted.IsCancellationRequested || _download.Progress.Done == 1_000_000, "the bytes' coming");
            server.Content = Content;
        };
        await FetchAsync(server);
        AssertFetched();
    }

    [Fact]
    public async Task Another_file_is_refused_with_both_sums_and_not_kept()
    {
        var other = Bytes(1000, 3);
        await using var server = await FileServer.StartAsync(other);
        var e = await RefusedAsync(server, ExitCodes.BadInput);
        Assert.Equal(
            $"{server.Url}: is not the file that the manifest names: its sha256 is {Sum(other)}, expected "
            + $"{Sum(Content)}; it was not kept", e);
        Assert.False(File.Exists(Target) || File.Exists(Partial));
    }

    [Fact]
    public async Task A_file_that_is_there_stays_until_the_right_one_has_come()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        await File.WriteAllTextAsync(Target, "the old one");
        await using (var server = await FileServer.StartAsync(Bytes(1000, 3)))
            await RefusedAsync(server, ExitCodes.BadInput);
        Assert.Equal("the old one", await File.ReadAllTextAsync(Target));
        await using (var server = await FileServer.StartAsync(Content)) await FetchAsync(server);
        AssertFetched();
    }

    [Theory]
    [InlineData(404, "the server answers 404 Not Found")]
    [InlineData(403, "the server answers 403 Forbidden")]
    public async Task An_address_without_the_file_is_told_at_once(int status, string problem)
    {
        await using var server = await FileServer.StartAsync(Content);
        server.Statuses = [status];
        Assert.Equal($"{server.Url}: {problem}", await RefusedAsync(server, ExitCodes.BadInput));
        Assert.Single(server.Ranges);
        Assert.False(File.Exists(Partial));
    }

    [Fact]
    public async Task Secrets_of_the_address_are_not_told()
    {
        await using var server = await FileServer.StartAsync(Bytes(1000, 2));
        var url = server.Url.Replace("http://", "http://admin:Geheim12@", StringComparison.Ordinal) + "?sig=Geheim34";
        var wrong = await RefusedAsync(url);
        var absent = await RefusedAsync("http://admin:Geheim12@127.0.0.1:1/m.onnx?sig=Geheim34");
        Assert.StartsWith("http://127.0.0.1:1/m.onnx?***: ", absent, StringComparison.Ordinal);
        Assert.All(
            [wrong, absent, .. _retries], line => Assert.DoesNotContain("eheim", line, StringComparison.Ordinal));

        async Task<string> RefusedAsync(string from) => (await Assert.ThrowsAsync<DownloadException>(
            () => _download.FetchAsync(Manifest(from), Target, CancellationToken.None))).Message;
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again()
    {
        await using var server = await FileServer.StartAsync(Content);
        server.Statuses = [503, 429, 500];
        await FetchAsync(server);
        AssertFetched();
        Assert.Equal(3, _retries.Count);
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up()
    {
        await using var server = await FileServer.StartAsync(Content);
        server.Statuses = [503, 503, 503, 503, 503];
        Assert.Equal(
            $"{server.Url}: the server answers 503 Service Unavailable; what came is kept, and the next fetch goes "
            + "on from there",
            await RefusedAsync(server, ExitCodes.Failed));
        Assert.Equal(5, server.Ranges.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told()
    {
        string url;
        await using (var server = await FileServer.StartAsync(Content)) url = server.Url;
        var e =
            await Assert.ThrowsAsync<DownloadException>(() =>
                _download.FetchAsync(Manifest(url), Target, CancellationToken.None));
        Assert.StartsWith($"{url}: Connection refused", e.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, e.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_too_large_is_refused_whether_or_not_its_length_is_told(bool hidesLength)
    {
        await using var server = await FileServer.StartAsync(Bytes(5_000_000, 1));
        server.HidesLength = hidesLength;
        Assert.EndsWith("more than 3 MiB; that is no ONNX file", await RefusedAsync(server, ExitCodes.BadInput));
        Assert.True(!File.Exists(Partial) || new FileInfo(Partial).Length <= 4_000_000);
    }

    [Fact]
    public async Task A_body_without_a_length_is_taken()
    {
        await using var server = await FileServer.StartAsync(Content);
        server.HidesLength = true;
        await FetchAsync(server);
        AssertFetched();
    }

    [Fact]
    public async Task A_redirect_is_followed_and_a_ring_of_them_is_not()
    {
        await using var server = await FileServer.StartAsync(Content);
        await using var first = await FileServer.StartAsync([]);
        first.Redirect = server.Url;
        await FetchAsync(first);
        AssertFetched();
        await using var ring = await FileServer.StartAsync([]);
        ring.Redirect = ring.Url;
        Assert.Contains("leads on to", await RefusedAsync(ring, ExitCodes.BadInput), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_from_https_to_http_is_refused()
    {
        TestCertificates.Write(_folder.Path);
        using var certificate = X509Certificate2.CreateFromPemFile(
            Path.Combine(_folder.Path, "server.pem"), Path.Combine(_folder.Path, "server.key"));
        await using var server = await FileServer.StartAsync(Content);
        await using var secure = await FileServer.StartAsync([], certificate);
        secure.Redirect = server.Url;
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, given, _, _) =>
                given?.GetCertHashString() == certificate.GetCertHashString() },
        });
        var e =
            await Assert.ThrowsAsync<DownloadException>(() =>
                new ModelDownload(http).FetchAsync(Manifest(secure.Url), Target, CancellationToken.None));
        Assert.StartsWith($"{secure.Url}: leads on to {server.Url}, which is not followed (from https only to https",
            e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Ranges);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_and_asked_again()
    {
        await using var server = await FileServer.StartAsync(Content);
        (server.CutAfter, server.BeforeCut) = ([1_000_000], aborted => Task.Delay(Timeout.Infinite, aborted));
        var download = new ModelDownload(_http)
        {
            TimeLimit = TimeSpan.FromMilliseconds(500),
            FirstPause = TimeSpan.FromMilliseconds(1),
            Retrying = _retries.Add,
        };
        await download.FetchAsync(Manifest(server.Url), Target, CancellationToken.None);
        AssertFetched();
        Assert.Contains(_retries, line => line.Contains("nothing came for ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_fetch_keeps_what_came()
    {
        await using var server = await FileServer.StartAsync(Content);
        using var stop = new CancellationTokenSource();
        server.CutAfter = [1_000_000];
        server.BeforeCut = async aborted =>
        {
            await Eventually.Until(
                () => aborted.IsCancellationRequested || _download.Progress.Done == 1_000_000, "the bytes' coming");
            await stop.CancelAsync();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _download.FetchAsync(Manifest(server.Url), Target, stop.Token));
        Assert.Equal(1_000_000, new FileInfo(Partial).Length);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Two_fetches_of_one_file_do_not_mix()
    {
        await using var server = await FileServer.StartAsync(Content);
        using (new StagedFile(Target))
        {
            var e =
                await Assert.ThrowsAsync<DownloadException>(() =>
                    _download.FetchAsync(Manifest(server.Url), Target, CancellationToken.None));
            Assert.StartsWith($"{Partial}: cannot be written: ", e.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task A_folder_gives_files_by_their_path_or_their_name()
    {
        using var stick = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(stick.Path, "fetched"));
        foreach (var name in new[] { "model.onnx", "fetched/model.onnx" })
        {
            await File.WriteAllBytesAsync(Path.Combine(stick.Path, name), Content);
            await _download.CopyAsync(
                Manifest(null) with { File = "fetched/model.onnx" }, stick.Path, Target, CancellationToken.None);
            AssertFetched();
            File.Delete(Target);
            File.Delete(Path.Combine(stick.Path, name));
        }

        var e =
            await Assert.ThrowsAsync<DownloadException>(() =>
                _download.CopyAsync(Manifest(null), stick.Path, Target, CancellationToken.None));
        Assert.Equal($"{stick.Path}: holds no model.onnx", e.Message);
        stick.Write("model.onnx", "another");
        e = await Assert.ThrowsAsync<DownloadException>(() =>
            _download.CopyAsync(Manifest(null), stick.Path, Target, CancellationToken.None));
        Assert.StartsWith(
            $"{stick.Path}/model.onnx: is not the file that the manifest names", e.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private Task FetchAsync(FileServer server) =>
        _download.FetchAsync(Manifest(server.Url), Target, CancellationToken.None);

    private async Task<string> RefusedAsync(FileServer server, int exitCode)
    {
        var e = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync(server));
        Assert.Equal(exitCode, e.ExitCode);
        Assert.DoesNotContain(e.Message, char.IsControl);
        return e.Message;
    }

    private void AssertFetched()
    {
        Assert.Equal(Sum(Content), Sum(File.ReadAllBytes(Target)));
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    private void Leave(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Partial, bytes);
    }

    private static ModelManifest Manifest(string? url) => new()
    {
        Name = "model",
        File = "model.onnx",
        Sha256 = Sum(Content),
        Source = "a test",
        Url = url,
        Licence = "MIT",
        Decoder = DecoderFamily.Classifier,
        Inputs = [],
        Outputs = [],
    };

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
