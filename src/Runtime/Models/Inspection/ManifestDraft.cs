using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>A manifest that was drafted from a file alone, with the reasons for what it says.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="File">What the file says.</param>
/// <param name="IsSure">Whether a decoder family fits; otherwise the nearest one stands there.</param>
/// <param name="Notes">Why values are what they are, and what to check, by key.</param>
public sealed record ManifestDraft(
    ModelManifest Manifest, OnnxFile File, bool IsSure, IReadOnlyDictionary<string, string> Notes)
{
    /// <summary>The manifest as a YAML file, with the notes as comments, ready to be edited.</summary>
    /// <exception cref="ModelException">It would be larger than manifests may be.</exception>
    public string ToYaml()
    {
        var written = new List<string>
        {
            "# yaml-language-server: $schema=manifest.schema.json",
            "# Drafted by `edge-perception models inspect` from the file alone. Look at the lines that say CHECK, "
            + "GUESS or EDIT; then",
            "# `edge-perception models verify` and `edge-perception models try` show whether it fits.",
            YamlWriter.Comment($"The file: {Origin()}"),
        };
        if (File.Metadata.Count > 0)
            written.Add(
                YamlWriter.Comment(
                    "It notes: "
                        + string.Join(
                            ", ", File.Metadata.Take(12)
                                .Select(entry => $"{entry.Key} {YamlFault.Shorten(entry.Value, 40)}"))));
        written.AddRange(YamlWriter.Write(Manifest, Notes, FamilyHabits.Of(Manifest.Decoder).Shown));
        var text = string.Join('\n', written) + "\n";
        return text.Length * 3L < YamlFile.MaxFileBytes
            || System.Text.Encoding.UTF8.GetByteCount(text) < YamlFile.MaxFileBytes
            ? text
            : throw new ModelException($"{Manifest.File}: its names are longer than a manifest may be (1 MiB)");
    }

    private string Origin() =>
        $"{(File.Producer.Length > 0 ? File.Producer : "unknown exporter")}, opset {File.Opset}, IR version "
        + $"{File.IrVersion}";
}
