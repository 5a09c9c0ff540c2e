using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// Looks at an ONNX file that nobody has described yet and drafts the manifest that fits best. Names, shapes and the
/// exporter's notes tell most; what they do not tell is guessed, and each guess is marked with its reason.
/// </summary>
public static partial class ModelInspector
{
    /// <summary>
    /// Drafts a manifest. The model is run once where its file does not state the shapes of its outputs.
    /// </summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="modelsFolder">The folder that the manifest's file is to be relative to.</param>
    /// <exception cref="ModelException">
    /// The file cannot be read, is no ONNX model, or takes and gives nothing that any family could read.
    /// </exception>
    public static ManifestDraft Inspect(string path, string modelsFolder)
    {
        var file = OnnxFile.Read(path, out var bytes);
        var names = LabelGuess.OfMetadata(file.Metadata);
        var image = FindImage(path, file);
        var layout = image is null ? default : LayoutOf(image);
        var (height, width) = image is null ? (0, 0) : SizeOf(image, layout);
        if ((height < 1 || width < 1) && InputGuess.NotedSize(file) is { } noted) (height, width) = noted;
        var readable = file.Outputs.Where(output => output.Axes.Count > 0 && output.Type is not null).ToList();
        if (readable.Count == 0)
            throw Refusal(path, $"has no output that could be read: {string.Join("; ", file.Outputs.Take(8))}");
        var guess = FamilyGuess.Of(file.Inputs, readable, image, height, width, names.Count);
        var habits = FamilyHabits.Of(guess.Family);
        var inputs = new InputGuess(file, habits, image, layout);
        var (labels, labelsNote) = !ModelFamily.Of(guess.Family).TellsClasses ? ([], "")
            : names.Count > 0 ? (names, "") : LabelGuess.OfCount(guess.Classes, file.Metadata);
        var isOfUltralytics = file.Metadata.ContainsKey("task") && file.Metadata.ContainsKey("stride");
        var picture = guess.Picture ?? habits.Picture(layout, isOfUltralytics);
        var (pixels, pixelsNote) = picture.For(image?.Type ?? default, layout);
        var manifest = new ModelManifest
        {
            Name = NameOf(path),
            File = Path.GetFileName(path),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Source = "local file",
            Licence = "unknown",
            Decoder = guess.Family,
            Inputs = inputs.Tensors,
            Outputs = [.. guess.Outputs.Select(output => Describe(guess, habits, output, inputs.HasFreeBatch))],
            Picture = pixels,
            Labels = labels,
        };
        var notes = inputs.Notes;
        if (labelsNote.Length > 0) notes["labels"] = labelsNote;
        manifest = habits.AddTo(manifest, names, notes);
        manifest =
            Measure(manifest, bytes, Path.GetDirectoryName(Path.GetFullPath(path))!, names, notes) with
            {
                File = Place(path, modelsFolder, notes),
            };
        notes["source"] = "EDIT: where the model is from";
        notes["licence"] = "EDIT: its SPDX expression, such as MIT or AGPL-3.0-only (Ultralytics' models)";
        notes["decoder"] = (guess.IsSure ? "" : "EDIT, NO FAMILY FITS; this is only the nearest: ") + guess.Why;
        notes["picture"] = $"CHECK: {pixelsNote}";
        return new ManifestDraft(manifest, file, guess.IsSure, notes);
    }

    private static OnnxTensor? FindImage(string path, OnnxFile file)
    {
        if (file.Inputs.Count == 0) throw Refusal(path, "has no inputs");
        if (AttentionTensors.AreInputs(file.Inputs.Select(input => input.Name)))
            throw Refusal(
                path, "is an attention model that grounds commands; its intents and vocabulary do not stand in it, so "
                    + "copy configs/models/grounding.yaml");
        if (file.Inputs.FirstOrDefault(input => input.Type is null || input.Axes.Count == 0) is { } unknown)
            throw Refusal(
                path, $"has the input {unknown}, which cannot be bound: tensors of float32, float16, uint8, int32, "
                    + "int64 or bool with stated axes can");
        if (file.HasExternalWeights) throw Refusal(path, OnnxFile.NeedsOneFile);
        var images =
            file.Inputs.Where(input =>
                input.Axes.Count == 4 && (input.Axes[1].Length == 3 || input.Axes[3].Length == 3)).ToList();
        if (images.Count > 1) throw Refusal(path, $"takes {images.Count} pictures; one is what a family takes");
        if (images is [{ Axes: [{ Length: not (-1 or 1) } batch, ..] } fixedBatch])
            throw Refusal(
                path, $"has the input {fixedBatch}, a batch fixed to {batch.Length}; export it with a batch of 1 or "
                    + "a free one");
        if (images is [{ TypeName: "int64" or "bool" } odd])
            throw Refusal(
                path, $"has the input {odd}, which no picture is prepared for; export it with float32, float16, "
                    + "uint8 or int32");
        if (images.Count == 0 && !file.Inputs.All(input => input.TypeName is "int64" or "int32"))
            throw Refusal(
                path, $"takes neither a picture of three channels nor words "
                    + $"({string.Join("; ", file.Inputs.Take(8))}); no decoder family reads it");
        return images.FirstOrDefault();
    }

