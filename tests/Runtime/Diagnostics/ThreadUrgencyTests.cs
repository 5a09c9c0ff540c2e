using EdgePerception.Runtime.Diagnostics;

namespace EdgePerception.Runtime.Tests.Diagnostics;

/// <summary>Threads of the test's own are raised, and end with it; what is granted depends on the machine.</summary>
public sealed class ThreadUrgencyTests
{
    // In /proc/self/task/TID/stat behind the name in brackets: state is the first field there, nice the 17th, policy
    // the 39th.
    private const int NiceField = 16;
    private const int PolicyField = 38;

    [Fact]
    public void What_it_says_is_what_the_system_says_of_the_thread()
    {
        var (said, stat) = ("", Array.Empty<string>());
        var thread = new Thread(() =>
        {
            said = ThreadUrgency.Raise(isFirst: true);
            var text = File.ReadAllText("/proc/thread-self/stat");
            stat = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        });
        thread.Start();
        thread.Join();
        (string, string, string)[] possible =
        [
            ("SCHED_FIFO 10", stat[NiceField], "1"), ("nice -10", "-10", "0"),
            (ThreadUrgency.NotGranted, stat[NiceField], "0"),
        ];
        Assert.Contains((said, stat[NiceField], stat[PolicyField]), possible);
        Assert.Equal(said, ThreadUrgency.Granted());
    }

    [Fact]
    public void The_thread_that_asks_what_is_granted_stays_as_it_was()
    {
        var before = Policy();
        ThreadUrgency.Granted();
        Assert.Equal(before, Policy());
    }

    private static string Policy()
    {
        var text = File.ReadAllText("/proc/thread-self/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ')[PolicyField];
    }
}
