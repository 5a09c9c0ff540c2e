using System.ComponentModel.DataAnnotations;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>The table of families is complete, and manifests are read by it.</summary>
public class ModelFamilyTests
{
    private const string Sum = "7281a7a7fb13e22e49310e18924a6ee9c81007e92da52820839b0c5225f8ea91";

    // What any family's manifest may say; the families' own keys come below it.
    private const string Common = """
        name: test
        file: test.onnx
        sha256: 7281a7a7fb13e22e49310e18924a6ee9c81007e92da52820839b0c5225f8ea91
        source: here
        licence: MIT
        inputs: [{name: images, shape: [1, 8, 16, 3]}]
        outputs: [{name: detections, shape: [1, 2, 6]}]
        picture: {layout: nhwc}
        labels: [cup, bottle]
        """;

    private static readonly Dictionary<string, string> OwnKeys = new()
    {
        [nameof(ModelManifest.Boxes)] = "boxes: {corners: yxyx}",
        [nameof(ModelManifest.Scores)] = "scores: logits",
        [nameof(ModelManifest.Characters)] = $"characters: {{file: characters.txt, sha256: {Sum}}}",
        [nameof(ModelManifest.Vocabulary)] = $"vocabulary: {{file: words.tsv, sha256: {Sum}}}",
        [nameof(ModelManifest.WordPieces)] = $"wordPieces: {{file: pieces.txt, sha256: {Sum}}}",
        [nameof(ModelManifest.Tokenizer)] = $"tokenizer: {{merges: {{file: merges.txt, sha256: {Sum}}}}}",
    };

    // Keys that mean the same to all families, or to all that take images or tell classes.
    private static readonly string[] Shared =
    [
        nameof(ModelManifest.Name), nameof(ModelManifest.File), nameof(ModelManifest.Sha256),
        nameof(ModelManifest.Source), nameof(ModelManifest.Url), nameof(ModelManifest.Licence),
        nameof(ModelManifest.Decoder), nameof(ModelManifest.Inputs), nameof(ModelManifest.Outputs),
        nameof(ModelManifest.Picture), nameof(ModelManifest.Labels), nameof(ModelManifest.Thresholds),
        nameof(ModelManifest.Calibration), nameof(ModelManifest.Providers), nameof(ModelManifest.Tensorrt),
    ];

    public static TheoryData<DecoderFamily> Families => [.. Enum.GetValues<DecoderFamily>()];

    [Theory]
    [MemberData(nameof(Families))]
    public void Each_family_has_one_row(DecoderFamily family)
    {
        var rows = ModelFamily.All.Count(row => row.Decoder == family);
        Assert.True(rows == 1, $"{family} has {rows} rows in ModelFamily.All; it needs one");
        Assert.Equal(family, ModelFamily.Of(family).Decoder);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_familys_name_is_what_manifests_read_and_write(DecoderFamily family)
    {
        var name = ModelFamily.Of(family).Name;
        var manifest = Read(name, OwnKeys.Values);
        Assert.Equal(family, manifest.Decoder);
        var written = YamlWriter.Write(manifest, new Dictionary<string, string>(), new HashSet<string>());
        Assert.Contains($"decoder: {name}", written);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_reads_its_own_keys_and_passes_over_those_of_others(DecoderFamily family)
    {
        var manifest = Read(ModelFamily.Of(family).Name, OwnKeys.Values);
        Assert.Equal(BoxCorners.Yxyx, manifest.Boxes.Corners);
        Assert.Equal(ScoreKind.Logits, manifest.Scores);
        Assert.Equal(
            ["words.tsv", "characters.txt", "pieces.txt", "merges.txt"], manifest.Files.Select(file => file.File));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_asks_for_the_keys_that_it_needs_and_for_no_others(DecoderFamily family)
    {
        var row = ModelFamily.Of(family);
        var needed = row.Keys.Where(key => key.Missing is not null).ToList();
        Assert.Equal(family, Read(row.Name, needed.Select(key => OwnKeys[key.Name])).Decoder);
        foreach (var key in needed)
        {
            var others = OwnKeys.Where(own => own.Key != key.Name).Select(own => own.Value);
            var fault = Assert.Single(Assert.Throws<YamlException>(() => Read(row.Name, others)).Faults);
            Assert.Equal((OwnKeys[key.Name].Split(':')[0], key.Missing), (fault.Key, fault.Problem));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Classes_and_pictures_are_asked_for_where_a_family_has_them(DecoderFamily family)
    {
        var row = ModelFamily.Of(family);
        var manifest = Read(row.Name, OwnKeys.Values) with
        {
            Labels = [],
            Inputs = [TestModels.Tensor("numbers", 1, 8)],
        };
        var asked = manifest.Validate(new ValidationContext(manifest)).SelectMany(result => result.MemberNames);
        Assert.Equal(row.TellsClasses, asked.Contains(nameof(ModelManifest.Labels)));
        Assert.Equal(row.TakesImage, asked.Contains(nameof(ModelManifest.Inputs)));
    }

    [Fact]
    public void Each_key_of_the_manifest_is_for_all_families_or_is_some_familys_own()
    {
        var own = ModelFamily.All.SelectMany(family => family.Keys).Select(key => key.Name).Distinct().ToList();
        Assert.Equal(OwnKeys.Keys.Order(), own.Order());
        var keys = typeof(ModelManifest).GetProperties().Where(property => property.SetMethod is { IsPublic: true });
        foreach (var key in keys.Select(property => property.Name))
        {
            Assert.True(
                Shared.Contains(key) != own.Contains(key),
                $"the manifest's {key} must be either shared by all families or among the keys of one in "
                + "ModelFamily.All");
        }
    }

    [Fact]
    public void A_key_reads_the_property_of_its_name()
    {
        var manifest = Read("centernet", OwnKeys.Values);
        foreach (var key in ModelFamily.All.SelectMany(family => family.Keys))
            Assert.Equal(typeof(ModelManifest).GetProperty(key.Name)!.GetValue(manifest), key.Value(manifest));
    }

    private static ModelManifest Read(string family, IEnumerable<string> ownKeys)
    {
        using var folder = new TemporaryFolder();
        var text = string.Join('\n', [Common, $"decoder: {family}", .. ownKeys]);
        return YamlBinder.Read<ModelManifest>(folder.Write("m.yaml", text));
    }
}
