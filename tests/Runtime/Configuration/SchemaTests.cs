using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Tests.Architecture;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Configuration;

/// <summary>
/// The committed schemas are what the classes say: a key that is added to a class and not to its schema fails here.
/// EDGE_PERCEPTION_APPROVE=1 writes them anew.
/// </summary>
public sealed class SchemaTests : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_manifests_schema_is_what_their_class_says() =>
        Compare("configs/models/manifest.schema.json",
            SchemaGenerator.Of(typeof(ModelManifest), "EdgePerception model manifest"));

    [Fact]
    public void The_configurations_schema_is_what_its_class_says() =>
        Compare(
            "configs/config.schema.json", SchemaGenerator.Of(typeof(ServiceSettings), "EdgePerception configuration"));

    public static TheoryData<string> Committed =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "configs"), "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Committed))]
    public void A_committed_file_names_its_schema_and_fits_it(string name)
    {
        var file = Path.Combine(Repository.Root, name);
        var schema = name.StartsWith("configs/models/", StringComparison.Ordinal) ? "manifest.schema.json"
            : "config.schema.json";
        Assert.Equal($"# yaml-language-server: $schema={schema}", File.ReadLines(file).First());
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, schema)));
        Assert.Empty(SchemaCheck.Faults(file, Schema(Path.Combine(Path.GetDirectoryName(file)!, schema))));
    }

    [Theory]
    [InlineData("decoder: centernet", "decoder: centrenet")]
    [InlineData("licence: MIT", "license: MIT")]
    [InlineData("  score: 0.3", "  score: 1.3")]
    [InlineData("providers: [tensorrt, cuda, cpu]", "providers: []")]
    [InlineData("sha256: 7281", "sha256: 728")]
    [InlineData("  layout: nhwc", "  layout: nhwc\n  std: [1, 1]")]
    [InlineData("shape: [-1, 100, 6]", "shape: [-1, many, 6]")]
    [InlineData("name: detections", "type: float32")]
    public void What_the_reader_refuses_the_schema_refuses(string right, string wrong)
    {
        var text =
            File.ReadAllText(Path.Combine(Repository.Root, "configs", "models", "centernet-mobilenetv3-coco.yaml"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        var file = _folder.Write("m.yaml", text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Throws<YamlException>(() => YamlBinder.Read<ModelManifest>(file));
        Assert.NotEmpty(
            SchemaCheck.Faults(
                file, Schema(Path.Combine(Repository.Root, "configs", "models", "manifest.schema.json"))));
    }

    public void Dispose() => _folder.Dispose();

    private static JsonObject Schema(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();

    private static void Compare(string name, JsonObject schema)
    {
        var file = Path.Combine(Repository.Root, name);
        var actual = schema.ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("EDGE_PERCEPTION_APPROVE") == "1") File.WriteAllText(file, actual);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == actual,
            $"{name} is not what the classes say; EDGE_PERCEPTION_APPROVE=1 writes it anew:\n{actual}");
    }
}
