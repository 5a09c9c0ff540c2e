using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>A network camera that asks for user and password, keeps what it is told, and has no such stream.</summary>
public sealed class ClosedCamera : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ClosedCamera()
    {
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>User and password as they arrived, with a colon between them.</summary>
    public string? Credentials { get; private set; }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        while (await reader.ReadLineAsync() is { } request)
        {
            var headers = new Dictionary<string, string>();
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                var parts = line.Split(':', 2);
                headers[parts[0]] = parts[1].Trim();
            }

            if (headers.TryGetValue("Authorization", out var given))
                Credentials = Encoding.UTF8.GetString(Convert.FromBase64String(given.Split(' ')[1]));
            var answer =
                request.StartsWith("OPTIONS", StringComparison.Ordinal) ? "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY"
                : given is null ? "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\""
                : "404 Not Found";
            var bytes = Encoding.ASCII.GetBytes($"RTSP/1.0 {answer}\r\nCSeq: {headers["CSeq"]}\r\n\r\n");
            await client.GetStream().WriteAsync(bytes);
        }
    }
}
