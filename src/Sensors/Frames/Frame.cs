using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Frames;

/// <summary>Where the pixels of a frame live.</summary>
public enum FrameMemory
{
    /// <summary>Ordinary memory of the processor.</summary>
    Host,

    /// <summary>
    /// A Linux dma-buf (NVMM on a Jetson). No source hands one out yet; the place in the type is kept.
    /// </summary>
    DmaBuf,
}

/// <summary>
/// One image of a camera on lease from a <see cref="FramePool"/>: RGB, 8 bits a channel, rows of
/// <see cref="Stride"/> bytes, origin top left. The lease has one owner at a time, who disposes it; whoever needs the
/// pixels longer copies them. Not thread-safe. Use after the lease ended throws.
/// </summary>
public sealed unsafe class Frame : IDisposable
{
    private readonly FramePool _pool;
    private byte* _pixels;
    private nuint _capacity;
    private bool _leased;
    private object? _owner;
    private string _renter = "";

    internal Frame(FramePool pool) => _pool = pool;

    internal bool IsLeased => _leased;

    /// <summary>The name of the camera.</summary>
    public string Camera { get; private set; } = "";

    /// <summary>Counts the frames of the camera from 1; a gap is a frame that the source dropped.</summary>
    public long Sequence { get; private set; }

    /// <summary>When the image was taken.</summary>
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

    /// <summary>Names the image; the source calls it once, before the frame leaves its hands.</summary>
    public void Stamp(string camera, long sequence, SensorTime time) =>
        (Camera, Sequence, Time) = (camera, sequence, time);

    /// <summary>
    /// Copies an image in, row by row where its rows are padded.
    /// </summary>
    /// <param name="pixels">RGB, 8 bits a channel, of the size that this frame was leased with.</param>
    /// <param name="stride">
    /// Bytes from one row of <paramref name="pixels"/> to the next, at least <see cref="Stride"/>.
    /// </param>
    /// <exception cref="ArgumentException">The image is smaller than the frame.</exception>
    public void CopyFrom(ReadOnlySpan<byte> pixels, int stride)
    {
        var target = Pixels;
        if (stride < Stride || pixels.Length < (long)stride * (Height - 1) + Stride)
            throw new ArgumentException(
                $"a picture of {Width}×{Height} needs more than {pixels.Length} bytes in rows of {stride}");
        if (stride == Stride)
        {
            pixels[..target.Length].CopyTo(target);
            return;
        }

        for (var row = 0; row < Height; row++) pixels.Slice(row * stride, Stride).CopyTo(target[(row * Stride)..]);
    }

    /// <summary>
    /// Ends the lease; a second call does nothing. Debug builds throw when a mailbox or a snapshot owns the frame:
    /// then the lease is theirs to end.
    /// </summary>
    public void Dispose()
    {
        if (!_leased) return;
        // Only ever set in Debug builds.
        if (_owner is not null)
            throw new InvalidOperationException($"{this} belongs to a {_owner.GetType().Name}, which ends its lease");
        _leased = false;
        _pool.Return(this);
    }

    /// <summary>Says which frame it is and who rented it, for messages about leaks.</summary>
    public override string ToString() => $"frame {Sequence} of camera '{Camera}' (rented by {_renter})";

#pragma warning disable CA1822 // Release builds leave nothing of the two, which then look static.
    /// <summary>Debug builds: makes <paramref name="owner"/> the only one who may end the lease.</summary>
    [Conditional("DEBUG")]
    internal void Claim(object owner)
    {
        ObjectDisposedException.ThrowIf(!_leased, this);
        if (Interlocked.CompareExchange(ref _owner, owner, null) is { } other)
            throw new InvalidOperationException(
                $"{this} already belongs to a {other.GetType().Name}: a lease has one owner");
    }

    /// <summary>
    /// Debug builds: <paramref name="owner"/> lets go; whoever holds the reference now owns the lease.
    /// </summary>
    [Conditional("DEBUG")]
    internal void Unclaim(object owner)
    {
        if (Interlocked.CompareExchange(ref _owner, null, owner) != owner)
            throw new InvalidOperationException($"{this} does not belong to this {owner.GetType().Name}");
    }
#pragma warning restore CA1822

    internal void Lease(int width, int height, string renter)
    {
        _renter = renter;
        Stamp("", 0, default);
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
