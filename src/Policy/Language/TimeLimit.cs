namespace EdgePerception.Policy.Language;

/// <summary>
/// How long a command may be thought about in one go. Whatever goes through many possibilities asks it now and then.
/// Used by one thread.
/// </summary>
/// <param name="clock">The time, of a clock that only goes forward.</param>
/// <param name="budget">How long; it counts from <see cref="Begin"/>. Zero for any time.</param>
public sealed class TimeLimit(Func<TimeSpan> clock, TimeSpan budget)
{
    private TimeSpan _end = TimeSpan.MaxValue;

    /// <summary>One that never ends.</summary>
    internal static TimeLimit None { get; } = new(static () => TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Counts from now.</summary>
    public void Begin() => _end = budget > TimeSpan.Zero ? clock() + budget : TimeSpan.MaxValue;

    /// <summary>Goes on, or ends it.</summary>
    /// <exception cref="TakesTooLongException">The time is over.</exception>
    internal void Check()
    {
        if (clock() >= _end) throw new TakesTooLongException();
    }
}

/// <summary>A command takes longer to understand than it may.</summary>
internal sealed class TakesTooLongException : Exception;
