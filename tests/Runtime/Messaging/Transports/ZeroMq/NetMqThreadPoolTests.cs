using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>Runs alone, because it blocks the thread pool of the whole process.</summary>
[Collection(nameof(LeakTests))]
public sealed class NetMqThreadPoolTests
{
    [Fact]
    public async Task A_stop_reaches_a_controller_while_every_thread_of_the_pool_is_blocked()
    {
        var options = new ZeroMqSettings { Publish = "tcp://127.0.0.1:0", Actions = "tcp://127.0.0.1:0" };
        await using var router = TestRouter.Legacy(options, SensorClock.System);
        router.Start();
        using var controller = new TestController(router.Endpoint);
        controller.Register("arm");
        await controller.NextAsync(BodyOneofCase.Registered);

        // On a thread that is not the pool's.
        var (delivery, poolWasFree) = await Task.Factory.StartNew(
            () =>
            {
                using var pool = new BlockedPool();
                pool.FillUp();
                router.Deliver(new Action { Id = "stop", Action_ = ActionKind.Stop }, TimeSpan.MaxValue);
                return (controller.Next(seconds: 10), pool.HasRun);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Equal("stop", delivery?.Action.Id);
        Assert.False(poolWasFree, "the pool had a thread left, so that the test shows nothing");
    }

    /// <summary>All the pool's threads, and all that it may have, wait until this ends.</summary>
    private sealed class BlockedPool : IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private readonly (int Workers, int Completions) _least;
        private readonly (int Workers, int Completions) _most;
        private int _waiting;
        private volatile bool _hasRun;

        public BlockedPool()
        {
            ThreadPool.GetMinThreads(out _least.Workers, out _least.Completions);
            ThreadPool.GetMaxThreads(out _most.Workers, out _most.Completions);
            var threads = Math.Max(Environment.ProcessorCount, ThreadPool.ThreadCount);
            ThreadPool.SetMinThreads(Environment.ProcessorCount, _least.Completions);
            ThreadPool.SetMaxThreads(threads, _most.Completions);

            // More than there are threads, of which the test's host may hold some.
            for (var i = 0; i < 2 * threads; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ =>
                {
                    Interlocked.Increment(ref _waiting);
                    _release.Wait();
                }, null);
            }

            ThreadPool.UnsafeQueueUserWorkItem(_ => _hasRun = true, null);
        }

        /// <summary>Whether anything that was queued after the blocking work has run.</summary>
        public bool HasRun => _hasRun;

        /// <summary>Returns when no further thread begins to wait, so that none is left.</summary>
        public void FillUp()
        {
            var (before, same) = (0, 0);
            Eventually.Holds(() =>
            {
                var now = Volatile.Read(ref _waiting);
                same = now == before ? same + 1 : 0;
                before = now;
                return now > 0 && same == 20;
            }, "the pool's being full");
        }

        public void Dispose()
        {
            _release.Set();
            ThreadPool.SetMaxThreads(_most.Workers, _most.Completions);
            ThreadPool.SetMinThreads(_least.Workers, _least.Completions);
        }
    }
}
