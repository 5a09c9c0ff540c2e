using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using Google.Protobuf;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;
using Progress = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress;
using Register = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Register;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>A robot controller's end of the dialogue.</summary>
internal sealed class TestController(
    string endpoint, ZeroMqLibrary library = ZeroMqLibrary.Libzmq, ClientSettings? settings = null) : IDisposable
{
    private readonly ZeroMqClient _socket = ZeroMqClient.Connect(library, endpoint, settings ?? new ClientSettings());

    public void Register(string name) => Register(new Register { Name = name });

    public void Register(Register register) => Send(new ControllerMessage { Register = register });

    public void Beat(uint beat) => Send(new ControllerMessage { Heartbeat = new() { Beat = beat } });

    /// <summary>Lifts the newest halt.</summary>
    public void Resume() => Send(new ControllerMessage { Resume = new() });

    public void Halt(string reason) => Send(new ControllerMessage { Halt = new() { Reason = reason } });

    public void Acknowledge(string action, bool accepted) =>
        Send(new ControllerMessage { Acknowledge = new() { ActionId = action, Accepted = accepted } });

    public void Report(string action, Progress.Types.State state, double fraction, string detail)
    {
        var report = new Progress { ActionId = action, State = state, Fraction = fraction, Detail = detail };
        Send(new ControllerMessage { Progress = report });
    }

    public void Send(params byte[][] frames) => Assert.True(_socket.Send(frames), "no room for a message");

    /// <summary>The deliveries that wait.</summary>
    public IReadOnlyList<ControllerDelivery> Received()
    {
        var all = new List<ControllerDelivery>();
        while (_socket.Receive() is { } frames) all.Add(Parser.ParseFrom(frames[0]));
        return all;
    }

    /// <summary>The next delivery; of a kind, where one is given, others being passed over.</summary>
    public async Task<ControllerDelivery> NextAsync(BodyOneofCase? kind = null)
    {
        while (true)
        {
            byte[][]? frames = null;
            await Eventually.Until(() => (frames = _socket.Receive()) is not null, $"a delivery of kind {kind}");
            var delivery = Parser.ParseFrom(frames![0]);
            if (kind is null || delivery.BodyCase == kind) return delivery;
        }
    }

    /// <summary>The next delivery, without help of the thread pool; none when none comes in time.</summary>
    public ControllerDelivery? Next(int seconds) =>
        _socket.Receive(seconds * 1000) is { } frames ? Parser.ParseFrom(frames[0]) : null;

    public void Dispose() => _socket.Dispose();

    private void Send(ControllerMessage message) => Send(message.ToByteArray());
}
