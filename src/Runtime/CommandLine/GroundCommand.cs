using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Drawing;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Models;
using Command = System.CommandLine.Command;
using GroundingAnswer = EdgePerception.Policy.Grounding.GroundingAnswer;
using GroundingMethod = EdgePerception.Policy.Grounding.GroundingMethod;

namespace EdgePerception.Runtime.CommandLine;

/// <summary><c>ground</c>: one command in one image, or a batch of token-level cases.</summary>
internal static class GroundCommand
{
    private const int MaxSamples = 1_000_000;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Command Create()
    {
        var image = new Option<string?>("--image") { Description = "The picture to ground the command in" };
        var text = new Option<string?>("--command")
        {
            Description = "The command, as a person would say it (1 to 2,000 characters)",
        };
        var field = new Option<double?>("--hfov")
        {
            Description = "Horizontal field of view of the picture in degrees, when known",
        };
        var detectors = new DetectorOptions();
        var draw = SharedOptions.Draw("Write the picture with boxes, sentence and evidence drawn in");
        var batch = new Option<string?>("--batch")
        {
            Description = "A file of cases, one JSON object a line ('-' for standard input); answers one a line, in "
                + "order",
        };
        var method = new Option<GroundingMethod>("--method")
        {
            Description = "Who answers: combined, network or rules",
            DefaultValueFactory = _ => GroundingMethod.Combined,
        };
        var network = new Option<string?>("--network")
        {
            Description = "Manifest of the attention model (default: the one that comes with the program)",
        };
        var risk = new Option<double?>("--risk")
        {
            Description = "Share of answers of which the truth may be left out, "
                + $"{GroundingSettings.MinRisk} to {GroundingSettings.MaxRisk} (default: "
                + $"{new GroundingSettings().Risk})",
        };
        var after = new Option<string[]>("--after")
        {
            Description = "What was said before --command, to be repeated for each turn: \"it\" and \"the other one\" "
                + "refer to it",
        };
        var evidence = new Option<bool>("--evidence")
        {
            Description = "With --batch: the raw opinions of rules and network instead of answers",
        };
        var explain = new Option<bool>("--explain-parse")
        {
            Description = "With --command: how its words are read, as trees with their prices, likeliest first; "
                + "with --image the scene picks among them",
        };
        var sample = new Option<int?>("--sample")
        {
            Description = $"Print so many sentences drawn from the grammar (1 to {MaxSamples:N0}), one JSON object a "
                + "line with text, act and action; needs nothing else",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "With --sample: which sentences come",
            DefaultValueFactory = _ => 1,
        };
        var json = SharedOptions.Json();
        var command = new Command("ground", "Ground a command in a picture, or cases of tokens")
        {
            image, text, batch, draw, field, detectors.Model, detectors.Second, method, network, risk, after, evidence,
            explain, sample, seed, json,
        };
        command.Validators.Add(result =>
        {
            var (hasBatch, hasImage, hasText) =
                (result.GetValue(batch) is not null, result.GetValue(image) is not null,
                    result.GetValue(text) is not null);
            var explains = result.GetValue(explain);
            if (result.GetValue(sample) is { } count)
            {
                if (hasBatch || hasImage || hasText || explains)
                    result.AddError("--sample stands alone, but for --seed");
                if (count is < 1 or > MaxSamples)
                    result.AddError($"--sample: must be from 1 to {MaxSamples}, it is {count}");
            }
            else if (explains ? hasBatch || !hasText : hasBatch ? hasImage || hasText : !hasImage || !hasText)
                result.AddError("give either --image and --command, or --batch, or --command and --explain-parse");
            if (explains && (result.GetValue(draw) is not null || result.GetValue(after)?.Length > 0))
                result.AddError("--explain-parse reads one command and draws no picture: leave out --after and --out");
            if (result.GetValue(text) is { } said
                && (said.Trim().Length == 0 || said.Length > CommandReader.MaxTextLength))
                result.AddError(
                    $"--command: must have 1 to {CommandReader.MaxTextLength} characters, it has {said.Trim().Length}");
            foreach (var earlier in result.GetValue(after) ?? [])
                if (earlier.Trim().Length == 0 || earlier.Length > CommandReader.MaxTextLength)
                    result.AddError(
                        $"--after: must have 1 to {CommandReader.MaxTextLength} characters, it has "
                        + $"{earlier.Trim().Length}");
            if (result.GetValue(after)?.Length > GroundingCase.MaxTurns)
                result.AddError($"--after: may be given {GroundingCase.MaxTurns} times at most");
            if (result.GetValue(after)?.Length > 0 && hasBatch)
                result.AddError("--after needs --image; in a batch \"history\" says what came before");
            if (result.GetValue(draw) is not null && hasBatch)
                result.AddError("--out needs --image; a batch draws nothing");
            if (result.GetValue(evidence) && !hasBatch) result.AddError("--evidence needs --batch");
            if (result.GetValue(risk) is < GroundingSettings.MinRisk or > GroundingSettings.MaxRisk)
                result.AddError($"--risk: must be from {GroundingSettings.MinRisk} to {GroundingSettings.MaxRisk}");
            if (result.GetValue(field) is <= 0 or >= 180)
                result.AddError("--hfov: must be more than 0 and less than 180 degrees");
        });
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(sample) is { } samples)
            {
                foreach (var (said, act, action) in SentenceSamples.Draw(parsed.GetValue(seed)).Take(samples))
                    Terminal.Output.WriteLine(JsonSerializer.Serialize(new { text = said, act, action }, Plain));
                return ExitCodes.Success;
            }

