using System.ComponentModel.DataAnnotations;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.Cameras;

/// <summary>Where pictures come from.</summary>
public enum CameraKind
{
    /// <summary>A moving test picture, made by GStreamer.</summary>
    TestPattern,

    /// <summary>A recorded file, played as if it were a camera.</summary>
    File,

    /// <summary>A camera of the Linux kernel (USB and others).</summary>
    V4l2,

    /// <summary>A network camera.</summary>
    Rtsp,

    /// <summary>A camera on the CSI connector of a Jetson.</summary>
    Csi,

    /// <summary>A GStreamer launch description of the user's own.</summary>
    Custom,

    /// <summary>Moving shapes drawn by this program: needs neither GStreamer nor hardware.</summary>
    Synthetic,
}

/// <summary>
/// One camera. Plain values that a configuration file binds to;
/// keys that a kind does not use are ignored by it. <see cref="Validator"/> says what is wrong with them.
/// </summary>
[MovedKey("audio", Microphone)]
[MovedKey("audioChannels", Microphone + ", channels")]
[MovedKey("audioDevice", "sound has a list of its own: microphones, kind alsa or pulse, device")]
[MovedKey("audioPath", "sound has a list of its own: microphones, kind file, path")]
public sealed partial record CameraSettings
{
    private const string Microphone = "sound has a list of its own: microphones";

    /// <summary>
    /// The name of the camera in topics, scenes and metrics: letters, digits, <c>_</c> and <c>-</c>, at most 32.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where pictures come from.</summary>
    public CameraKind Kind { get; init; } = CameraKind.TestPattern;

    /// <summary>File: the file to play.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// RTSP: the address, <c>rtsp://</c> or <c>rtsps://</c>, with user and password if the camera asks for them; in
    /// these <c>@ / ? # %</c> are percent-encoded (<c>%40 %2F %3F %23 %25</c>).
    /// </summary>
    public string? Url { get; init; }

    /// <summary>
    /// V4L2: the device (default <c>/dev/video0</c>). CSI: the number of the sensor (default <c>0</c>).
    /// </summary>
    public string? Device { get; init; }

    /// <summary>Test pattern: a pattern of <c>videotestsrc</c>, such as ball, smpte, snow, pinwheel.</summary>
    public string Pattern { get; init; } = "ball";

    /// <summary>
    /// Custom: a GStreamer launch description that ends in <c>appsink name=video</c> with RGB pictures. It may read and
    /// write whatever GStreamer can: trust it as you trust a shell script.
    /// </summary>
    public string? Pipeline { get; init; }

    /// <summary>
    /// Horizontal field of view of the lens in degrees, 1 to 179; directions of objects are not known without it.
    /// </summary>
    [Range(1.0, 179.0)]
    public double? HfovDeg { get; init; }

    /// <summary>Width to deliver in pixels, 16 to 8192; the source's own when not given.</summary>
    [Range(16, 8192)]
    public int? Width { get; init; }

    /// <summary>Height to deliver in pixels, 16 to 8192; the source's own when not given.</summary>
    [Range(16, 8192)]
    public int? Height { get; init; }

    /// <summary>
    /// Frames a second at most, 1 to 240; the source's own when not given. Surplus frames are left out before they cost
    /// anything; missing ones are not made up, because a repeated picture would look like a new observation.
    /// </summary>
    [Range(1, 240)]
    public int? Fps { get; init; }

    /// <summary>File: begin again at the end, over and over, as a live camera would go on.</summary>
    public bool Loop { get; init; }

    /// <summary>
    /// File, test pattern, synthetic: play in real time. When false, every frame is delivered, each as soon as the one
    /// before it was taken, for benchmarks; frame times then follow the file and not the clock.
    /// </summary>
    public bool Paced { get; init; } = true;

    /// <summary>
    /// V4L2: ask the camera for motion JPEG, which many USB cameras need for high rates at high resolution.
    /// </summary>
    public bool Mjpeg { get; init; }

    /// <summary>RTSP: how the stream travels.</summary>
    public RtspTransport Transport { get; init; } = RtspTransport.Tcp;

    /// <summary>RTSP: how long packets wait for late ones, in milliseconds, 0 to 10,000.</summary>
    [Range(0, 10000)]
    public int LatencyMs { get; init; } = 100;

    /// <summary>
    /// No frame for this long means frozen, in milliseconds, 100 to 60,000; the source is then rebuilt.
    /// </summary>
    [Range(100, 60000)]
    public int WatchdogMs { get; init; } = 2_000;

    /// <summary>How long the first frame after opening may take, in milliseconds, 100 to 120,000.</summary>
    [Range(100, 120000)]
    public int StartTimeoutMs { get; init; } = 10_000;

    /// <summary>
    /// Frames in the pool, 3 to 64: one being filled, one waiting, the rest in the hands of the pipeline.
    /// </summary>
    [Range(3, 64)]
    public int PoolFrames { get; init; } = 6;

    /// <summary>
    /// Synthetic: what goes wrong and at which frame of each opening, for tests and drills, such as
    /// <c>freeze@100</c>, <c>error@50</c>, <c>end@20</c>.
    /// </summary>
    public string? Fault { get; init; }

    /// <summary>Whether frame times are those of the clock, and not of an unpaced recording.</summary>
    public bool IsRealTime => Paced || Kind is not (CameraKind.File or CameraKind.TestPattern or CameraKind.Synthetic);

    /// <summary>The name and kind: an address may hold a password, which has no place in a log.</summary>
    public override string ToString() => $"camera '{Name}' of kind {Kind}";
}
