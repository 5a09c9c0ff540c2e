using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Models.Fetch;

/// <summary>A real web server over one file, whose manners a test chooses. Notes what was asked for.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private FileServer(byte[] content, X509Certificate2? certificate)
    {
        Content = content;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public byte[] Content { get; set; }

    /// <summary>Whether parts can be asked for.</summary>
    public bool KnowsRanges { get; set; } = true;

    /// <summary>After how many bytes the body of each request in turn is cut; 0: it is not.</summary>
    public int[] CutAfter { get; set; } = [];

    /// <summary>What is waited for before the connection is cut.</summary>
    public Func<CancellationToken, Task> BeforeCut { get; set; } = _ => Task.CompletedTask;

    /// <summary>The status of each request in turn; 200 for all others.</summary>
    public int[] Statuses { get; set; } = [];

    /// <summary>Where requests are led on to.</summary>
    public string? Redirect { get; set; }

    /// <summary>Whether the length of the body is left unsaid.</summary>
    public bool HidesLength { get; set; }

    /// <summary>The Range header of each request; empty where there was none.</summary>
    public List<string> Ranges { get; } = [];

    public string Url =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            + "/model.onnx";

    public static async Task<FileServer> StartAsync(byte[] content, X509Certificate2? certificate = null)
    {
        var server = new FileServer(content, certificate);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var number = _requests++;
        Ranges.Add(context.Request.Headers.Range.ToString());
        if (Redirect is { } elsewhere)
        {
            context.Response.Redirect(elsewhere);
            return;
        }

        if (number < Statuses.Length && Statuses[number] != 200)
        {
            context.Response.StatusCode = Statuses[number];
            return;
        }

        var body = Part(context);
        if (!HidesLength) context.Response.ContentLength = body.Length;
        var cut = number < CutAfter.Length ? CutAfter[number] : 0;
        await context.Response.Body.WriteAsync(cut == 0 ? body : body[..cut], context.RequestAborted);
        if (cut == 0) return;
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await BeforeCut(context.RequestAborted);
        context.Abort();
    }

    private ReadOnlyMemory<byte> Part(HttpContext context)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}\"";
        context.Response.Headers.ETag = tag;
        var from = context.Request.GetTypedHeaders().Range?.Ranges.First().From;
        var condition = context.Request.Headers.IfRange.ToString();
        if (from is null || !KnowsRanges || (condition.Length > 0 && condition != tag)) return Content;
        if (from >= Content.Length)
        {
            context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            context.Response.Headers.ContentRange = $"bytes */{Content.Length}";
            return default;
        }

        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.Headers.ContentRange = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        return Content.AsMemory((int)from);
    }
}