    private static TensorLayout LayoutOf(OnnxTensor image) =>
        image.Axes[1].Length == 3 ? TensorLayout.Nchw : TensorLayout.Nhwc;

    private static (int Height, int Width) SizeOf(OnnxTensor image, TensorLayout layout) =>
        layout == TensorLayout.Nchw ? (image.Axes[2].Length, image.Axes[3].Length)
            : (image.Axes[1].Length, image.Axes[2].Length);

    private static TensorManifest Describe(
        FamilyGuess guess, FamilyHabits habits, OnnxTensor output, bool hasFreeBatch)
    {
        var lengths = output.Axes.Select(
            (axis, index) => axis.Length >= 1 ? axis.Length : index == 0 && !hasFreeBatch ? 1 : -1);
        return new TensorManifest
        {
            Name = output.Name,
            Type = output.Type!.Value,
            Shape = habits.ShapeOf?.Invoke(guess, output) ?? [.. lengths],
        };
    }

    // Decoders want to know how many boxes there are. Where the file does not say, ONNX Runtime may find out, or one
    // run.
    private static ModelManifest Measure(
        ModelManifest manifest, byte[] bytes, string folder, IReadOnlyList<string> names,
        Dictionary<string, string> notes)
    {
        try
        {
            manifest = Infer(manifest, bytes);
            var learn = FamilyHabits.Of(manifest.Decoder).Learn;
            var isOpen = !manifest.Family.TakesAnySize
                         && manifest.Outputs.Any(output => output.Shape.Skip(1).Contains(-1));
            if (learn is null && !isOpen) return manifest;
            using var model = OnnxModel.Load(
                manifest with
                {
                    Providers = [ExecutionProvider.Cpu],
                    Outputs = [.. manifest.Outputs.Select(output => output with { AllowNonFinite = true })],
                },
                folder, new InferenceSettings { MaxBatch = 1 });
            ModelTrial.Run(model);
            if (learn is not null) return learn(manifest, model, names, notes);
            notes["outputs"] = "the lengths that the file leaves open are those of one run";
            return manifest with
            {
                Outputs = [
                    .. manifest.Outputs.Select((output, index) =>
                        output with { Shape = Merge(output.Shape, model.Output(index).Shape, 1) })],
            };
        }
        catch (ModelException e)
        {
            notes["outputs"] = $"EDIT: the model does not run, so that lengths may be missing here: {e.Message}";
            return manifest;
        }
    }

    private static ModelManifest Infer(ModelManifest manifest, byte[] bytes)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using var session = new InferenceSession(bytes, options);
            return manifest with
            {
                Outputs =
                [
                    .. manifest.Outputs.Select(output =>
                        session.OutputMetadata.TryGetValue(output.Name, out var node)
                            && node.Dimensions.Length == output.Shape.Count
                        ? output with { Shape = Merge(output.Shape, node.Dimensions, 0) }
                        : output),
                ],
            };
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(ExecutionProviders.Reason(e), e);
        }
    }

    private static int[] Merge(IReadOnlyList<int> stated, ReadOnlySpan<int> measured, int firstAxis)
    {
        var shape = stated.ToArray();
        for (var axis = firstAxis; axis < shape.Length; axis++)
        {
            if (shape[axis] == -1 && measured[axis] > 0) shape[axis] = measured[axis];
        }

        return shape;
    }

    private static string Place(string path, string modelsFolder, Dictionary<string, string> notes)
    {
        var relative = Path.GetRelativePath(modelsFolder, path);
        if (!relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative)) return relative;
        notes["file"] =
            $"relative to the models folder: copy {Path.GetFileName(path)} into {modelsFolder}, or name its folder "
            + "when you run it";
        return Path.GetFileName(path);
    }

    private static string NameOf(string path)
    {
        var name = NoName().Replace(Path.GetFileNameWithoutExtension(path).ToLower(CultureInfo.InvariantCulture), "-")
            .Trim('-', '.', '_');
        return name.Length == 0 ? "model" : name[..Math.Min(name.Length, 64)];
    }

    private static ModelException Refusal(string path, string problem) => new($"{path}: {problem}");

    [GeneratedRegex("[^a-z0-9._-]+")]
    private static partial Regex NoName();
}
