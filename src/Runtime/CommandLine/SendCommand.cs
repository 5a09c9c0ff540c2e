using System.CommandLine;
using System.CommandLine.Parsing;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using Google.Protobuf;
using Command = System.CommandLine.Command;
using Messages = EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// <c>send</c>: a command to a running service over MQTT, and its answer; or an arm, a halt or a resume.
/// </summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var text = new Argument<string?>("text")
        {
            Description = "The command, as a person would say it",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var arm = new Option<bool>("--arm")
        {
            Description = "Arm this start of the service; without, nothing moves (but for safety.armAtStart)",
        };
        var halt = new Option<bool>("--halt") { Description = "Stop all motion, until a resume" };
        var resume = new Option<string?>("--resume")
        {
            Description = "Lift a halt: the one of this id, or the one that stands; it arms nothing",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "HALT_ID",
        };
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
            text, arm, halt, resume, config, set, host, port, device, id, timeout, json,
        };
        command.Validators.Add(result =>
        {
            SymbolResult?[] said =
                [result.GetResult(text), result.GetResult(arm), result.GetResult(halt), result.GetResult(resume)];
            if (said.Count(each => each is not null) != 1)
                result.AddError("say one thing: a command, --arm, --halt or --resume");
        });
        text.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0) return;
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
        resume.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !TopicName.IsName(result.Tokens[0].Value))
                result.AddError("--resume: a halt's id is 1 to 64 letters, digits, '.', '_', '-'; topic safety has it");
        });
        command.SetAction(async (parsed, stop) =>
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
            var own = parsed.GetValue(id) ?? $"send-{Guid.NewGuid():N}";
            var dialogue = new ServiceDialogue(
                options, own, parsed.GetValue(timeout) ?? TimeSpan.FromSeconds(10), stop);
            var answer = parsed.GetValue(arm) ? await SafetyWords.ArmAsync(dialogue, own)
                : parsed.GetValue(halt) ? await SafetyWords.HaltAsync(dialogue, own)
                : parsed.GetResult(resume) is not null
                    ? await SafetyWords.ResumeAsync(dialogue, parsed.GetValue(resume))
                : await CommandAsync(dialogue, own, parsed.GetValue(text)!);
            foreach (var line in parsed.GetValue(json) ? [JsonEncoding.ToText(answer)] : Lines(answer))
                await Terminal.Output.WriteLineAsync(line);
            return ExitCodes.Success;
        });
        return command.WithExamples(
            "send --device demo \"go to the white van\"", "send --config configs/demo.yaml --arm",
            "send --device demo --halt", "send --device demo --resume");
    }

    private static async Task<IMessage> CommandAsync(ServiceDialogue dialogue, string id, string text) =>
        await dialogue.AskAsync<Messages.GroundingAnswer>(
            Topics.Command.Name, new Messages.Command { Id = id, Text = text, IssuedAt = ServiceDialogue.Now },
            [SafetyWords.Result(id)], static (_, heard, _) => SafetyWords.Read<Messages.GroundingAnswer>(heard));

    private static IEnumerable<string> Lines(IMessage answer) => answer is Messages.Safety safety
        ? SafetyWords.Lines(safety) : AnswerText.Lines((Messages.GroundingAnswer)answer);
}
