using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using Google.Protobuf;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;
using Progress = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>A robot controller's end of the dialogue.</summary>
internal sealed class TestController : IDisposable
{
    private readonly ZeroMqSocket _socket = new(ZeroMqSocketKind.Dealer);
    private readonly byte[] _frame = new byte[1 << 20];

    public TestController(string endpoint) => _socket.Connect(endpoint);

    public void Register(string name) => Send(new ControllerMessage { Register = new() { Name = name } });

    public void Acknowledge(string action, bool accepted) =>
        Send(new ControllerMessage { Acknowledge = new() { ActionId = action, Accepted = accepted } });

    public void Report(string action, Progress.Types.State state, double fraction, string detail) =>
        Send(new ControllerMessage { Progress = new() { ActionId = action, State = state, Fraction = fraction, Detail = detail } });

    public void Send(params byte[][] frames)
    {
        for (var i = 0; i < frames.Length; i++) Assert.Equal(SendOutcome.Sent, _socket.Send(frames[i], i < frames.Length - 1));
    }

    /// <summary>The next delivery; of a kind, where one is given, others being passed over.</summary>
    public async Task<ControllerDelivery> NextAsync(BodyOneofCase? kind = null)
    {
        while (true)
        {
            await Eventually.Until(() => _socket.Wait(0), $"a delivery of kind {kind}");
            var delivery = Parser.ParseFrom(_frame.AsSpan(0, _socket.Receive(_frame, out _)));
            if (kind is null || delivery.BodyCase == kind) return delivery;
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Send(ControllerMessage message) => Send(message.ToByteArray());
}
