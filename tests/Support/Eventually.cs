namespace EdgePerception.Tests.Support;

/// <summary>
/// Waits for what other threads and processes do; the bound is only there to end a test that would hang.
/// </summary>
public static class Eventually
{
    public static void Holds(Func<bool> condition, string what, int seconds = 60)
    {
        var deadline = Environment.TickCount64 + seconds * 1000L;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException($"{what} did not happen within {seconds} s");
            Thread.Sleep(5);
        }
    }

    /// <summary>The same without holding a thread.</summary>
    public static Task Until(Func<bool> condition, string what) => Until(condition, () => what);

    /// <summary>The same, for a message that is worked out when the wait was in vain.</summary>
    public static async Task Until(Func<bool> condition, Func<string> what)
    {
        var deadline = Environment.TickCount64 + 60_000;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline) throw new TimeoutException($"did not happen within 60 s: {what()}");
            await Task.Delay(5);
        }
    }

    /// <summary>The same for what must be asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var deadline = Environment.TickCount64 + 60_000;
        while (!await condition())
        {
            if (Environment.TickCount64 > deadline) throw new TimeoutException($"did not happen within 60 s: {what()}");
            await Task.Delay(5);
        }
    }
}
