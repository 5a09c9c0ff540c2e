using System.Runtime.Intrinsics.X86;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Brings rows of a plane into the cache some time before they are read. Images of a camera have mostly left the cache
/// by their turn, and reading them from memory takes longer than all of the arithmetic. Only x86 has an instruction for
/// it in .NET; elsewhere the processor's own guess serves.
/// </summary>
internal unsafe struct RowPrefetch
{
    private const int Ahead = 16; // rows
    private const int Line = 64;

    private readonly byte* _plane;
    private readonly byte* _end;
    private readonly int _stride;
    private byte* _next;

    /// <summary>Begins at a row of a plane.</summary>
    public RowPrefetch(byte* plane, int stride, int rows, int first)
    {
        _plane = plane;
        _end = plane + (nint)rows * stride;
        _stride = stride;
        _next = plane + (nint)first * stride;
    }

    /// <summary>Asks for what was not asked for before, up to some rows behind this one.</summary>
    public void Reach(int row)
    {
        if (!Sse.IsSupported) return;
        var wanted = _plane + (nint)(row + Ahead) * _stride;
        if (wanted > _end) wanted = _end;
        for (; _next < wanted; _next += Line) Sse.Prefetch0(_next);
    }
}
