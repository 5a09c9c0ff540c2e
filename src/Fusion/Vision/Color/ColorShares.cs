using System.Runtime.CompilerServices;

namespace EdgePerception.Fusion.Vision.Color;

/// <summary>The colours that people name, in the order of every colour vector of the product.</summary>
public enum NamedColor
{
    /// <summary>Red.</summary>
    Red,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Yellow.</summary>
    Yellow,

    /// <summary>Green.</summary>
    Green,

    /// <summary>Cyan, with turquoise and teal.</summary>
    Cyan,

    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Purple, with violet.</summary>
    Purple,

    /// <summary>Pink.</summary>
    Pink,

    /// <summary>Brown.</summary>
    Brown,

    /// <summary>Black.</summary>
    Black,

    /// <summary>Grey.</summary>
    Grey,

    /// <summary>White.</summary>
    White,
}

/// <summary>How much of an object shows each named colour: twelve shares from 0 to 1 that sum to at most 1.</summary>
[InlineArray(Count)]
public struct ColorShares
{
    /// <summary>How many colours there are.</summary>
    public const int Count = 12;

    private float _red;

    /// <summary>The share of one colour.</summary>
    public float this[NamedColor color]
    {
        readonly get => this[(int)color];
        set => this[(int)color] = value;
    }

    /// <summary>The colour with the largest share; the first of them where several are equal.</summary>
    public readonly NamedColor Dominant
    {
        get
        {
            var best = 0;
            for (var i = 1; i < Count; i++)
            {
                if (this[i] > this[best]) best = i;
            }

            return (NamedColor)best;
        }
    }
}
