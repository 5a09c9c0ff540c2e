using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgePerception.Fusion.Inference.Engines;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference.Engines;

/// <summary>A build by <see cref="BuilderStandIn"/> in another process, on a line to the test.</summary>
internal sealed class StandInBuild : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cancellation = new();
    private TcpClient? _socket;
    private StreamReader? _answers;
    private StreamWriter? _orders;

    public StandInBuild(
        TemporaryFolder folder, EngineCache cache, EngineKey key, TimeProvider? time = null, TimeSpan? expected = null)
    {
        _listener.Start();
        var keyFile = folder.Write($"key-{Guid.NewGuid():N}.json", JsonSerializer.Serialize(key));
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var start = OtherProcess.Start("build-engine", port, cache.Folder, keyFile);
        Build = new EngineBuild(start, expected, TimeSpan.FromMinutes(10), time ?? TimeProvider.System);
        Outcome = Build.RunAsync(_cancellation.Token);
    }

    public EngineBuild Build { get; }

    /// <summary>What the build came to: none for an engine, or why not.</summary>
    public Task<string?> Outcome { get; }

    /// <summary>Waits until the build is so far that it takes orders.</summary>
    public async Task IsAtWorkAsync()
    {
        _socket = await _listener.AcceptTcpClientAsync();
        (_answers, _orders) =
            (new StreamReader(_socket.GetStream()), new StreamWriter(_socket.GetStream()) { AutoFlush = true });
        await Eventually.Until(
            () => Build.Status.Phase == EnginePhase.Compiling || Outcome.IsCompleted, "the build to begin");
    }

    /// <summary>Gives an order and waits until it was obeyed.</summary>
    public async Task ObeysAsync(string order)
    {
        await _orders!.WriteLineAsync(order);
        Assert.Equal("done", await _answers!.ReadLineAsync());
    }

    /// <summary>Gives an order that the process does not survive, or that ends its work.</summary>
    public Task OrderAsync(string order) => _orders!.WriteLineAsync(order);

    public void Cancel() => _cancellation.Cancel();

    public void Dispose()
    {
        _cancellation.Cancel();
        _socket?.Dispose();
        _listener.Dispose();
        _cancellation.Dispose();
    }
}
