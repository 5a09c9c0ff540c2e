namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// What a vector kernel needs to sample a row, laid out for one kind of lanes. Elements come in blocks as wide as its
/// vectors, and the last block is moved back over the one before it so that it ends with the row: the kernels need no
/// code for a rest.
/// </summary>
internal unsafe struct ResampleTaps
{
    /// <summary>
    /// For each element the weights of its two neighbours, which add up to <see cref="ResampleTable.One"/>.
    /// </summary>
    public short* Weights;

    /// <summary>
    /// For each element 4 bytes that say where in the window its neighbours lie, as the lanes' shuffle wants it.
    /// </summary>
    public byte* Indices;

    /// <summary>Where in the row each window begins.</summary>
    public int* Windows;

    /// <summary>Where in the row each element's first neighbour lies.</summary>
    public int* Firsts;

    /// <summary>From a neighbour to the other in the row.</summary>
    public int Step;
}

/// <summary>Keeps and builds the <see cref="ResampleTaps"/> of one row, without allocating. Not thread-safe.</summary>
/// <param name="capacity">The most elements that a row will have.</param>
internal sealed unsafe class ResampleTable(int capacity)
{
    /// <summary>The weight 1, with 14 bits so that it and its complement are both signed 16-bit integers.</summary>
    public const int One = 1 << 14;

    private const int WidestVector = 16;
    private readonly AlignedBuffer<short> _weights = new(2 * (capacity + WidestVector));
    private readonly AlignedBuffer<byte> _indices = new(4 * (capacity + WidestVector));
    private readonly AlignedBuffer<int> _firsts = new(capacity + WidestVector);
    private readonly AlignedBuffer<int> _windows = new(capacity + WidestVector);

    /// <summary>What the last <see cref="Build"/> made.</summary>
    public ResampleTaps Taps { get; private set; }

    /// <summary>Vectors that a window spans; 0: its elements lie too far apart for one.</summary>
    public int Vectors { get; private set; }

    /// <summary>Elements in the row.</summary>
    public int Elements { get; private set; }

    /// <summary>Prepares one row.</summary>
    /// <param name="columns">Neighbours of each pixel; the row begins with sample <paramref name="start"/>.</param>
    /// <param name="start">The sample that lies first in the row.</param>
    /// <param name="channels">Channels that are interleaved in the row.</param>
    /// <param name="reversed">Whether they change their order.</param>
    /// <param name="lanes">For whom.</param>
    public void Build(ReadOnlySpan<Tap> columns, int start, int channels, bool reversed, LaneShape lanes)
    {
        Elements = columns.Length * channels;
        var last = Elements - lanes.Count;
        var stored = 0;
        for (var block = 0; block < Elements; block += lanes.Count)
        {
            var (pixel, channel) = Math.DivRem(Math.Min(block, last), channels);
            for (var lane = 0; lane < lanes.Count; lane++, stored++)
            {
                var tap = columns[pixel];
                var weight = (short)Math.Round(tap.Weight * One);
                _firsts.Pointer[stored] =
                    (tap.First - start) * channels + (reversed ? channels - 1 - channel : channel);
                _weights.Pointer[2 * stored] = (short)(One - weight);
                _weights.Pointer[2 * stored + 1] = weight;
                if (++channel == channels) (pixel, channel) = (pixel + 1, 0);
            }
        }

        Vectors = lanes.Window == 0 ? 0 : BuildWindows(stored, channels, lanes);
        Taps = new ResampleTaps
        {
            Weights = _weights.Pointer,
            Indices = _indices.Pointer,
            Windows = _windows.Pointer,
            Firsts = _firsts.Pointer,
            Step = channels,
        };
    }

    private int BuildWindows(int stored, int step, LaneShape lanes)
    {
        var widest = 0;
        for (int at = 0, window = 0; at < stored; at += lanes.Window, window++)
        {
            var firsts = new ReadOnlySpan<int>(_firsts.Pointer + at, lanes.Window);
            var (low, high) = (firsts[0], firsts[0]);
            foreach (var first in firsts) (low, high) = (Math.Min(low, first), Math.Max(high, first));
            widest = Math.Max(widest, high + step + 1 - low);
            if (widest > lanes.WindowVectors * lanes.WindowSamples) return 0;

            _windows.Pointer[window] = low;
            for (var lane = 0; lane < lanes.Window; lane++)
                Index(at + lane, firsts[lane] - low, step, lanes.IndicesAreBytes);
        }

        return (widest + lanes.WindowSamples - 1) / lanes.WindowSamples;
    }

    private void Index(int at, int first, int step, bool bytes)
    {
        if (bytes)
        {
            var index = _indices.Pointer + 4 * at;
            index[0] = (byte)(2 * first);
            index[1] = (byte)(2 * first + 1);
            index[2] = (byte)(2 * (first + step));
            index[3] = (byte)(2 * (first + step) + 1);
            return;
        }

        var words = (ushort*)_indices.Pointer + 2 * at;
        words[0] = (ushort)first;
        words[1] = (ushort)(first + step);
    }
}
