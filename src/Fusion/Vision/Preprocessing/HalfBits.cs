namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>The bit patterns of single precision by which finite numbers become half precision in vectors.</summary>
internal static class HalfBits
{
    /// <summary>All bits but the sign.</summary>
    public const uint Magnitude = 0x7FFF_FFFF;

    /// <summary>A half's sign.</summary>
    public const uint Sign = 0x8000;

    /// <summary>
    /// Takes the exponent's bias from 127 to 15 and adds just less than half of the last place that stays.
    /// </summary>
    public const uint Rebias = unchecked((uint)((15 - 127) << 23) + 0xFFF);

    /// <summary>2⁻¹⁴: below it halves are subnormal, and adding ½ rounds at their last place.</summary>
    public const uint SmallestNormal = 113u << 23;

    /// <summary>½.</summary>
    public const uint OneHalf = 126u << 23;

    /// <summary>
    /// A half's infinity, which no finite number goes beyond. The smallest of what is too large rounds to it by itself.
    /// </summary>
    public const uint Infinity = 0x7C00;
}
