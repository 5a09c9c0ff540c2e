using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using NetMQ;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;
using Constraint = EdgePerception.Runtime.Messaging.Messages.Constraint;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>
/// The controller that others start theirs from, firmware-interfaces/examples/listen.py, reads actions by the schema
/// with protoc's code, and shares none with ours.
/// </summary>
public sealed class ControllerExampleTests : IAsyncLifetime
{
    private readonly SensorClock _clock = SensorClock.System;
    private readonly ConcurrentQueue<ControllerEvent> _events = new();
    private readonly ActionRouter _router;

    public ControllerExampleTests()
    {
        _router = Router();
        _router.Handler = happened =>
        {
            _events.Enqueue(happened);
            return null;
        };
    }

    public Task InitializeAsync()
    {
        _router.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _router.DisposeAsync();

    [Fact]
    public async Task It_accepts_a_distance_that_it_can_keep_and_rejects_the_action_otherwise()
    {
        using var example =
            PythonPeer.Run(Script(), "--actions", _router.Endpoint, "--publish", "tcp://127.0.0.1:1", "--reach", "5");
        await Eventually.Until(() => _router.Controllers == 1, example.Describe);

        Assert.Equal((true, ""), await AnswerAsync(Avoid("free")));
        Assert.Equal(
            (true, ""), await AnswerAsync(Avoid("near", new KeepDistance("d1", 2), new KeepDistance("p1", 5))));
        Assert.Equal(
            (false, "cannot keep 5.5 m away from p1, only 5 m"),
            await AnswerAsync(Avoid("far", new KeepDistance("d1", 2), new KeepDistance("p1", 5.5))));

        var other = Avoid("other", new KeepDistance("k1", 2));
        Assert.Equal((false, "a distance from k1, which is not to be avoided"), await AnswerAsync(other));
        var without = Avoid("without", new KeepDistance("d1", 2));
        without.Constraints[0].ClearMetres();
        Assert.Equal((false, "cannot keep 0 m away from d1, only 5 m"), await AnswerAsync(without));
        var later = Avoid("later", new KeepDistance("d1", 2));
        later.Constraints[0].Kind = (Constraint.Types.Kind)99;
        Assert.Equal((false, "a constraint of the unknown kind 99"), await AnswerAsync(later));

        Assert.Equal(["free", "near"], Succeeded());
        var read =
            example.Lines.Select(line => JsonElement.Parse(line))
                .Where(line => line.GetProperty("kind").GetString() == "action")
            .Select(line => line.GetProperty("message"))
            .Single(message => message.GetProperty("id").GetString() == "near");
        Assert.Equal(
            """[{"kind": "keep_distance", "object": "d1", "metres": 2.0}, {"kind": "keep_distance", "object": "p1", "metres": 5.0}]""",
            read.GetProperty("constraints").GetRawText());
    }

    [Theory]
    [InlineData(ZeroMqLibrary.Netmq)]
    [InlineData(ZeroMqLibrary.Libzmq)]
    public async Task It_speaks_to_an_encrypted_service_with_keys_from_files(ZeroMqLibrary library)
    {
        using var folder = new TemporaryFolder();
        var (server, own) = (new NetMQCertificate(), new NetMQCertificate());
        var serverKey = folder.Write("server.pub", server.PublicKeyZ85);
        var ownKey = folder.Write("own.key", own.SecretKeyZ85!);
        var curve = new ZeroMqCurveSettings { SecretKeyFile = folder.Write("server.key", server.SecretKeyZ85!) };
        if (library == ZeroMqLibrary.Libzmq)
            curve = curve with { AllowedKeysFile = folder.Write("allowed", own.PublicKeyZ85) };
        var options = new ZeroMqSettings { Library = library, Actions = "tcp://127.0.0.1:0", Curve = curve };
        await using var router = TestRouter.Legacy(options, _clock);
        router.Start();
        using var example = PythonPeer.Run(Script(), "--actions", router.Endpoint, "--publish", "tcp://127.0.0.1:1",
            "--server-key", serverKey, "--secret-key", ownKey);
        await Eventually.Until(() => router.Controllers == 1, example.Describe);
    }

    private async Task<(bool Accepted, string Reason)> AnswerAsync(Action action)
    {
        Assert.True(_router.Deliver(action, _clock.Monotonic + TimeSpan.FromMinutes(5)));
        await Eventually.Until(
            () => Acknowledged(action.Id) is { } answer && (!answer.Accepted || Succeeded().Contains(action.Id)),
            action.Id);
        var acknowledged = Acknowledged(action.Id)!;
        return (acknowledged.Accepted, acknowledged.Reason);
    }

    private ActionAcknowledged? Acknowledged(string id) =>
        _events.OfType<ActionAcknowledged>().SingleOrDefault(answer => answer.ActionId == id);

    private IEnumerable<string> Succeeded() => _events.OfType<ActionProgressed>().Select(progress => progress.ActionId);

    private Action Avoid(string id, params KeepDistance[] distances)
    {
        var action = new RobotAction
        {
            Id = id,
            CommandId = "c",
            Kind = RobotActionKind.Avoid,
            Avoid = [Seen("d1", "dog"), Seen("p1", "person")],
            Distances = distances,
            ExpiresAt = _clock.Monotonic + TimeSpan.FromMinutes(5),
        };
        return ToMessage.Action(action, _clock.Now, _clock.At(action.ExpiresAt));
    }

    private ActionRouter Router() =>
        TestRouter.Legacy(new ZeroMqSettings { Actions = "tcp://127.0.0.1:0" }, _clock);

    private static SceneObject Seen(string id, string label) =>
        new(id, "front", label, 0.9f, new BoundingBox(1, 2, 3, 4), null, null);

    private static string Script([CallerFilePath] string path = "") =>
        Path.GetFullPath(
            Path.Combine(
                Path.GetDirectoryName(path)!, "..", "..", "..", "firmware-interfaces", "examples", "listen.py"));
}
