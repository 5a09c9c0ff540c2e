using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgePerception.Benchmarks;

/// <summary>A mosquitto of the benchmark's own, on a free loopback port.</summary>
internal sealed class BenchedBroker : IAsyncDisposable
{
    private readonly Process _process;

    public BenchedBroker() =>
        _process = Process.Start(new ProcessStartInfo("mosquitto", ["-p", Port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin" },
        })!;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = FreePort();

    /// <summary>A port that nobody holds at the moment.</summary>
    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
