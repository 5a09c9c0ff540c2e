using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgePerception.Fusion.Vision.Color;

/// <summary>
/// What people call a colour, softly: shares of the twelve names that sum to 1. The rule works on lightness, chroma and
/// hue of OKLab (B. Ottosson, 2020), whose hue stays what people call it from dark to light, above all for blue. Chroma
/// tells greys from colours, lightness tells black, grey and white apart, hue names the rest; dark or dull orange and
/// yellow are brown, light red is pink, dark pink is red or purple. All borders are ramps, because people differ there.
/// They were fitted to the 711 names of the xkcd colour survey (R. Munroe, 2010, CC0) that end in a basic colour or a
/// common kind of one ("brick red", "tan"): 94% come out as that colour or the one that the name itself adds.
/// </summary>
internal static class ColorNaming
{
    private const int Levels = 32;
    private const int VectorsPerColor = ColorShares.Count / 4;
    private const float HueRamp = 8;

    // The stronger a colour, the lighter it may be and still be red, the darker and still be orange or yellow.
    private const float ModerateChroma = 0.14f;

    private static readonly Vector128<float>[] Table = BuildTable();

    /// <summary>Builds the table of all colours, if it is not there yet: some milliseconds once in a process.</summary>
    public static void Prepare() => _ = Table.Length;

    /// <summary>
    /// The shares of an sRGB colour rounded to 32 levels a channel, as three vectors of four in the order of
    /// <see cref="NamedColor"/>.
    /// </summary>
    public static ReadOnlySpan<Vector128<float>> Lookup(byte red, byte green, byte blue)
    {
        var color = ((red >> 3) * Levels + (green >> 3)) * Levels + (blue >> 3);
        return Table.AsSpan(color * VectorsPerColor, VectorsPerColor);
    }

