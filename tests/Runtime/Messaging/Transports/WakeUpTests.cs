using System.Runtime.InteropServices;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports;

/// <summary>No wake-up is lost, however setters and the waiting thread meet.</summary>
public sealed partial class WakeUpTests : IDisposable
{
    private readonly WakeUp _wakeUp = new();

    public void Dispose() => _wakeUp.Dispose();

    [Fact]
    public void A_wait_ends_by_a_wake_up_that_was_set_before_it_and_only_once()
    {
        Assert.False(_wakeUp.Wait(0));
        _wakeUp.Set();
        _wakeUp.Set();
        Assert.True(_wakeUp.Wait(0));
        Assert.False(_wakeUp.Wait(0));
    }

    [Fact]
    public void After_one_that_came_while_another_was_taken_back_the_next_one_wakes()
    {
        // An eventfd that blocks holds the thread within the taking back until the setter has come in between.
        const int SetStatusFlags = 4;
        Assert.Equal(0, Control(_wakeUp.Descriptor, SetStatusFlags, 0));
        var id = 0;
        var taking = new Thread(() =>
        {
            Volatile.Write(ref id, ThreadId());
            _wakeUp.Reset();
        });
        taking.Start();
        Eventually.Holds(() => Volatile.Read(ref id) > 0 && Sleeps(id), "the wait within the taking back");
        _wakeUp.Set();
        taking.Join();
        _wakeUp.Set();
        Assert.True(_wakeUp.Wait(0), "the wake-up was lost, and so is every one after it");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Whatever_setters_did_at_the_same_time_all_work_is_found_and_the_next_one_wakes(int setters)
    {
        const int Rounds = 200_000;
        var work = 0;
        var threads = Enumerable.Range(0, setters).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                Interlocked.Increment(ref work);
                _wakeUp.Set();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        var found = 0;
        while (threads.Exists(thread => thread.IsAlive))
        {
            if (_wakeUp.Wait(0)) found = Volatile.Read(ref work);
        }

        if (_wakeUp.Wait(0)) found = Volatile.Read(ref work);
        Assert.Equal(setters * Rounds, found);
        _wakeUp.Set();
        Assert.True(_wakeUp.Wait(0), "the wake-up was lost, and so is every one after it");
    }

    [Fact]
    public void Setting_it_after_its_end_does_nothing()
    {
        _wakeUp.Dispose();
        _wakeUp.Set();
    }

    private static bool Sleeps(int thread)
    {
        // The state stands behind the name, which is in parentheses and may hold anything.
        var status = File.ReadAllText($"/proc/self/task/{thread}/stat");
        return status[status.LastIndexOf(')') + 2] == 'S';
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int flags);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();
}
