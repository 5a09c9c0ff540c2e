using System.Runtime.CompilerServices;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Memory at an address that stays, begins at a cache line and holds zeros at first. It lives as long as this object is
/// reachable; who works on the pointer keeps it so.
/// </summary>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int CacheLine = 64;
    private readonly byte[] _memory;

    public AlignedBuffer(int length)
    {
        Length = length;
        _memory = GC.AllocateArray<byte>(checked(length * sizeof(T) + CacheLine), pinned: true);
        Pointer = (T*)(((nint)Unsafe.AsPointer(ref _memory[0]) + CacheLine - 1) & -CacheLine);
    }

    /// <summary>The first element.</summary>
    public T* Pointer { get; }

    /// <summary>Elements in it.</summary>
    public int Length { get; }
}
