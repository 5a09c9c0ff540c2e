using System.CommandLine;
using System.Text;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Command = System.CommandLine.Command;
using Messages = EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>send</c>: a command to a running service over MQTT, and its answer.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var text = new Argument<string>("text") { Description = "The command, as a person would say it" };
        var config = new Option<string?>("--config")
        {
            Description = "Take the broker and the device from this configuration",
        };
        var host = new Option<string?>("--host") { Description = "The broker (default 127.0.0.1)" };
        var port = new Option<int?>("--port") { Description = "Its port (default 1883)" };
        var device = new Option<string?>("--device") { Description = "The device's name (default: this host's)" };
        var set = SharedOptions.Set();
        var id = new Option<string?>("--id") { Description = "The command's id (default: one of its own)" };
        var timeout = SharedOptions.Duration("--timeout", "How long to wait for the answer (default 10s)");
        var json = SharedOptions.Json();
        var command = new Command("send", "Send a command to a running service and print its answer")
        {
            text, config, set, host, port, device, id, timeout, json,
        };
        text.Validators.Add(result =>
        {
            var said = result.GetValueOrDefault<string>();
            var length = string.IsNullOrWhiteSpace(said) ? 0 : CommandParser.LengthOf(said);
            if (length is 0 or > CommandReader.MaxTextLength)
                result.AddError($"text: must have 1 to {CommandReader.MaxTextLength} characters, it has {length}");
        });
        id.Validators.Add(result =>
        {
            if (!TopicName.IsName(result.GetValueOrDefault<string>()))
                result.AddError("--id: must be 1 to 64 letters, digits, '.', '_', '-'");
        });
        command.SetAction((parsed, stop) =>
        {
            var options = parsed.GetValue(config) is { } file
                ? ConfigurationFile.Read(file, parsed.GetValue(set)).Mqtt
                    ?? throw new UserException($"{file}: has no section mqtt")
                : new MqttSettings();
            options = options with
            {
                // Whoever sends is a client of that broker.
                Embedded = false,
                BrokerCertFile = "",
                BrokerKeyFile = "",
                Host = parsed.GetValue(host) ?? options.Host,
                Port = parsed.GetValue(port) ?? options.Port,
                Device = parsed.GetValue(device) ?? options.Device,
            };
            if (options.Faults() is [var fault, ..]) throw new UserException($"--{fault.Key}: {fault.Reason}");
            return SendAsync(
                options, parsed.GetValue(id) ?? $"send-{Guid.NewGuid():N}", parsed.GetValue(text)!,
                parsed.GetValue(timeout) ?? TimeSpan.FromSeconds(10), parsed.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> SendAsync(
        MqttSettings options, string id, string text, TimeSpan timeout, bool json, CancellationToken stop)
    {
        var answer = new TaskCompletionSource<Messages.GroundingAnswer>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        await using var transport = new MqttTransport(
            options with { ClientId = $"edge-perception-{id}" }, SensorClock.System, NullLogger<MqttTransport>.Instance,
            MqttRole.Sender(id));
        transport.Inbound = (_, payload, _) => Receive(payload, answer);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        transport.StateChanged += state =>
        {
            if (state == TransportState.Connected) connected.TrySetResult();
        };
        transport.Start();
        var peer = $"{options.Host}:{options.Port}";
        if (!await EndsWithin(connected.Task, timeout, stop))
            return await FailAsync($"no MQTT broker answers at {peer}; --host and --port name another");

        var command = new Messages.Command
        {
            Id = id,
            Text = text,
            IssuedAt = Timestamp.FromDateTimeOffset(SensorClock.System.Now.Utc),
        };
        transport.Publish(Topics.Command.Name, Encoding.UTF8.GetBytes(JsonEncoding.ToText(command)),
            new PublishOptions { Quality = QualityOfService.AtLeastOnce });
        if (!await EndsWithin(answer.Task, timeout, stop))
            return await FailAsync(
                $"no answer from device '{options.EffectiveDevice}' at {peer} within {timeout.TotalSeconds:0.#} s; "
                + "is the service running, and is that its name?");

        var received = await answer.Task;
        IEnumerable<string> lines = json ? [JsonEncoding.ToText(received)] : AnswerText.Lines(received);
        foreach (var line in lines) await Terminal.Output.WriteLineAsync(line);
        return ExitCodes.Success;
    }

    private static async Task<int> FailAsync(string reason)
    {
        await Terminal.Error.WriteLineAsync($"edge-perception: {reason}");
        return ExitCodes.Failed;
    }

    private static void Receive(ReadOnlySpan<byte> payload, TaskCompletionSource<Messages.GroundingAnswer> answer)
    {
        try
        {
            answer.TrySetResult(JsonParser.Default.Parse<Messages.GroundingAnswer>(Encoding.UTF8.GetString(payload)));
        }
        catch (InvalidProtocolBufferException e)
        {
            answer.TrySetException(new UserException($"the answer cannot be read: {e.Message}", e));
        }
    }

    private static async Task<bool> EndsWithin(Task task, TimeSpan timeout, CancellationToken stop)
    {
        try
        {
            await task.WaitAsync(timeout, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
