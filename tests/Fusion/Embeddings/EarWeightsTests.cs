using System.Text.Json.Nodes;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Embeddings;

public sealed class EarWeightsTests : IDisposable
{
    private static readonly string Committed = Path.Combine(TestModels.Repository, "models", "grounding", "ear.json");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_repositorys_ear_fits_its_encoder()
    {
        var ear = EarWeights.Read(Committed);
        Assert.Equal(["other", "order"], ear.Orders.Labels);
        Assert.Equal(
            ["pick", "bring", "place", "go_to", "follow", "look_at", "avoid", "report", "none"], ear.Actions.Labels);
        using var encoder = SentenceEncoder.Load(FetchedModels.Manifest("minilm"), FetchedModels.Folder);
        ear.CheckEncoder(encoder);
        var other = Changed(json => json["encoder"] = new string('0', 64));
        Assert.Equal(
            $"{_folder.Path}/ear.json: it was fitted to the encoder of sha256 000000000000…, and model 'minilm' is "
            + $"{encoder.Manifest.Sha256[..12]}…; make train fits it anew",
            Assert.Throws<ModelException>(() => EarWeights.Read(other).CheckEncoder(encoder)).Message);
        var deeper = Changed(json => json["orders"]!["layers"] = new JsonArray(0, 1, 6));
        Assert.EndsWith(
            "it was fitted to an encoder of 7 layers or more of 384 numbers, this one has 4 of 384",
            Assert.Throws<ModelException>(() => EarWeights.Read(deeper).CheckEncoder(encoder)).Message);
    }

    [Fact]
    public void A_missing_file_is_one_line_with_what_to_do() => Assert.Equal(
        $"{_folder.Path}/ear.json is not there; it is in the repository, and make train writes it",
        Assert.Throws<ModelException>(() => EarWeights.Read(Path.Combine(_folder.Path, "ear.json"))).Message);

    public static TheoryData<string, string> Faults => new()
    {
        { "nouns.scale=0", "nouns: scale must lie between 0 and 1000, none and crowd must be numbers" },
        { "orders.threshold=1", "orders.threshold must lie between 0 and 1" },
        { "orders.threshold=null", "orders.threshold must lie between 0 and 1" },
        { "actions.labels=[\"a\",\"b\"]", "actions: its labels and scores do not fit" },
        { "orders.labels=[\"a\",\"a\"]", "orders: its labels and scores do not fit" },
        { "relations.layers=[]", "relations: the sizes of its layers do not fit" },
        { "relations.layers=[-1]", "relations: the sizes of its layers do not fit" },
        { "orders.hidden.weights=\"AAA=\"", "orders: the sizes of its layers do not fit" },
        { "orders.hidden.bias=\"AAAA\"", "orders: its numbers are cut off" },
        { "orders.output.weights=\"/38=\"", "orders: a weight is no number" },
        { "actions.hidden.weights=\"!\"", "is no file of training/ears: " },
        { "extra=1", "is no file of training/ears: " },
        { "concepts=\"x\"", "is no file of training/ears: " },
        { "actions.hidden=null", "is no file of training/ears: " },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_file_with_a_fault_is_refused_in_one_line(string change, string fault)
    {
        var parts = change.Split('=', 2);
        var path = Changed(json =>
        {
            var names = parts[0].Split('.');
            var place = names.SkipLast(1).Aggregate(json, (node, name) => node[name]!);
            place[names[^1]] = JsonNode.Parse(parts[1]);
        });
        var message = Assert.Throws<ModelException>(() => EarWeights.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"encoder\": \"\"}")]
    [InlineData("{")]
    public void What_is_no_such_file_is_refused_in_one_line(string text)
    {
        var message = Assert.Throws<ModelException>(() => EarWeights.Read(_folder.Write("ear.json", text))).Message;
        Assert.StartsWith($"{_folder.Path}/ear.json is no file of training/ears: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        var path = _folder.Write("ear.json", new string(' ', (4 << 20) + 1));
        Assert.Equal(
            $"{path} is larger than 4 MiB, the most that is read here",
            Assert.Throws<ModelException>(() => EarWeights.Read(path)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private string Changed(Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(Committed))!;
        change(json);
        return _folder.Write("ear.json", json.ToJsonString());
    }
}
