using System.Globalization;
using System.Text.RegularExpressions;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>The inputs of a model that is not known, with lengths for the axes that it leaves free.</summary>
internal sealed partial class InputGuess
{
    private const int LargestBatch = 16;
    private readonly OnnxFile _file;
    private readonly FamilyHabits _habits;

    public InputGuess(OnnxFile file, FamilyHabits habits, OnnxTensor? image, TensorLayout layout)
    {
        (_file, _habits) = (file, habits);
        HasFreeBatch = (image ?? file.Inputs[0]).Axes[0].Length < 1 && _habits.JoinsRuns;
        var others = file.Inputs.Where(input => input != image)
            // OWL-ViT's text comes as ids before mask, whatever the exporter's order.
            .OrderBy(input => input.Name.Contains("mask", StringComparison.Ordinal));
        if (image is not null) Tensors.Add(OfImage(image, layout));
        foreach (var other in others) Tensors.Add(OfOther(other));
    }

    /// <summary>The inputs, the image first.</summary>
    public List<TensorManifest> Tensors { get; } = [];

    /// <summary>Why lengths are what they are, by the manifest's keys.</summary>
    public Dictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether several images may join one run.</summary>
    public bool HasFreeBatch { get; }

    private string Key => $"inputs.{Tensors.Count}.shape";

    private TensorManifest OfImage(OnnxTensor image, TensorLayout layout)
    {
        var shape = image.Axes.Select(axis => axis.Length < 1 ? -1 : axis.Length).ToArray();
        shape[0] = HasFreeBatch ? -1 : 1;
        var (height, width) = layout == TensorLayout.Nchw ? (2, 3) : (1, 2);
        if (_habits.AnySize is { } sides) return OfAnySize(image, shape, height, width, sides);
        if (shape[height] < 0 || shape[width] < 0)
        {
            var (guess, why) = Size();
            if (shape[height] < 0) shape[height] = guess.Height;
            if (shape[width] < 0) shape[width] = guess.Width;
            Notes[Key] = $"{why}; the model leaves height or width open{Stride()}";
        }
        else if (HasFreeBatch) Notes[Key] = "-1: pictures of several cameras join one run";

        return Bounded(image, shape, shape, shape, shape);
    }

    private TensorManifest OfAnySize(OnnxTensor image, int[] shape, int height, int width, FreeSides sides)
    {
        var (least, usual, most) = (shape.ToArray(), shape.ToArray(), shape.ToArray());
        foreach (var axis in new[] { height, width })
            if (shape[axis] < 0) (least[axis], usual[axis], most[axis]) = (sides.Least, sides.Usual, sides.Most);
        if (shape[height] < 0 && sides.Height is { } only)
            least[height] = usual[height] = most[height] = shape[height] = only;
        Notes[Key] = "-1: free; the profile's largest lengths cost memory";
        return Bounded(image, shape, least, usual, most);
    }

    private TensorManifest OfOther(OnnxTensor other)
    {
        var shape = other.Axes.Select(axis => axis.Length < 1 ? -1 : axis.Length).ToArray();
        if (shape[0] < 0) shape[0] = HasFreeBatch ? -1 : 1;
        if (_habits.Lengthen(other, shape) is { } why)
        {
            Notes[Key] = why;
        }
        else if (shape.Skip(1).Contains(-1))
        {
            // A mask of the image's pixels is as large as the image.
            var like = Tensors.FirstOrDefault()?.Shape ?? [];
            for (var axis = 1; axis < shape.Length; axis++)
                if (shape[axis] < 0) shape[axis] = like.Count == 4 && shape.Length == 3 ? like[axis + 1] : 1;
            Notes[Key] = "EDIT: lengths that the model leaves open and nothing tells";
        }

        return Bounded(other, shape, shape, shape, shape);
    }

    private static TensorManifest Bounded(OnnxTensor tensor, int[] shape, int[] least, int[] usual, int[] most)
    {
        var manifest = new TensorManifest { Name = tensor.Name, Type = tensor.Type!.Value, Shape = shape };
        if (!shape.Contains(-1)) return manifest;
        int[] With(int[] lengths, int batch) =>
            [.. lengths.Select((length, axis) => axis == 0 && shape[0] == -1 ? batch : length)];
        return manifest with
        {
            Profile = new TensorProfile { Min = With(least, 1), Opt = With(usual, 1), Max = With(most, LargestBatch) },
        };
    }

    private ((int Height, int Width) Size, string Why) Size()
    {
        if (NotedSize(_file) is { } noted) return (noted, "the size that the exporter noted");
        return ((_habits.Side, _habits.Side), $"CHECK: {_habits.Side} is this family's usual size");
    }

    /// <summary>
    /// The size that the exporter noted, height and width or one number for both; null if it noted none.
    /// </summary>
    public static (int Height, int Width)? NotedSize(OnnxFile file)
    {
        if (!file.Metadata.TryGetValue("imgsz", out var text) || Numbers().Match(text) is not { Success: true } size)
            return null;
        var height = int.Parse(size.Groups["height"].ValueSpan, CultureInfo.InvariantCulture);
        var width = size.Groups["width"].Success
            ? int.Parse(size.Groups["width"].ValueSpan, CultureInfo.InvariantCulture) : height;
        return height is > 0 and <= 4096 && width is > 0 and <= 4096 ? (height, width) : null;
    }

    private string Stride() =>
        _file.Metadata.TryGetValue("stride", out var stride)
            && int.TryParse(stride, CultureInfo.InvariantCulture, out var step)
        ? $", any multiple of {step} goes" : "";

    [GeneratedRegex(@"^[\s\[(]*(?<height>[0-9]{1,5})(?:\.0)?(?:[\s,x]+(?<width>[0-9]{1,5})(?:\.0)?)?[\s,\])]*$")]
    private static partial Regex Numbers();
}
