namespace EdgePerception.Policy.Safety;

/// <summary>
/// Hands the newest value from one thread to another: takes no lock, allocates nothing once it has gone round, and
/// never waits. A value that was not taken is replaced by the next one. One thread puts, one takes.
/// </summary>
/// <typeparam name="T">The value; copied whole.</typeparam>
public sealed class Handover<T>
    where T : struct
{
    private Slot? _waiting;
    private Slot? _spare = new();
    private Slot? _second = new();

    /// <summary>Leaves a value for the other thread, in place of one that it has not taken.</summary>
    public void Put(in T value)
    {
        var slot = Interlocked.Exchange(ref _spare, null) ?? Interlocked.Exchange(ref _second, null) ?? new Slot();
        slot.Value = value;
        if (Interlocked.Exchange(ref _waiting, slot) is { } replaced) Keep(replaced);
    }

    /// <summary>Takes the newest value, if there is one that was not taken.</summary>
    public bool TryTake(out T value)
    {
        if (Interlocked.Exchange(ref _waiting, null) is not { } slot)
        {
            value = default;
            return false;
        }

        value = slot.Value;
        Keep(slot);
        return true;
    }

    private void Keep(Slot slot)
    {
        if (Interlocked.CompareExchange(ref _spare, slot, null) is not null) Volatile.Write(ref _second, slot);
    }

    private sealed class Slot
    {
        public T Value { get; set; }
    }
}
