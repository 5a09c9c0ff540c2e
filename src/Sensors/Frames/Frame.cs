using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Sensors.Frames;

/// <summary>Where the pixels of a frame live.</summary>
public enum FrameMemory
{
    /// <summary>Ordinary memory of the processor.</summary>
    Host,

    /// <summary>A Linux dma-buf (NVMM on a Jetson). No source hands one out yet; the place in the type is kept.</summary>
    DmaBuf,
}

/// <summary>
/// One picture of a camera on lease from a <see cref="FramePool"/>: RGB, 8 bits a channel, rows of
/// <see cref="Stride"/> bytes, origin top left. The lease has one owner at a time, who disposes it; whoever needs the
/// pixels longer copies them. Not thread-safe. Use after the lease ended throws.
/// </summary>
public sealed unsafe class Frame : IDisposable
{
    private readonly FramePool _pool;
    private byte* _pixels;
    private nuint _capacity;
    private bool _leased;

    internal Frame(FramePool pool) => _pool = pool;

    /// <summary>The name of the camera.</summary>
    public string Camera { get; private set; } = "";

    /// <summary>Counts the frames of the camera from 1; a gap is a frame that the source dropped.</summary>
    public long Sequence { get; private set; }

    /// <summary>When the picture was taken.</summary>
    public SensorTime Time { get; private set; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; private set; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => Width * 3;

    /// <summary>Where the pixels live.</summary>
    public FrameMemory Memory { get; } = FrameMemory.Host;

    /// <summary>The pixels, R G B R G B …, valid while the lease lasts.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public Span<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(!_leased, this);
            return new Span<byte>(_pixels, Stride * Height);
        }
    }

    /// <summary>Names the picture; the source calls it once, before the frame leaves its hands.</summary>
    public void Stamp(string camera, long sequence, SensorTime time) => (Camera, Sequence, Time) = (camera, sequence, time);

    /// <summary>Ends the lease; a second call does nothing.</summary>
    public void Dispose()
    {
        if (!_leased) return;
        _leased = false;
        _pool.Return(this);
    }

    internal void Lease(int width, int height)
    {
        Debug.Assert(!_leased, "a frame is leased once at a time");
        var needed = (nuint)width * (nuint)height * 3;
        if (needed > _capacity)
        {
            NativeMemory.AlignedFree(_pixels);
            _pixels = (byte*)NativeMemory.AlignedAlloc(needed, 64);
            _capacity = needed;
        }

        (Width, Height, _leased) = (width, height, true);
    }

    internal void Free()
    {
        NativeMemory.AlignedFree(_pixels);
        _pixels = null;
        _capacity = 0;
    }
}
