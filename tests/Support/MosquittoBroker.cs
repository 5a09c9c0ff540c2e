using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgePerception.Tests.Support;

/// <summary>
/// A real mosquitto on a free loopback port with a configuration of its own; killed, frozen and restarted at will,
/// always on the same port. Lines given to <see cref="StartAsync"/> are added to its configuration.
/// </summary>
internal sealed partial class MosquittoBroker : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Terminate = 15;

    private readonly string _folder;
    private Process? _process;

    private MosquittoBroker(string folder) => _folder = folder;

    public static string Host => "127.0.0.1";

    public int Port { get; private set; }

    /// <summary>A folder of the broker's own, for certificates and the like.</summary>
    public string Folder => _folder;

    public static async Task<MosquittoBroker> StartAsync(Func<MosquittoBroker, IEnumerable<string>>? settings = null)
    {
        var broker = new MosquittoBroker(Directory.CreateTempSubdirectory("mosquitto-").FullName);
        for (var attempt = 1; ; attempt++)
        {
            broker.Port = FreePort();
            string[] lines =
            [
                $"listener {broker.Port} {Host}", "allow_anonymous true", "persistence false",
                .. Environment.UserName == "root" ? ["user root"] : Array.Empty<string>(),
                .. settings?.Invoke(broker) ?? [],
            ];
            await File.WriteAllLinesAsync(broker.Configuration, lines);
            if (await broker.TryRunAsync()) return broker;
            if (attempt == 5) Assert.Fail($"mosquitto does not start: {await File.ReadAllTextAsync(broker.Log)}");
        }
    }

    /// <summary>The same with certificates of <see cref="TestCertificates"/> in its folder.</summary>
    /// <param name="asksForCertificate">Whether it asks its clients for one as well.</param>
    /// <param name="goodFor">How long they are good for.</param>
    public static Task<MosquittoBroker> StartTlsAsync(bool asksForCertificate = false, TimeSpan? goodFor = null) =>
        StartAsync(own =>
        {
            TestCertificates.Write(own.Folder, goodFor);
            string[] asks = [$"cafile {own.Folder}/ca.pem", "require_certificate true"];
            return
            [
                $"certfile {own.Folder}/server.pem", $"keyfile {own.Folder}/server.key",
                .. asksForCertificate ? asks : [],
            ];
        });

    /// <summary>Ends it without a chance to say goodbye or to save anything.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it in order: it saves its sessions, if it was told to.</summary>
    public async Task TerminateAsync()
    {
        Signal(Terminate);
        await _process!.WaitForExitAsync();
    }

    /// <summary>Runs it again on the same port.</summary>
    public async Task RestartAsync()
    {
        // The port may take a moment to be free again.
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if (await TryRunAsync()) return;
            await Task.Delay(100);
        }

        Assert.Fail($"mosquitto does not start again: {await File.ReadAllTextAsync(Log)}");
    }

    /// <summary>Stops its clock: connections stay open, and nothing answers.</summary>
    public void Freeze() => Signal(Stop);

    public void Thaw() => Signal(Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Configuration => Path.Combine(_folder, "mosquitto.conf");

    private string Log => Path.Combine(_folder, "mosquitto.log");

    private async Task<bool> TryRunAsync()
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"exec \"$(PATH=$PATH:/usr/sbin command -v mosquitto)\" -c '{Configuration}' >>'{Log}' 2>&1");
        _process = Process.Start(start)!;
        while (!_process.HasExited)
        {
            if (await AcceptsAsync() && !_process.HasExited) return true;
            await Task.Delay(5);
        }

        return false;
    }

    private async Task<bool> AcceptsAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Host, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(int signal) => Assert.Equal(0, Kill(_process!.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
