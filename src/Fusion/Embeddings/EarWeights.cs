using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Embeddings;

/// <summary>
/// What was fitted to the sentence encoder so that unknown words get a meaning: figures and small networks, written by
/// training/ears/train.py into <c>models/grounding/ear.json</c>. Immutable, thread-safe.
/// </summary>
public sealed class EarWeights
{
    private const int MaxBytes = 4 << 20;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
    };

    private readonly string _path;
    private readonly Content _content;

    private EarWeights(string path, Content content)
    {
        (_path, _content) = (path, content);
        (Nouns, Uses) = (Checked(content.Nouns, "nouns"), Checked(content.Uses, "uses"));
        Actions = Head(content.Actions, "actions");
        Relations = Head(content.Relations, "relations");
        Orders = Head(content.Orders, "orders");
        if (content.Orders.Threshold is not (> 0 and < 1)) throw Fault("orders.threshold must lie between 0 and 1");
    }

    /// <summary>
    /// For nouns among labels: the encoder's cosine and <see cref="ConceptWeight"/> times that of the concepts.
    /// </summary>
    public LikenessFigures Nouns { get; }

    /// <summary>For uses ("cut with") among labels: the encoder's cosine less <see cref="Mentioned"/>.</summary>
    public LikenessFigures Uses { get; }

    /// <summary>Weight of concepts in the likeness of nouns.</summary>
    public double ConceptWeight => _content.Concepts;

    /// <summary>Taken from a label that a use names itself: one eats soup with no soup.</summary>
    public double Mentioned => _content.Mentioned;

    /// <summary>Which action a verb phrase with its object asks for, or none.</summary>
    public TextHead Actions { get; }

    /// <summary>Which relation a phrase with its object says, or none.</summary>
    public TextHead Relations { get; }

    /// <summary>Whether a sentence is an order to the robot: other, order.</summary>
    public TextHead Orders { get; }

    /// <summary>The probability from which a sentence counts as an order; hardly an order falls short of it.</summary>
    public double MinOrder => _content.Orders.Threshold!.Value;

    /// <summary>Reads the file.</summary>
    /// <exception cref="ModelException">It is missing, or no such file; one line with what is wrong.</exception>
    public static EarWeights Read(string path)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(RegularFile.ReadAll(path, MaxBytes), Format);
            return new EarWeights(path, content ?? throw new JsonException("it is empty"));
        }
        catch (FileNotFoundException e)
        {
            throw new ModelException($"{path} is not there; it is in the repository, and make train writes it", e);
        }
        catch (IOException e)
        {
            throw new ModelException($"{path} {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new ModelException($"{path} is no file of training/ears: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>Checks that it was fitted to this encoder.</summary>
    /// <exception cref="ModelException">It was fitted to another.</exception>
    public void CheckEncoder(SentenceEncoder encoder)
    {
        var manifest = encoder.Manifest;
        if (manifest.Sha256 != _content.Encoder)
        {
            throw Fault($"it was fitted to the encoder of sha256 {_content.Encoder.PadRight(12)[..12]}…, and model "
                        + $"'{manifest.Name}' is {manifest.Sha256[..12]}…; make train fits it anew");
        }

        foreach (var head in (TextHead[])[Actions, Relations, Orders])
        {
            try
            {
                head.CheckEncoder(encoder.Layers, encoder.Dimensions);
            }
            catch (FormatException e)
            {
                throw Fault(e.Message, e);
            }
        }
    }

    private LikenessFigures Checked(LikenessFigures figures, string name) =>
        double.IsFinite(figures.None) && double.IsFinite(figures.Crowd) && figures.Scale is > 0 and < 1000
            ? figures
            : throw Fault($"{name}: scale must lie between 0 and 1000, none and crowd must be numbers");

    private TextHead Head(HeadContent head, string name)
    {
        try
        {
            return new TextHead(head.Labels, head.Layers, Numbers(head.Hidden), Numbers(head.Output));
        }
        catch (FormatException e)
        {
            throw Fault($"{name}: {e.Message}", e);
        }
    }

    private static DenseLayer Numbers(DenseContent layer) => new(Numbers(layer.Weights), Numbers(layer.Bias));

    private static float[] Numbers(byte[] bytes)
    {
        if (bytes.Length == 0 || bytes.Length % 2 != 0) throw new FormatException("its numbers are cut off");
        var halves = MemoryMarshal.Cast<byte, Half>(bytes);
        var numbers = new float[halves.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)halves[i];
        return numbers.All(float.IsFinite) ? numbers : throw new FormatException("a weight is no number");
    }

    private ModelException Fault(string what, Exception? inner = null) =>
        inner is null ? new ModelException($"{_path}: {what}") : new ModelException($"{_path}: {what}", inner);

    private sealed record Content(
        string Encoder, double Concepts, double Mentioned, LikenessFigures Nouns, LikenessFigures Uses,
        HeadContent Actions, HeadContent Relations, HeadContent Orders);

    // Numbers are of half precision, in base64.
    private sealed record DenseContent(byte[] Weights, byte[] Bias);

    private sealed record HeadContent(
        string[] Labels, int[] Layers, DenseContent Hidden, DenseContent Output, double? Threshold = null);
}
