namespace EdgePerception.Fusion.Inference;

/// <summary>
/// One run of a model on nothing in particular: that it runs at all, and what shapes it answers with.
/// </summary>
public static class ModelTrial
{
    private const float Grey = 127;

    /// <summary>
    /// Runs the model once: its image is grey, masks hold ones, all else zeros; free axes have the lengths that their
    /// profiles call the usual ones, and the batch is the smallest.
    /// </summary>
    /// <exception cref="ModelException">The run failed, or answered with NaN or infinity.</exception>
    public static void Run(OnnxModel model)
    {
        var manifest = model.Manifest;
        model.SetBatch(manifest.Inputs[0] is { Shape: [-1, ..], Profile: { } range }
            ? Math.Min(range.Min[0], model.MaxBatch) : 1);
        for (var i = 0; i < manifest.Inputs.Count; i++)
        {
            var (tensor, input) = (manifest.Inputs[i], model.Input(i));
            ResizeToUsual(input, tensor);
            if (i == 0 && manifest.Family.TakesImage) FillGrey(input, manifest.Picture);
            else if (tensor.Name.Contains("mask", StringComparison.OrdinalIgnoreCase)) Fill(input, _ => 1);
            else input.Bytes.Clear();
        }

        for (var i = 0; i < manifest.Outputs.Count; i++) ResizeToUsual(model.Output(i), manifest.Outputs[i]);
        model.Run();
    }

    private static void ResizeToUsual(BoundTensor tensor, TensorManifest manifest)
    {
        if (manifest.Profile is { } profile)
            tensor.Resize(
                [.. profile.Opt.Select((length, axis) =>
                    axis == 0 && manifest.Shape[0] == -1 ? tensor.Shape[0] : length)]);
    }

    private static void FillGrey(BoundTensor input, ImageManifest image)
    {
        var plane = image.Layout == TensorLayout.Nhwc ? 1 : input.Shape[2] * input.Shape[3];
        Fill(input, i => (Grey - image.Mean[i / plane % 3]) / image.Std[i / plane % 3]);
    }

    private static void Fill(BoundTensor input, Func<int, float> value)
    {
        switch (input.Type)
        {
            case TensorType.Float32: Fill(input.Elements<float>(), value, number => number); break;
            case TensorType.Float16: Fill(input.Elements<Half>(), value, number => (Half)number); break;
            case TensorType.Int32: Fill(input.Elements<int>(), value, number => (int)number); break;
            case TensorType.Int64: Fill(input.Elements<long>(), value, number => (long)number); break;
            case TensorType.Uint8:
                Fill(
                input.Elements<byte>(), value, number => (byte)Math.Clamp(number, 0, 255)); break;
            case TensorType.Bool: Fill(input.Elements<bool>(), value, number => number != 0); break;
        }
    }

    private static void Fill<T>(Span<T> elements, Func<int, float> value, Func<float, T> convert)
    {
        for (var i = 0; i < elements.Length; i++) elements[i] = convert(value(i));
    }
}
