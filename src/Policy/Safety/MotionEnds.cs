namespace EdgePerception.Policy.Safety;

/// <summary>What ended all motion that was decided before.</summary>
/// <param name="Cause">One sentence.</param>
/// <param name="At">What was decided up to then is over, on the monotonic clock.</param>
/// <param name="IsHalt">Whether it was a halt, which stops what moves; else the permits have ended.</param>
public sealed record MotionEnd(string Cause, TimeSpan At, bool IsHalt);

/// <summary>
/// Keeps for the loop what ended motion between two of its ticks, also where all was well again before it looked: a
/// halt, and a time without permits that is longer than one lives. Safe from any thread, and waits for nobody.
/// </summary>
public sealed class MotionEnds(SafetySettings settings)
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _permit = TimeSpan.FromMilliseconds(settings.PermitMs);
    private MotionEnd? _withheld;
    private MotionEnd? _newest;
    private MotionEnd? _halt;

    /// <summary>The newest halt that only a resume lifts, or lifted; none where there was none.</summary>
    public MotionEnd? NewestHalt => Volatile.Read(ref _halt);

    /// <summary>Takes a state that the supervisor tells, in their order.</summary>
    public void Note(SafetyState state)
    {
        var told = new MotionEnd(state.Cause, state.Since.Monotonic, state.Level == SafetyLevel.Halt);
        lock (_gate)
        {
            if (told.IsHalt) _newest = told;
            if (told.IsHalt && state.NeedsResume) Volatile.Write(ref _halt, told);
            if (state.Level != SafetyLevel.Act) _withheld ??= told with { IsHalt = false };
            else Lapse(told.At, isOver: true);
        }
    }

    /// <summary>What has ended motion since the last call; none where nothing did.</summary>
    /// <param name="now">The time, on the monotonic clock.</param>
    public MotionEnd? Take(TimeSpan now)
    {
        lock (_gate)
        {
            Lapse(now, isOver: false);
            var taken = _newest;
            _newest = null;
            return taken;
        }
    }

    private void Lapse(TimeSpan now, bool isOver)
    {
        // A halt stands for more than permits that have ended.
        if (_withheld is { } withheld && now - withheld.At > _permit && _newest is not { IsHalt: true })
            _newest = withheld;
        if (isOver) _withheld = null;
    }
}
