using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>
/// What a layer must not know, looked for in its source: names of namespaces and types, comments aside.
/// </summary>
public sealed partial class KnowledgeTests
{
    private static readonly Dictionary<string, string[]> Forbidden = new()
    {
        // Sensors: models, commands, network. (GStreamer reaches network cameras; the code itself opens no socket.)
        ["Sensors"] =
        [
            "EdgePerception.Fusion", "EdgePerception.Policy", "EdgePerception.Runtime", "Microsoft.ML", "System.Net",
            "OnnxModel", "InferenceSession", "ModelManifest", "Detection", "Tracker", "HttpClient", "Socket",
            "TcpClient",
        ],
        ["Fusion"] =
        [
            "EdgePerception.Policy", "EdgePerception.Runtime", "System.Net", "HttpClient", "Socket", "TcpClient",
            "ParsedCommand", "CommandParser", "GroundingAnswer", "RobotAction",
        ],
        // Policy: no drivers, no network, no I/O of its own; the lexicon is a resource within its assembly.
        ["Policy"] =
        [
            "EdgePerception.Runtime", "EdgePerception.Sensors.Cameras", "EdgePerception.Sensors.Microphones",
            "EdgePerception.Sensors.Frames", "Microsoft.ML", "System.Net", "System.IO", "HttpClient", "Socket",
            "TcpClient", "File", "Directory", "FileStream", "Process", "Environment",
        ],
    };

    public static TheoryData<string> Projects => [.. Forbidden.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_layer_does_not_know(string project)
    {
        foreach (var (path, lines) in Repository.Sources(project))
        {
            for (var i = 0; i < lines.Length; i++)
            {
                if (Offence(project, lines[i]) is { } name)
                    Assert.Fail($"{path}:{i + 1}: {project} must not know {name}: {lines[i].Trim()}");
            }
        }
    }

    [Theory]
    [InlineData("Sensors", "using EdgePerception.Fusion.Inference;", "EdgePerception.Fusion")]
    [InlineData("Sensors", "    private readonly OnnxModel _model;", "OnnxModel")]
    [InlineData("Sensors", "global using Microsoft.ML.OnnxRuntime;", "Microsoft.ML")]
    [InlineData("Policy", "        var text = File.ReadAllText(path);", "File")]
    [InlineData("Policy", "using System.Net.Http;", "System.Net")]
    [InlineData("Policy", "/// <summary>Reads a File.</summary>", null)]
    [InlineData("Policy", "var profile = LexiconFile.Read(reader); // no File", null)]
    [InlineData("Sensors", "        case CameraKind.File:", null)]
    public void The_rule_sees_what_it_should(string project, string line, string? name) =>
        Assert.Equal(name, Offence(project, line));

    [Fact]
    public void Only_Fusion_refers_to_the_inference_package()
    {
        foreach (var project in new[] { "Sensors", "Fusion", "Policy", "Runtime" })
        {
            var file =
                XDocument.Load(Path.Combine(Repository.Root, "src", project, $"EdgePerception.{project}.csproj"));
            var packages = file.Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value);
            Assert.Equal(project == "Fusion", packages.Contains("Microsoft.ML.OnnxRuntime.Managed"));
        }
    }

    private static string? Offence(string project, string line)
    {
        var code = Comment().Replace(Text().Replace(line, "\"\""), "");
        return Forbidden[project].FirstOrDefault(name => Regex.IsMatch(code, $@"(?<![\w.]){Regex.Escape(name)}(?!\w)"));
    }

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Text();
}
