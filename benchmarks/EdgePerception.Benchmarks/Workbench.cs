using System.Buffers.Binary;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Benchmarks;

/// <summary>
/// What the benchmarks share: the checkout, the demo's configuration and images, and the results so far.
/// </summary>
internal sealed class Workbench
{
    private const int Images = 40;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private readonly Lazy<DecodedClip> _clip;
    private readonly Lazy<string> _framesFile;
    private TimeSpan _spoken = -Silence;

    /// <summary>Opens a checkout that is set up.</summary>
    public Workbench(string root)
    {
        Root = root;
        Configuration =
            ConfigurationFile.Read(Path.Combine(root, "configs", "demo.yaml")) with { Mqtt = null, Zeromq = null };
        _clip = new Lazy<DecodedClip>(() =>
        {
            Progress($"decoding {Images} pictures of the demo's clip");
            return new DecodedClip(Configuration.Cameras[0].Path!, Images);
        });
        _framesFile = new Lazy<string>(() => WriteFrames(Clip.Frames.Count));
    }

    /// <summary>The checkout's folder.</summary>
    public string Root { get; }

    /// <summary>Where everything goes that a run leaves.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts", "bench");

    /// <summary>The demo's configuration, without its broker and sockets.</summary>
    public ServiceSettings Configuration { get; }

    /// <summary>The images that are measured on, decoded when they are first asked for.</summary>
    public DecodedClip Clip => _clip.Value;

    /// <summary>
    /// The same images in a file for other programs: width, height, count as little-endian int32, then BGR, 8 bits a
    /// channel, rows without padding.
    /// </summary>
    public string FramesFile => _framesFile.Value;

    /// <summary>What was measured so far.</summary>
    public List<Result> Results { get; } = [];

    /// <summary>Says something that must be read.</summary>
    public void Say(string text)
    {
        _spoken = SensorClock.System.Monotonic;
        Console.Error.WriteLine(text);
    }

    /// <summary>Says how it gets on, unless something was said a moment ago.</summary>
    public void Progress(string text)
    {
        if (SensorClock.System.Monotonic - _spoken >= Silence) Say(text);
    }

    /// <summary>The first images in a file like <see cref="FramesFile"/>; answers its path.</summary>
    public string WriteFrames(int count)
    {
        Directory.CreateDirectory(Artifacts);
        var path = Path.Combine(Artifacts, $"frames-{count}.raw");
        using var file = File.Create(path);
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(header, Clip.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Clip.Height);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], count);
        file.Write(header);
        foreach (var image in Clip.BgrFrames.Take(count)) file.Write(image);
        return path;
    }
}
