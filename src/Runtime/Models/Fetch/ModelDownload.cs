using System.Net;
using System.Net.Http.Headers;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.Models.Fetch;

/// <summary>
/// Gets models' files by http, https or from a folder, checks their sums, and puts them into their places whole or not
/// at all. A connection that breaks is taken up where it broke, in this process or the next.
/// </summary>
/// <param name="http">
/// Sends the requests; it must not follow redirects from https to http, as none does by default.
/// </param>
internal sealed class ModelDownload(HttpClient http)
{
    private const int MaxAttempts = 5;
    private EntityTagHeaderValue? _version;

    /// <summary>The largest file that is taken; ONNX files cannot be larger than protobuf's messages.</summary>
    public long MaxBytes { get; init; } = 2L << 30;

    /// <summary>How long nothing may come before a connection counts as broken.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the first new attempt; each further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Bytes that are there, and how many there will be; 0 where that is not known. Read from any thread.
    /// </summary>
    public (long Done, long Total) Progress { get; private set; }

    /// <summary>Told when a broken connection is to be tried again, with the reason.</summary>
    public Action<string>? Retrying { get; init; }

    /// <summary>Gets the file that the manifest names from its address.</summary>
    /// <exception cref="DownloadException">It cannot be had, or is another one.</exception>
    public async Task FetchAsync(ModelManifest manifest, string target, CancellationToken stop)
    {
        using var file = new StagedFile(target);
        var resumed = file.Length > 0;
        await ReceiveAsync(manifest.Url!, file, stop);
        if (resumed && await file.HashAsync(stop) != manifest.Sha256)
        {
            // The file has changed since its beginning was fetched.
            file.Clear();
            await ReceiveAsync(manifest.Url!, file, stop);
        }

        await KeepAsync(manifest, file, Redaction.Address(manifest.Url!), stop);
    }

    /// <summary>
    /// Gets the file that the manifest names from a folder that holds it, by its whole path or its name.
    /// </summary>
    /// <exception cref="DownloadException">It is not there, or is another one.</exception>
    public async Task CopyAsync(ModelManifest manifest, string folder, string target, CancellationToken stop)
    {
        var source = new[] { manifest.File, Path.GetFileName(manifest.File) }.Select(name => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
                     ?? throw BadInput($"{folder}: holds no {Path.GetFileName(manifest.File)}");
        using var file = new StagedFile(target);
        file.Clear();
        await using (var stream = Opened(source))
        {
            await ReceiveAsync(stream, stream.Length, file, source, stop);
        }

        await KeepAsync(manifest, file, source, stop);
    }

    private static async Task KeepAsync(ModelManifest manifest, StagedFile file, string source, CancellationToken stop)
    {
        var actual = await file.HashAsync(stop);
        if (actual != manifest.Sha256)
        {
            file.Discard();
            throw BadInput(
                $"{source}: is not the file that the manifest names: its sha256 is {actual}, expected "
                + $"{manifest.Sha256}; it was not kept");
        }

        file.Commit();
    }

    private async Task ReceiveAsync(string url, StagedFile file, CancellationToken stop)
    {
        var failures = 0;
        while (true)
        {
            var before = file.Length;
            try
            {
                await RequestAsync(url, file, stop);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException or IOException or TimeoutException)
            {
                // What gets on is not counted against it.
                failures = file.Length > before ? 1 : failures + 1;
                if (failures == MaxAttempts)
                {
                    throw new DownloadException(
                        $"{Redaction.Address(url)}: {Reason(e)}; what came is kept, and the next fetch goes on from "
                        + "there",
                        ExitCodes.Failed, e);
                }

                var pause = FirstPause * (1 << (failures - 1));
                Retrying?.Invoke($"{Redaction.Address(url)}: {Reason(e)}; again in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, stop);
            }
        }
    }

    private async Task RequestAsync(string url, StagedFile file, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.AcceptEncoding.ParseAdd("identity");
        if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
        if (file.Length > 0 && _version is { IsWeak: false })
            request.Headers.IfRange = new RangeConditionHeaderValue(_version);
        using var response = await WithTimeLimitAsync(
            token => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), stop);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // What is there is whole already, or the beginning of something else; the sum tells.
            if (response.Content.Headers.ContentRange?.Length == file.Length) return;
            file.Clear();
            throw new HttpIOException(
                HttpRequestError.InvalidResponse, "the part that was there does not belong to this file");
        }

        Check(url, response);
        var from =
            response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? 0 : 0;
        if (from != file.Length) file.Clear();
        if (from != file.Length)
            throw new HttpIOException(
                HttpRequestError.InvalidResponse, "the server sent another part than was asked for");
        _version = response.Headers.ETag;
        var total = response.Content.Headers.ContentLength is { } rest ? from + rest : 0;
        if (total > MaxBytes) throw TooLarge(Redaction.Address(url), total);
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        await ReceiveAsync(body, total, file, Redaction.Address(url), stop);
    }

    private async Task ReceiveAsync(Stream body, long total, StagedFile file, string source, CancellationToken stop)
    {
        var buffer = new byte[1 << 17];
        Progress = (file.Length, total);
        while (true)
        {
            var count = await WithTimeLimitAsync(token => body.ReadAsync(buffer, token).AsTask(), stop);
            if (count == 0) break;
            if (file.Length + count > MaxBytes) throw TooLarge(source, null);
            await file.AppendAsync(buffer.AsMemory(0, count), stop);
            Progress = (file.Length, total);
        }

        if (file.Length < total)
            throw new HttpIOException(HttpRequestError.ResponseEnded, "the connection ended too early");
    }

    private async Task<T> WithTimeLimitAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(TimeLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {TimeLimit.TotalSeconds:0} s", e);
        }
    }

    private static void Check(string url, HttpResponseMessage response)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent) return;
        if ((int)response.StatusCode is >= 300 and < 400)
        {
            throw BadInput(
                $"{Redaction.Address(url)}: leads on to {Redaction.Address($"{response.Headers.Location}")}, "
                + "which is not followed (from https only to https, ten times at most)");
        }

        if ((int)response.StatusCode is >= 500 or 408 or 429)
            throw new HttpRequestException($"the server answers {status}");
        throw BadInput($"{Redaction.Address(url)}: the server answers {status}");
    }

    private FileStream Opened(string source)
    {
        try
        {
            return RegularFile.Open(source, MaxBytes);
        }
        catch (IOException e)
        {
            throw new DownloadException($"{source}: {e.Message}", ExitCodes.BadInput, e);
        }
    }

    private DownloadException TooLarge(string source, long? bytes) =>
        BadInput(
            $"{source}: has {(bytes is null ? "" : $"{bytes} bytes, ")}more than {MaxBytes >> 20} MiB; that is no "
            + "ONNX file");

    private static DownloadException BadInput(string message) => new(message, ExitCodes.BadInput);

    private static string Reason(Exception e) =>
        (e is HttpRequestException { InnerException: { } inner } ? inner : e).Message.Split('\n')[0].Trim();
}
