using System.Text;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>A message as a subscriber received it.</summary>
internal sealed record ZeroMqMessage(string Topic, byte[] Header, byte[] Payload, int Frames)
{
    public string Text => Encoding.UTF8.GetString(Payload);
}

/// <summary>A libzmq subscriber on a thread of its own.</summary>
internal sealed class ZeroMqSubscriber : IAsyncDisposable
{
    private readonly List<ZeroMqMessage> _messages = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    private ZeroMqSubscriber(string endpoint, string prefix) =>
        _reading = Task.Factory.StartNew(
            () => Read(endpoint, prefix), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Subscribes, and returns when the publisher has seen it.</summary>
    public static async Task<ZeroMqSubscriber> StartAsync(ZeroMqPublisher publisher, string prefix)
    {
        var before = publisher.Subscriptions;
        var subscriber = new ZeroMqSubscriber(publisher.Endpoint, prefix);
        await Eventually.Until(() => publisher.Subscriptions > before, "the subscription");
        return subscriber;
    }

    public IReadOnlyList<ZeroMqMessage> On(string topic)
    {
        lock (_messages) return [.. _messages.Where(message => message.Topic == topic)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_reading.IsCompleted) return;
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private void Read(string endpoint, string prefix)
    {
        using var socket = new ZeroMqSocket(ZeroMqSocketKind.Subscriber);
        socket.Set(ZeroMqOption.ReceiveHighWaterMark, 0);
        socket.Set(ZeroMqOption.Subscribe, Encoding.UTF8.GetBytes(prefix));
        socket.Connect(endpoint);
        var frame = new byte[2 << 20];
        while (!_stop.IsCancellationRequested)
        {
            if (socket.Wait(20)) Take(socket, frame);
        }
    }

    private void Take(ZeroMqSocket socket, byte[] frame)
    {
        var frames = new List<byte[]>();
        bool more;
        do
        {
            var length = socket.Receive(frame, out more);
            frames.Add(frame[..length]);
        }
        while (more);
        var message = new ZeroMqMessage(Encoding.UTF8.GetString(frames[0]), frames[1], frames[2], frames.Count);
        lock (_messages) _messages.Add(message);
    }
}
