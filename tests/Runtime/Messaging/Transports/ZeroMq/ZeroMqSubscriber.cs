using System.Text;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>A message as a subscriber received it.</summary>
internal sealed record ZeroMqMessage(string Topic, byte[] Header, byte[] Payload, int Frames)
{
    public string Text => Encoding.UTF8.GetString(Payload);
}

/// <summary>A subscriber on a thread of its own.</summary>
internal sealed class ZeroMqSubscriber : IAsyncDisposable
{
    private readonly List<ZeroMqMessage> _messages = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    private ZeroMqSubscriber(string endpoint, ZeroMqLibrary library, ClientSettings settings) =>
        _reading = Task.Factory.StartNew(
            () => Read(endpoint, library, settings),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// Subscribes, by another endpoint where one is given, and returns when the publisher has seen it.
    /// </summary>
    public static Task<ZeroMqSubscriber> StartAsync(
        ZeroMqPublisher publisher, string prefix, string? endpoint = null) =>
        StartAsync(publisher, ZeroMqLibrary.Libzmq, new ClientSettings { Prefix = prefix }, endpoint);

    /// <summary>The same, with a library and keys of one's choice.</summary>
    public static async Task<ZeroMqSubscriber> StartAsync(
        ZeroMqPublisher publisher, ZeroMqLibrary library, ClientSettings settings, string? endpoint = null)
    {
        var before = publisher.Subscriptions;
        var subscriber = new ZeroMqSubscriber(endpoint ?? publisher.Endpoint, library, settings with { Queue = 0 });
        await Eventually.Until(() => publisher.Subscriptions > before, "the subscription");
        return subscriber;
    }

    /// <summary>The same, without waiting for the publisher.</summary>
    public static ZeroMqSubscriber Start(ZeroMqPublisher publisher, ZeroMqLibrary library, ClientSettings settings) =>
        new(publisher.Endpoint, library, settings with { Queue = 0 });

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

    private void Read(string endpoint, ZeroMqLibrary library, ClientSettings settings)
    {
        using var socket = ZeroMqClient.Connect(library, endpoint, settings);
        while (!_stop.IsCancellationRequested)
        {
            if (socket.Receive(20) is not { } frames) continue;
            var message = new ZeroMqMessage(Encoding.UTF8.GetString(frames[0]), frames[1], frames[2], frames.Length);
            lock (_messages) _messages.Add(message);
        }
    }
}
