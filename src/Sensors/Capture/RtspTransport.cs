namespace EdgePerception.Sensors.Capture;

/// <summary>How an RTSP stream travels.</summary>
public enum RtspTransport
{
    /// <summary>Inside the RTSP connection: passes firewalls, loses nothing.</summary>
    Tcp,

    /// <summary>As UDP packets: less delay on a bad link, loses packets.</summary>
    Udp,
}
