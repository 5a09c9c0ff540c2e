namespace EdgePerception.Policy.Commands;

/// <summary>What stands between a word and the one before it.</summary>
internal enum Pause
{
    /// <summary>Nothing but space.</summary>
    None,

    /// <summary>A comma or a dash.</summary>
    Comma,

    /// <summary>The end of a sentence.</summary>
    Sentence,
}

/// <summary>One word of a command.</summary>
/// <param name="Word">Lower case, contractions opened, spelling mended.</param>
/// <param name="Surface">As the user wrote it, lower case.</param>
/// <param name="Pause">What stands before it.</param>
internal readonly record struct Token(string Word, string Surface, Pause Pause)
{
    /// <summary>Whether the word was changed by the spelling correction.</summary>
    public bool Mended { get; init; }
}
