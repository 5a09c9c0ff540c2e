using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Tests.Vision.References;

/// <summary>What make_references.py computed, and the graphs that it wrote.</summary>
internal static class Reference
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Vision", "References");

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        return document.RootElement.Clone();
    }

    public static string Sha256(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, file))));

    public static float[] Floats(this JsonElement element, string name) => element.GetProperty(name).Floats();

    public static float[] Floats(this JsonElement element) =>
        MemoryMarshal.Cast<byte, float>(element.GetBytesFromBase64()).ToArray();

    public static byte[] Bytes(this JsonElement element, string name) => element.GetProperty(name).GetBytesFromBase64();

    public static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static float Float(this JsonElement element, string name) => element.GetProperty(name).GetSingle();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string[] Texts(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>The image of a document: width, height and its RGB pixels.</summary>
    public static ImageView Picture(this JsonElement element) => View(element.Bytes("pixels"), element.Int("width"));

    public static ImageView View(byte[] pixels, int width) =>
        ImageView.Packed(PixelFormat.Rgb24, pixels, width, pixels.Length / width / 3, width * 3);

    /// <summary>A manifest for one of the graphs, with a free batch of at most two.</summary>
    public static ModelManifest Manifest(
        string graph, DecoderFamily decoder, TensorManifest input, params TensorManifest[] outputs) =>
        TestModels.Manifest(graph + ".onnx", Folder) with
        {
            Decoder = decoder,
            Inputs = [input],
            Outputs = outputs,
            Labels = [],
            Picture = new ImageManifest { Layout = TensorLayout.Nchw },
        };

    /// <summary>An input of 8×8 images, up to two of them.</summary>
    public static TensorManifest SmallImages(string name, bool planar = true) => planar
        ? Free(name, TensorType.Float32, [-1, 3, 8, 8], [1, 3, 8, 8], [2, 3, 8, 8])
        : Free(name, TensorType.Float32, [-1, 8, 8, 3], [1, 8, 8, 3], [2, 8, 8, 3]);

    public static TensorManifest Free(string name, TensorType type, int[] shape, int[] min, int[] max) =>
        new()
        {
            Name = name,
            Type = type,
            Shape = shape,
            Profile = new TensorProfile { Min = min, Opt = min, Max = max },
        };

    public static OnnxModel Load(ModelManifest manifest) => OnnxModel.Load(manifest, Folder, TestModels.OneThread);

    public static void Near(IReadOnlyList<float> expected, IReadOnlyList<float> actual, float tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance,
                $"element {i}: expected {expected[i]}, got {actual[i]}");
    }
}