    /// <summary>The shares of an sRGB colour by the rule itself.</summary>
    public static ColorShares Name(byte red, byte green, byte blue)
    {
        var (lightness, chroma, hue) = OkLch(Linear(red), Linear(green), Linear(blue));
        return Name(lightness, chroma, hue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ColorShares Name(float lightness, float chroma, float hue)
    {
        var shares = default(ColorShares);
        var colored = Ramp(chroma, 0.02f, 0.05f);
        // Even strong colours look black in the dark; weak ones do so sooner.
        var dark = 1 - Ramp(lightness, 0.16f, 0.26f);
        var black = 1 - Ramp(lightness, 0.22f, 0.36f);
        var white = Ramp(lightness, 0.86f, 0.94f);
        shares[NamedColor.Black] = (1 - colored) * black + colored * dark;
        shares[NamedColor.White] = (1 - colored) * white;
        shares[NamedColor.Grey] = (1 - colored) * (1 - black - white);
        AddHues(ref shares, colored * (1 - dark), lightness, chroma, hue);
        return shares;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddHues(ref ColorShares shares, float weight, float lightness, float chroma, float hue)
    {
        // The circle is cut within purple, at 300 degrees, so that each name is one interval; two are one purple.
        var angle = hue >= 300 ? hue - 360 : hue;
        var fromPink = Border(angle, 333 - 360);
        var fromRed = Border(angle, 12);
        var fromOrange = Border(angle, 36);
        var fromYellow = Border(angle, 78);
        var fromGreen = Border(angle, 115);
        var fromCyan = Border(angle, 172);
        var fromBlue = Border(angle, 200);
        var fromPurple = Border(angle, 288);

        AddPink(ref shares, weight * (fromPink - fromRed), lightness, angle);
        AddRed(ref shares, weight * (fromRed - fromOrange), lightness, chroma, angle);
        AddOrange(ref shares, weight * (fromOrange - fromYellow), lightness, chroma, angle);
        AddYellow(ref shares, weight * (fromYellow - fromGreen), lightness, chroma);
        shares[NamedColor.Green] += weight * (fromGreen - fromCyan);
        shares[NamedColor.Cyan] += weight * (fromCyan - fromBlue);
        shares[NamedColor.Blue] += weight * (fromBlue - fromPurple);
        AddPurple(ref shares, weight * (fromPurple + 1 - fromPink), lightness, angle);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPink(ref ColorShares shares, float weight, float lightness, float angle)
    {
        var dark = 1 - Ramp(lightness, 0.42f, 0.60f);
        var reddish = Ramp(angle, -10, 4);
        shares[NamedColor.Pink] += weight * (1 - dark);
        shares[NamedColor.Red] += weight * dark * reddish;
        shares[NamedColor.Purple] += weight * dark * (1 - reddish);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRed(ref ColorShares shares, float weight, float lightness, float chroma, float angle)
    {
        var pink = Ramp(lightness - (chroma - ModerateChroma), 0.58f, 0.72f);
        var dull = (1 - Ramp(lightness, 0.38f, 0.48f)) * (1 - Ramp(chroma, 0.10f, 0.14f));
        var brown = (1 - pink) * dull * Ramp(angle, 14, 24);
        shares[NamedColor.Pink] += weight * pink;
        shares[NamedColor.Brown] += weight * brown;
        shares[NamedColor.Red] += weight * (1 - pink - brown);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOrange(ref ColorShares shares, float weight, float lightness, float chroma, float angle)
    {
        var pink = Ramp(lightness, 0.78f, 0.86f) * (1 - Ramp(angle, 55, 70)) * (1 - Ramp(chroma, 0.11f, 0.14f));
        var strong = Ramp(lightness + (chroma - ModerateChroma), 0.53f, 0.62f) * Ramp(chroma, 0.09f, 0.135f);
        var brown = (1 - pink) * (1 - strong);
        shares[NamedColor.Pink] += weight * pink;
        shares[NamedColor.Brown] += weight * brown;
        shares[NamedColor.Orange] += weight * (1 - pink - brown);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddYellow(ref ColorShares shares, float weight, float lightness, float chroma)
    {
        var dull = (1 - Ramp(chroma, 0.06f, 0.10f)) * (1 - Ramp(lightness, 0.88f, 0.94f));
        var brown = MathF.Max(1 - Ramp(lightness + (chroma - ModerateChroma), 0.66f, 0.77f), dull);
        shares[NamedColor.Brown] += weight * brown;
        shares[NamedColor.Yellow] += weight * (1 - brown);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPurple(ref ColorShares shares, float weight, float lightness, float angle)
    {
        var pink = angle < 0 ? Ramp(lightness, 0.67f, 0.80f) * Ramp(angle, 308 - 360, 322 - 360) : 0;
        shares[NamedColor.Pink] += weight * pink;
        shares[NamedColor.Purple] += weight * (1 - pink);
    }

    /// <summary>How far an angle is beyond a border, 0 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Border(float angle, float border) => Ramp(angle, border - HueRamp, border + HueRamp);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Ramp(float value, float from, float to) => Math.Clamp((value - from) / (to - from), 0, 1);

    private static float Linear(int level)
    {
        var value = level / 255f;
        return value <= 0.04045f ? value / 12.92f : MathF.Pow((value + 0.055f) / 1.055f, 2.4f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Lightness, float Chroma, float Hue) OkLch(float red, float green, float blue)
    {
        var l = MathF.Cbrt(0.4122214708f * red + 0.5363325363f * green + 0.0514459929f * blue);
        var m = MathF.Cbrt(0.2119034982f * red + 0.6806995451f * green + 0.1073969566f * blue);
        var s = MathF.Cbrt(0.0883024619f * red + 0.2817188376f * green + 0.6299787005f * blue);
        var lightness = 0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s;
        var a = 1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s;
        var b = 0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s;
        var hue = MathF.Atan2(b, a) * 180 / MathF.PI;
        return (lightness, MathF.Sqrt(a * a + b * b), hue < 0 ? hue + 360 : hue);
    }

    // Runs once, so it must be compiled well at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<float>[] BuildTable()
    {
        // Each cell stands for its middle, but for the last and the first of a channel, which stand for full and none:
        // clipped white and black are frequent and must not look tinted.
        Span<float> linear = stackalloc float[Levels];
        for (var i = 0; i < Levels; i++) linear[i] = Linear(Math.Min(i == 0 ? 0 : i * 8 + 4, 255));
        linear[Levels - 1] = 1;

        var table = new Vector128<float>[Levels * Levels * Levels * VectorsPerColor];
        var next = 0;
        foreach (var red in linear)
        {
            foreach (var green in linear)
            {
                foreach (var blue in linear)
                {
                    var (lightness, chroma, hue) = OkLch(red, green, blue);
                    var shares = Name(lightness, chroma, hue);
                    for (var i = 0; i < ColorShares.Count; i += 4)
                        table[next++] = Vector128.Create(shares[i], shares[i + 1], shares[i + 2], shares[i + 3]);
                }
            }
        }

        return table;
    }
}
