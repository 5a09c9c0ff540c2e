using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EdgePerception.Tests.Support;

/// <summary>A message as an MQTT client received it; expiry in seconds, none where it is kept without end.</summary>
internal sealed record ReceivedMessage(string Topic, byte[] Payload, bool Retained, int Quality, int? Expiry)
{
    public string Text => Encoding.UTF8.GetString(Payload);
}

/// <summary>A broker on this machine, whichever it is, and what its clients must say besides.</summary>
internal readonly record struct BrokerAccess(int Port, params string[] Login)
{
    public static implicit operator BrokerAccess(MosquittoBroker broker) => new(broker.Port);

    public string[] Arguments => ["-h", MosquittoBroker.Host, "-p", $"{Port}", .. Login ?? []];
}

/// <summary>A separate MQTT version 5 client: the program mosquitto_sub, and mosquitto_pub for what is sent.</summary>
internal sealed class MosquittoSubscriber : IAsyncDisposable
{
    private readonly List<ReceivedMessage> _messages = [];
    private readonly Process _process;

    private MosquittoSubscriber(Process process) => _process = process;

    /// <summary>Subscribes and returns once the broker has confirmed it.</summary>
    public static async Task<MosquittoSubscriber> StartAsync(BrokerAccess broker, string topic, params string[] more)
    {
        var marker = $"test/{Guid.NewGuid():N}";
        var subscriber = Start(broker, ["-t", topic, "-t", marker, .. more]);

        // Its subscription is in place when it receives a message that was sent after it began.
        while (subscriber.On(marker).Count == 0)
        {
            await PublishAsync(broker, marker, "ready");
            await Task.Delay(20);
        }

        return subscriber;
    }

    /// <summary>The same, for who may say nothing: returns once the first message that it may read has come.</summary>
    public static async Task<MosquittoSubscriber> StartSilentAsync(BrokerAccess broker, string topic, Action say)
    {
        var subscriber = Start(broker, ["-t", topic]);
        while (subscriber.Messages.Count == 0)
        {
            say();
            await Task.Delay(20);
        }

        return subscriber;
    }

    private static MosquittoSubscriber Start(BrokerAccess broker, string[] more)
    {
        string[] arguments = [.. broker.Arguments, "-V", "mqttv5", "-q", "1", "-F", "%t %r %q %x %E", .. more];
        var start = new ProcessStartInfo("mosquitto_sub", arguments) { RedirectStandardOutput = true };
        var subscriber = new MosquittoSubscriber(Process.Start(start)!);
        subscriber._process.OutputDataReceived += (_, line) => subscriber.Take(line.Data);
        subscriber._process.BeginOutputReadLine();
        return subscriber;
    }

    public IReadOnlyList<ReceivedMessage> Messages
    {
        get
        {
            lock (_messages) return [.. _messages];
        }
    }

    public IReadOnlyList<ReceivedMessage> On(string topic) => [.. Messages.Where(message => message.Topic == topic)];

    public static Task PublishAsync(BrokerAccess broker, string topic, string text, params string[] more) =>
        SendAsync(broker, topic, text, ["-s", .. more]);

    /// <summary>Publishes each line as a message, as fast as the broker takes them.</summary>
    public static Task PublishLinesAsync(BrokerAccess broker, string topic, string lines) =>
        SendAsync(broker, topic, lines, ["-l"]);

    private static async Task SendAsync(BrokerAccess broker, string topic, string text, IEnumerable<string> more)
    {
        string[] arguments =
            [.. broker.Arguments, "-V", "mqttv5", "-q", "1", "-t", topic, .. more];
        using var process =
            Process.Start(new ProcessStartInfo("mosquitto_pub", arguments) { RedirectStandardInput = true })!;
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Ends it without a chance to say goodbye.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line?.Split(' ') is not [var topic, var retained, var quality, var hex, var expiry]) return;
        var message = new ReceivedMessage(
            topic, Convert.FromHexString(hex), retained == "1", int.Parse(quality, CultureInfo.InvariantCulture),
            expiry.Length == 0 ? null : int.Parse(expiry, CultureInfo.InvariantCulture));
        lock (_messages) _messages.Add(message);
    }
}
