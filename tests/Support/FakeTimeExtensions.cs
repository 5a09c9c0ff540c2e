namespace EdgePerception.Tests.Support;

/// <summary>What tests with other threads need of a clock that stands still until it is moved.</summary>
internal static class FakeTimeExtensions
{
    /// <summary>Lets time pass in steps, so that whatever is due at the end of one fires at its own time.</summary>
    public static void AdvanceBy(this FakeTimeProvider time, TimeSpan step, int steps)
    {
        for (var i = 0; i < steps; i++) time.Advance(step);
    }

    /// <summary>
    /// Lets time pass in steps until something has happened on other threads; fails after a minute of real time.
    /// </summary>
    public static void AdvanceUntil(this FakeTimeProvider time, Func<bool> condition, TimeSpan? step = null)
    {
        var deadline = Environment.TickCount64 + 60_000;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException("what the test waits for did not happen");
            time.Advance(step ?? TimeSpan.FromMilliseconds(10));
            // Other threads get a chance to take note of the new time.
            Thread.Sleep(1);
        }
    }
}
