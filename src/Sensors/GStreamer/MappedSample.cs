namespace EdgePerception.Sensors.GStreamer;

/// <summary>The bytes of a sample, lent for as long as this lives.</summary>
internal unsafe ref struct MappedSample : IDisposable
{
    private readonly GstBuffer* _buffer;
    private GstMapInfo _map;

    /// <summary>Maps the sample's buffer.</summary>
    public MappedSample(nint sample)
    {
        _buffer = Gst.SampleBuffer(sample);
        fixed (GstMapInfo* map = &_map) IsMapped = Gst.Map(_buffer, map, Gst.MapRead) != 0;
    }

    /// <summary>Whether there are bytes to read.</summary>
    public bool IsMapped { get; }

    /// <summary>The bytes; empty where they cannot be read.</summary>
    public readonly ReadOnlySpan<byte> Bytes => IsMapped ? new(_map.Data, (int)_map.Size) : [];

    /// <summary>Gives them back.</summary>
    public void Dispose()
    {
        if (!IsMapped) return;
        fixed (GstMapInfo* map = &_map) Gst.Unmap(_buffer, map);
    }
}
