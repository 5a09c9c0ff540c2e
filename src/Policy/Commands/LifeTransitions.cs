namespace EdgePerception.Policy.Commands;

/// <summary>
/// The life of a command as a table: which state may follow which. Whatever has no row is an end. Pure data, safe from
/// any thread.
/// </summary>
public static class LifeTransitions
{
    private static readonly Dictionary<LifeState, LifeState[]> Table = new()
    {
        // A stop is done, and a command refused, without having been grounded.
        [LifeState.Received] = [LifeState.Grounded, LifeState.Refused, LifeState.Done],
        [LifeState.Grounded] = [LifeState.Clarifying, LifeState.Refused, LifeState.Accepted, LifeState.Done],
        [LifeState.Accepted] =
            [LifeState.Executing, LifeState.Failed, LifeState.Expired, LifeState.Cancelled, LifeState.PreEmpted],
        [LifeState.Executing] = [LifeState.Done, LifeState.Failed, LifeState.Cancelled, LifeState.PreEmpted],
    };

    /// <summary>Every way there is.</summary>
    public static IEnumerable<(LifeState From, LifeState To)> All =>
        Table.SelectMany(row => row.Value, (row, to) => (row.Key, to));

    /// <summary>Whether one state may follow another.</summary>
    public static bool Allows(LifeState from, LifeState to) =>
        Table.TryGetValue(from, out var row) && row.Contains(to);

    /// <summary>Whether nothing follows a state.</summary>
    public static bool IsEnd(LifeState state) => !Table.ContainsKey(state);
}
