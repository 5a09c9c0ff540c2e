using System.Security.Cryptography;
using System.Text.Json;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Messages;
using Google.Protobuf.Collections;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>What a manifest says, in the words of the command line.</summary>
internal static class ModelDescription
{
    /// <summary>A member's name as manifests write it.</summary>
    public static string Name<T>(T member) where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());

    /// <summary>Whether the file is there and is the one that the manifest names.</summary>
    /// <exception cref="UserException">What is there cannot be read.</exception>
    public static ModelList.Types.Item.Types.State StateOf(ModelManifest manifest, string modelsFolder)
    {
        var path = Path.Combine(modelsFolder, manifest.File);
        try
        {
            using var file = RegularFile.Open(path, OnnxFile.MaxBytes, within: modelsFolder);
            return Convert.ToHexStringLower(SHA256.HashData(file)) == manifest.Sha256
                ? ModelList.Types.Item.Types.State.Verified
                : ModelList.Types.Item.Types.State.Different;
        }
        catch (FileNotFoundException)
        {
            return ModelList.Types.Item.Types.State.Missing;
        }
        catch (IOException e)
        {
            throw new UserException($"model '{manifest.Name}': {path} {e.Message}", e);
        }
    }

    public static void AddTo(RepeatedField<ModelTensor> list, IEnumerable<TensorManifest> tensors) =>
        list.AddRange(
            tensors.Select(tensor =>
                new ModelTensor { Name = tensor.Name, Type = Name(tensor.Type), Shape = { tensor.Shape } }));

    public static void AddTo(RepeatedField<ModelTensor> list, IEnumerable<OnnxTensor> tensors) =>
        list.AddRange(
            tensors.Select(tensor => new ModelTensor
            {
                Name = tensor.Name,
                Type = tensor.TypeName,
                Shape = { tensor.Axes.Select(axis => axis.Length) },
            }));
}
