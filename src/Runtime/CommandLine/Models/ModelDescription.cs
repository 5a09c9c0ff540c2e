using System.Security.Cryptography;
using System.Text.Json;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;
using EdgePerception.Runtime.Messaging.Messages;
using Google.Protobuf.Collections;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>What a manifest says, in the words of the command line.</summary>
internal static class ModelDescription
{
    /// <summary>A member's name as manifests write it.</summary>
    public static string Name<T>(T member) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());

    /// <summary>Whether the file is there and is the one that the manifest names.</summary>
    public static ModelList.Types.Item.Types.State StateOf(ModelManifest manifest, string modelsFolder)
    {
        var path = Path.Combine(modelsFolder, manifest.File);
        if (!File.Exists(path)) return ModelList.Types.Item.Types.State.Missing;
        return Sha256Of(path) == manifest.Sha256 ? ModelList.Types.Item.Types.State.Verified : ModelList.Types.Item.Types.State.Different;
    }

    /// <summary>A file's SHA-256, in hexadecimal digits.</summary>
    /// <exception cref="UserException">The file cannot be read.</exception>
    public static string Sha256Of(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    public static void AddTo(RepeatedField<ModelTensor> list, IEnumerable<TensorManifest> tensors) =>
        list.AddRange(tensors.Select(tensor => new ModelTensor { Name = tensor.Name, Type = Name(tensor.Type), Shape = { tensor.Shape } }));

    public static void AddTo(RepeatedField<ModelTensor> list, IEnumerable<OnnxTensor> tensors) =>
        list.AddRange(tensors.Select(tensor => new ModelTensor { Name = tensor.Name, Type = tensor.TypeName, Shape = { tensor.Axes.Select(axis => axis.Length) } }));
}