            if (parsed.GetValue(explain) && parsed.GetValue(image) is null)
            {
                ReadingReport.Write(Terminal.Output, ReadingTree.Of(parsed.GetValue(text)!), parsed.GetValue(json));
                return ExitCodes.Success;
            }

            var drawn = ImageOutput.At(parsed.GetValue(draw));
            var configuration =
                Installation.Grounding with
                {
                    Method = parsed.GetValue(method),
                    Risk = parsed.GetValue(risk) ?? Installation.Grounding.Risk,
                };
            if (parsed.GetValue(network) is { } manifest) configuration = configuration with { Network = manifest };
            using var grounder =
                new GrounderLoader(configuration, Installation.ModelsFolder, new InferenceSettings()).Load();
            if (grounder.Trouble is { } trouble)
                Terminal.Error.WriteLine($"edge-perception: warning: grounding by {trouble}");
            using var detector = detectors.Open(parsed);
            if (parsed.GetValue(explain))
            {
                using var picture = detector.See(parsed.GetValue(image)!);
                var scene = picture.ToScene((float?)parsed.GetValue(field));
                var readings = grounder.Explain(parsed.GetValue(text)!, scene);
                ReadingReport.Write(Terminal.Output, readings, parsed.GetValue(json));
                return ExitCodes.Success;
            }

            return parsed.GetValue(batch) is { } cases
                ? new GroundingBatch(grounder, detector, parsed.GetValue(evidence)).Run(cases)
                : GroundImage(
                    grounder, detector, parsed.GetValue(image)!, parsed.GetValue(text)!, parsed.GetValue(after) ?? [],
                    (float?)parsed.GetValue(field), drawn, parsed.GetValue(json));
        });
        return command.WithExamples(
            "ground --image photo.jpg --command \"bring me the red mug left of the bottle\" --out answer.png",
            "ground --image photo.jpg --after \"follow the person\" --command \"the one on the left\"",
            "ground --image photo.jpg --command \"follow the person\" --method rules --json",
            "ground --batch cases.jsonl --risk 0.02",
            "ground --explain-parse --command \"stay 2 metres away from the dog\"",
            "ground --explain-parse --image photo.jpg --command \"the cup by the botle\" --json",
            "ground --sample 1000 --seed 3");
    }

    private static int GroundImage(
        Grounder grounder, ImageDetector detector, string image, string text, string[] before, float? field,
        ImageOutput? drawn, bool json)
    {
        using (var picture = detector.See(image))
        {
            var scene = picture.ToScene(field);
            var dialogue = new Dialogue(grounder, scene);
            foreach (var earlier in before) dialogue.Say("before", earlier);
            var answer = dialogue.Say("command", text);
            if (drawn is not null)
            {
                var frame = picture.Frame;
                using var encoded = GroundingImage.Encode(
                    drawn.Format, frame.Pixels, frame.Width, frame.Height, scene.Objects, text, answer);
                drawn.Write(encoded);
            }

            if (json) Terminal.Output.WriteLine(JsonEncoding.ToText(ToMessage.GroundingAnswer(answer)));
            else WriteAnswer(answer);
            return ExitCodes.Success;
        }
    }

    private static void WriteAnswer(GroundingAnswer answer)
    {
        foreach (var line in AnswerText.Lines(ToMessage.GroundingAnswer(answer))) Terminal.Output.WriteLine(line);
        if (answer.Plausible.Count > 0) Terminal.Output.WriteLine($"possible: {string.Join(", ", answer.Plausible)}");
        foreach (var modality in answer.Modalities)
            Terminal.Output.WriteLine(
                FormattableString.Invariant(
                    $"{modality.Name,-6} gate {modality.Gate:0.00}, quality {modality.Quality:0.00}"));
        if (answer.Candidates.Count == 0) return;
        Terminal.Output.WriteLine($"{"id",4} {"label",-16} {"probability",11}");
        foreach (var candidate in answer.Candidates)
            Terminal.Output.WriteLine(
                FormattableString.Invariant($"{candidate.Id,4} {candidate.Label,-16} {candidate.Probability,11:0.00}"));
    }
}
