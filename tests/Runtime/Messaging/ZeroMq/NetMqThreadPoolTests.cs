using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;

namespace EdgePerception.Runtime.Tests.Messaging.ZeroMq;

/// <summary>Runs alone, because it blocks the thread pool of the whole process.</summary>
[Collection(nameof(LeakTests))]
public sealed class NetMqThreadPoolTests
{
    [Fact]
    public async Task A_stop_reaches_a_controller_while_every_thread_of_the_pool_is_blocked()
    {
        var options = new ZeroMqOptions { Publish = "tcp://127.0.0.1:0", Actions = "tcp://127.0.0.1:0" };
        await using var router = new ActionRouter(options, "robot", SensorClock.System, new ListLogger<ActionRouter>());
        router.Start();
        using var controller = new TestController(router.Endpoint);
        controller.Register("arm");
        await controller.NextAsync(BodyOneofCase.Registered);

        // On a thread that is not the pool's.
        var (delivery, poolWasFree) = await Task.Factory.StartNew(
            () =>
            {
                using var pool = new BlockedPool();
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
        private readonly CountdownEvent _waiting;
        private readonly (int Workers, int Completions) _least;
        private readonly (int Workers, int Completions) _most;
        private volatile bool _hasRun;

        public BlockedPool()
        {
            ThreadPool.GetMinThreads(out _least.Workers, out _least.Completions);
            ThreadPool.GetMaxThreads(out _most.Workers, out _most.Completions);
            var threads = Math.Max(Environment.ProcessorCount, ThreadPool.ThreadCount);
            Assert.True(ThreadPool.SetMinThreads(threads, _least.Completions));
            Assert.True(ThreadPool.SetMaxThreads(threads, _most.Completions));
            _waiting = new CountdownEvent(threads);
            for (var i = 0; i < threads; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ =>
                {
                    _waiting.Signal();
                    _release.Wait();
                }, null);
            }

            Assert.True(_waiting.Wait(TimeSpan.FromSeconds(30)), "the pool could not be blocked");
            ThreadPool.UnsafeQueueUserWorkItem(_ => _hasRun = true, null);
        }

        /// <summary>Whether anything that was queued after the blocking work has run.</summary>
        public bool HasRun => _hasRun;

        public void Dispose()
        {
            _release.Set();
            ThreadPool.SetMaxThreads(_most.Workers, _most.Completions);
            ThreadPool.SetMinThreads(_least.Workers, _least.Completions);
        }
    }
}
