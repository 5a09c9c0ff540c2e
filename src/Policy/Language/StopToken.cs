namespace EdgePerception.Policy.Language;

/// <summary>One word of a text that is searched for a stop.</summary>
/// <param name="Word">
/// As <c>stops.txt</c> has it; otherwise its letters where they may be a piece of a stop that was spelt, else empty.
/// </param>
/// <param name="AfterBreak">Whether a mark that parts clauses stands before it.</param>
/// <param name="IsSlip">Whether it was mis-typed and taken for the word.</param>
internal readonly record struct StopToken(string Word, bool AfterBreak, bool IsSlip);
