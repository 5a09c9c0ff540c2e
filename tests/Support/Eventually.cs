namespace EdgePerception.Tests.Support;

/// <summary>Waits for what other threads and processes do; the bound is only there to end a test that would hang.</summary>
public static class Eventually
{
    public static void Holds(Func<bool> condition, string what, int seconds = 60)
    {
        var deadline = Environment.TickCount64 + seconds * 1000L;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline) throw new TimeoutException($"{what} did not happen within {seconds} s");
            Thread.Sleep(5);
        }
    }
}
