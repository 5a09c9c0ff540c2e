namespace EdgePerception.Policy.Language;

/// <summary>Where a phrase has to stand to halt.</summary>
internal enum StopPlace
{
    /// <summary>Anywhere.</summary>
    Anywhere,

    /// <summary>Anywhere but as the next step of an order or in a description.</summary>
    NotNext,

    /// <summary>Where it is all that a clause says.</summary>
    Clause,

    /// <summary>Where it is forbidden.</summary>
    Forbidden,
}

/// <summary>A phrase that halts.</summary>
/// <param name="Length">How many words it has.</param>
/// <param name="Place">Where it halts.</param>
/// <param name="Unless">What may not follow.</param>
internal sealed record StopPhrase(int Length, StopPlace Place, PhraseTrie<string> Unless);
