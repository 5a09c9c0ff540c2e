using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>Talks to a running service by its broker: says one thing, and waits for what answers it.</summary>
/// <param name="options">Broker and device.</param>
/// <param name="id">Of this exchange; names the connection.</param>
/// <param name="timeout">How long to wait for the broker, and for the answer.</param>
/// <param name="stop">Ends the wait.</param>
internal sealed class ServiceDialogue(MqttSettings options, string id, TimeSpan timeout, CancellationToken stop)
{
    /// <summary>What came in on a topic: the answer, or null where it is none.</summary>
    public delegate T? Hearing<out T>(string topic, string text, bool isRetained);

    /// <summary>Now, as messages say it.</summary>
    public static Timestamp Now => Timestamp.FromDateTimeOffset(SensorClock.System.Now.Utc);

    /// <summary>The answer to a message on a topic; to none, what is heard by itself.</summary>
    /// <param name="topic">Where to say it; empty where nothing is to be said.</param>
    /// <param name="message">What to say.</param>
    /// <param name="answers">Where the answer comes.</param>
    /// <param name="hear">Tells it from what else comes there; called by the connection's thread.</param>
    /// <exception cref="MessagingException">No broker, or nothing that answers; one line says which.</exception>
    /// <exception cref="UserException">What came cannot be read.</exception>
    public async Task<T> AskAsync<T>(
        string topic, IMessage message, IReadOnlyList<InboundTopic> answers, Hearing<T> hear)
        where T : class
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = new MqttTransport(
            options with { ClientId = $"edge-perception-{id}" }, SensorClock.System, NullLogger<MqttTransport>.Instance,
            new MqttRole(answers, IsDevice: false));
        transport.Inbound = (from, payload, isRetained) =>
        {
            try
            {
                if (hear(from, System.Text.Encoding.UTF8.GetString(payload), isRetained) is { } heard)
                    answer.TrySetResult(heard);
            }
            catch (InvalidProtocolBufferException e)
            {
                answer.TrySetException(new UserException($"the answer cannot be read: {e.Message}", e));
            }
        };
        transport.StateChanged += state =>
        {
            if (state == TransportState.Connected) connected.TrySetResult();
        };
        transport.Start();
        var peer = $"{options.Host}:{options.Port}";
        await Within(connected.Task, $"no MQTT broker answers at {peer}; --host and --port name another");
        if (topic.Length > 0)
        {
            transport.Publish(
                topic, System.Text.Encoding.UTF8.GetBytes(JsonEncoding.ToText(message)),
                new PublishOptions { Quality = QualityOfService.AtLeastOnce });
        }

        await Within(
            answer.Task, $"no answer from device '{options.EffectiveDevice}' at {peer} within "
                + $"{timeout.TotalSeconds:0.#} s; is the service running, and is that its name?");
        return await answer.Task;
    }

    private async Task Within(Task task, string otherwise)
    {
        try
        {
            await task.WaitAsync(timeout, stop);
        }
        catch (TimeoutException e)
        {
            throw new MessagingException(otherwise, e);
        }
    }
}
