namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// The rows of an output that score enough, the best first: at most <see cref="Most"/>, so that an image which excites
/// every row cannot make the suppression of doubles quadratic in thousands. Equal scores keep the order of their rows.
/// Allocates nothing while there are no more rows than before. Not thread-safe.
/// </summary>
/// <param name="rows">How many rows the output has; where that is free, <see cref="Clear(int)"/> says it.</param>
/// <param name="least">The smallest score that counts; a score of zero never does.</param>
internal sealed class Candidates(int rows, float least)
{
    /// <summary>How many rows are looked at, the best ones.</summary>
    public const int Most = 1000;

    private ulong[] _keys = new ulong[rows];
    private int _count;

    /// <summary>The smallest score that counts.</summary>
    public float Least { get; } = MathF.Max(least, float.Epsilon);

    /// <summary>The lowest score that was offered; 0 where none was negative.</summary>
    public float Lowest { get; private set; }

    /// <summary>The highest score that counts; 0 where none does.</summary>
    public float Highest { get; private set; }

    /// <summary>Forgets all rows.</summary>
    public void Clear() => (_count, Lowest, Highest) = (0, 0, 0);

    /// <summary>Forgets all rows, and makes room for so many.</summary>
    public void Clear(int rows)
    {
        if (rows > _keys.Length) _keys = new ulong[rows];
        Clear();
    }

    /// <summary>Takes a row if its score is enough. Each row is offered once at most.</summary>
    public void Offer(int row, float score)
    {
        // A positive float's bits rise with it; inverted above the row they sort by falling score, then by row.
        Lowest = MathF.Min(Lowest, score);
        if (score >= Least) _keys[_count++] = (ulong)~BitConverter.SingleToUInt32Bits(score) << 32 | (uint)row;
    }

    /// <summary>Sorts what was taken, and says how many of the best are kept.</summary>
    public int Rank()
    {
        _keys.AsSpan(0, _count).Sort();
        if (_count > 0) Highest = this[0].Score;
        return Math.Min(_count, Most);
    }

    /// <summary>A row in its rank, from 0.</summary>
    public (int Row, float Score) this[int rank] =>
        ((int)(uint)_keys[rank], BitConverter.UInt32BitsToSingle(~(uint)(_keys[rank] >> 32)));
}
