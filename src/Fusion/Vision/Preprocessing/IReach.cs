namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// How far apart the samples of a block lie, as a type: the kernels are compiled once for each, without a branch or a
/// call inside their loops.
/// </summary>
internal interface IReach
{
    /// <summary>Vectors that a window spans; 0: none, the samples are read one by one.</summary>
    static abstract int Vectors { get; }
}

/// <summary>Too far for a window.</summary>
internal readonly struct Apart : IReach
{
    public static int Vectors => 0;
}

/// <summary>One vector holds them.</summary>
internal readonly struct OneVector : IReach
{
    public static int Vectors => 1;
}

/// <summary>Two vectors hold them.</summary>
internal readonly struct TwoVectors : IReach
{
    public static int Vectors => 2;
}
