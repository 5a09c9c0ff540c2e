using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using Scene = EdgePerception.Fusion.Scenes.Scene;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>Answers a file of cases line by line, each case on its own.</summary>
/// <param name="grounder">What grounds them.</param>
/// <param name="detector">Looks at the images of cases that name one.</param>
/// <param name="evidence">Whether to write the raw opinions instead of answers.</param>
internal sealed class GroundingBatch(Grounder grounder, ImageDetector detector, bool evidence)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private string _image = "";
    private ImageScene? _imageScene;

    /// <summary>
    /// Reads the file ('-' for standard input) and writes one line for each case; gives the exit code.
    /// </summary>
    public int Run(string path)
    {
        using var input = Open(path);
        var lines = new LineReader(input, GroundingCase.MaxLineLength);
        var folder = path == "-" ? "." : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var unreadable = 0;
        for (var number = 1; lines.Read() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                Terminal.Output.WriteLine(Answer(GroundingCase.Parse(line), folder));
            }
            catch (Exception e) when (e is FormatException or UserException)
            {
                unreadable++;
                Terminal.Output.WriteLine(
                    JsonEncoding.ToText(new BatchFault { Line = (uint)number, Error = e.Message }));
            }
        }

        _imageScene?.Dispose();
        if (unreadable == 0) return ExitCodes.Success;
        Terminal.Error.WriteLine(
            $"edge-perception: {path}: {unreadable} lines could not be read; their places hold the reason");
        return ExitCodes.BadInput;
    }

    private string Answer(GroundingCase read, string folder)
    {
        var scene = read.Picture is null ? read.Scene : InImage(read, folder);
        var dialogue = new Dialogue(grounder, scene);
        foreach (var earlier in read.History) dialogue.Say(read.Id, earlier);
        return evidence
            ? JsonSerializer.Serialize<object>(
                grounder.Evidence(read.Id, read.Command, scene) as object ?? new { read.Id }, Plain)
            : JsonEncoding.ToText(ToMessage.GroundingAnswer(dialogue.Say(read.Id, read.Command)));
    }

    private Scene InImage(GroundingCase read, string folder)
    {
        var path = Path.GetFullPath(read.Picture!, folder);
        // Cases of one image mostly follow each other.
        if (path != _image)
        {
            _imageScene?.Dispose();
            (_image, _imageScene) = ("", null);
            (_imageScene, _image) = (detector.See(path), path);
        }

        var scene = _imageScene!.ToScene(read.FieldOfView);
        var given = read.Scene.Quality;
        (scene.Quality, scene.Listens) =
            (new ModalityQuality(Math.Min(given.Vision, scene.Quality.Vision), given.Sound), read.Scene.Listens);
        scene.Sounds.AddRange(read.Scene.Sounds);
        return scene;
    }

    private static TextReader Open(string path)
    {
        if (path == "-") return Terminal.Input;
        try
        {
            return new StreamReader(RegularFile.Open(path, long.MaxValue));
        }
        catch (FileNotFoundException e)
        {
            throw new UserException($"{path}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new UserException($"{path}: {e.Message}; --batch - reads standard input", e);
        }
    }
}
