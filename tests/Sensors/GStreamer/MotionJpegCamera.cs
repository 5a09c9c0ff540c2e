using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>A camera that sends an image again and again in one HTTP answer, and not when it was taken.</summary>
public sealed class MotionJpegCamera : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public MotionJpegCamera(byte[] image)
    {
        _listener.Start();
        _serving = ServeAsync(image);
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public Task EndAsync()
    {
        _stop.Cancel();
        return _serving;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(byte[] image)
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            const string Head = "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n";
            await stream.WriteAsync(Text(Head), _stop.Token);
            var part = Text($"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {image.Length}\r\n\r\n");
            while (true)
            {
                await stream.WriteAsync(part, _stop.Token);
                await stream.WriteAsync(image, _stop.Token);
                await stream.WriteAsync(Text("\r\n"), _stop.Token);
                await Task.Delay(20, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or its camera has gone.
        }
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
