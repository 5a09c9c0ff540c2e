using System.Collections.Concurrent;

namespace EdgePerception.Policy.Safety;

/// <summary>What ended all motion that was decided before.</summary>
/// <param name="Cause">One sentence.</param>
/// <param name="At">What was decided up to then is over, on the monotonic clock.</param>
/// <param name="IsHalt">Whether it was a halt, which stops what moves; else the permits have ended.</param>
public sealed record MotionEnd(string Cause, TimeSpan At, bool IsHalt);

/// <summary>
/// Keeps for the loop what ended motion between two of its ticks, also where all was well again before it looked: a
/// halt, and a time without permits that is longer than one lives. The safety thread notes, the loop takes; neither
/// waits for the other.
/// </summary>
public sealed class MotionEnds(SafetySettings settings)
{
    private readonly TimeSpan _permit = TimeSpan.FromMilliseconds(settings.PermitMs);
    private readonly ConcurrentQueue<SafetyState> _told = [];
    private MotionEnd? _halt;
    private MotionEnd? _withheld;

    /// <summary>The newest halt that only a resume lifts, or lifted; none where there was none. Any thread.</summary>
    public MotionEnd? NewestHalt => Volatile.Read(ref _halt);

    /// <summary>Takes a state that the supervisor tells, in their order.</summary>
    public void Note(SafetyState state)
    {
        if (state is { Level: SafetyLevel.Halt, NeedsResume: true }) Volatile.Write(ref _halt, EndOf(state));
        _told.Enqueue(state);
    }

    /// <summary>What has ended motion since the last call; none where nothing did. The loop's.</summary>
    /// <param name="now">The time, on the monotonic clock.</param>
    public MotionEnd? Take(TimeSpan now)
    {
        MotionEnd? newest = null;
        while (_told.TryDequeue(out var state))
        {
            if (state.Level == SafetyLevel.Halt) newest = EndOf(state);
            if (state.Level != SafetyLevel.Act)
            {
                _withheld ??= EndOf(state) with { IsHalt = false };
                continue;
            }

            // A halt says more than the permits that have ended with it.
            if (Lapsed(state.Since.Monotonic) is { } lapse && !(newest?.At >= lapse.At)) newest = lapse;
            _withheld = null;
        }

        return newest ?? Lapsed(now);
    }

    private static MotionEnd EndOf(SafetyState state) =>
        new(state.Cause, state.Since.Monotonic, state.Level == SafetyLevel.Halt);

    private MotionEnd? Lapsed(TimeSpan at) =>
        _withheld is { } withheld && at - withheld.At > _permit ? withheld : null;
}
