using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;
using Google.Protobuf;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>
/// Somebody at the broker who sees all that the device says, and speaks to it: mosquitto_sub and mosquitto_pub.
/// </summary>
internal sealed class Watcher : IAsyncDisposable
{
    private const string Root = $"edge/{RunningService.Device}/";
    private readonly BrokerAccess _broker;
    private readonly MosquittoSubscriber _subscriber;

    private Watcher(BrokerAccess broker, MosquittoSubscriber subscriber) =>
        (_broker, _subscriber) = (broker, subscriber);

    public static async Task<Watcher> StartAsync(BrokerAccess broker) =>
        new(broker, await MosquittoSubscriber.StartAsync(broker, Root + "#"));

    public IReadOnlyList<ReceivedMessage> On(string topic) => _subscriber.On(Root + topic);

    /// <summary>The messages of a topic that hold.</summary>
    public IReadOnlyList<T> On<T>(string topic)
        where T : IMessage, new() => [.. On(topic).Select(message => JsonParser.Default.Parse<T>(message.Text))];

    /// <summary>Waits for a message of a topic that holds.</summary>
    public async Task<T> SeesAsync<T>(string topic, Func<T, bool> holds, string what, int after = 0)
        where T : IMessage, new()
    {
        T? found = default;
        await Eventually.Until(
            () => (found = On<T>(topic).Skip(after).FirstOrDefault(holds)) is not null,
            () => $"{what} on {topic}; there were "
                + $"{string.Join(" | ", On(topic).TakeLast(5).Select(message => message.Text))}");
        return found!;
    }

    /// <summary>Waits for such a health report after all that came before.</summary>
    public Task<Health> SeesHealthAsync(Health.Types.Status status, string component = "") => SeesAsync<Health>(
        "health",
        health => component.Length == 0
            ? health.Status == status
            : health.Components.Any(part => part.Name == component && part.Status == status),
        $"{status} of {component}", after: On("health").Count);

    public Task SendAsync(string topic, string text, params string[] more) =>
        MosquittoSubscriber.PublishAsync(_broker, Root + topic, text, more);

    /// <summary>Gives a command and waits for its answer.</summary>
    public async Task<GroundingAnswer> SayAsync(string id, string text)
    {
        await SendAsync("command", $$"""{"id":"{{id}}","text":"{{text}}","ttlMs":60000}""");
        return await AnswerAsync(id);
    }

    public Task<GroundingAnswer> AnswerAsync(string id) =>
        SeesAsync<GroundingAnswer>($"command/{id}/result", _ => true, "an answer");

    public ValueTask DisposeAsync() => _subscriber.DisposeAsync();
}
