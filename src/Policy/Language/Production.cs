namespace EdgePerception.Policy.Language;

/// <summary>What may stand between two neighbours of a production.</summary>
internal enum Junction : byte
{
    /// <summary>Nothing; a comma costs a little, since people pause where they like.</summary>
    Close,

    /// <summary>A comma or nothing ( <c>,?</c> ).</summary>
    Loose,

    /// <summary>A comma at least ( <c>,</c> ).</summary>
    Comma,

    /// <summary>Anything, the end of a sentence included ( <c>.?</c> ).</summary>
    Open,

    /// <summary>The end of a sentence ( <c>.</c> ).</summary>
    Sentence,
}

/// <summary>A production with one or two parts: what the parser works with.</summary>
/// <param name="Parent">The symbol that it makes.</param>
/// <param name="Left">Its first part.</param>
/// <param name="Right">Its second part; −1 where it has one alone.</param>
/// <param name="Junction">What may stand between the two.</param>
/// <param name="Price">What it costs, 0 and up; readings are ranked by the sum.</param>
/// <param name="Label">What it means to the builder; null if its parts count as its parent's.</param>
internal readonly record struct Production(
    int Parent, int Left, int Right, Junction Junction, float Price, string? Label);
