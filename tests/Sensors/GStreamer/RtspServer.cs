using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>A network camera in a process of its own, which can be frozen, woken and killed.</summary>
public sealed class RtspServer : IDisposable
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private readonly Process _process;

    /// <summary>Starts it on that port, or on a free one.</summary>
    public RtspServer(int port = 0)
    {
        // Debian's own Python: another one that comes first in the path does not see the packages.
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "GStreamer", "rtsp_server.py"));
        start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        _process = Process.Start(start)!;
        var line = _process.StandardOutput.ReadLine();
        Assert.True(
            line is not null, "the RTSP server did not start; it needs python3-gi and gir1.2-gst-rtsp-server-1.0");
        Port = int.Parse(line, CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public string Url => $"rtsp://127.0.0.1:{Port}/camera";

    public void Freeze() => Assert.Equal(0, Signal(_process.Id, Stop));

    public void Wake() => Assert.Equal(0, Signal(_process.Id, Continue));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, Kill);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
