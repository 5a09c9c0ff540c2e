using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// Runs a session over tensors whose free axes change: keeps a binding for each set of shapes that was run, so that a
/// repeated one allocates nothing. Owned by its model.
/// </summary>
internal sealed class ShapeBindings(InferenceSession session, BoundTensor[] inputs, BoundTensor[] outputs) : IDisposable
{
    // Shapes come in few kinds: batches up to some cameras, widths of text in steps. More than these are bound anew.
    private const int MaxKept = 64;

    private readonly List<Entry> _entries = [];
    private readonly bool _anySizedByModel = outputs.Any(output => output.IsSizedByModel);

    public void Run(RunOptions options)
    {
        var entry = Find() ?? Add();
        session.RunWithBinding(options, entry.Binding);
        if (!_anySizedByModel) return;
        using var values = entry.Binding.GetOutputValues();
        for (var i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].IsSizedByModel) outputs[i].Take(values[i]);
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries) entry.Dispose();
    }

    private Entry? Find()
    {
        foreach (var entry in _entries)
        {
            if (entry.Fits()) return entry;
        }

        return null;
    }

    private Entry Add()
    {
        if (_entries.Count == MaxKept)
        {
            _entries[0].Dispose();
            _entries.RemoveAt(0);
        }

        var entry = new Entry(session, inputs, outputs);
        _entries.Add(entry);
        return entry;
    }

    private sealed class Entry : IDisposable
    {
        private readonly List<(BoundTensor Tensor, int[] Shape)> _shapes = [];
        private readonly List<OrtValue> _values = [];

        public Entry(InferenceSession session, BoundTensor[] inputs, BoundTensor[] outputs)
        {
            Binding = session.CreateIoBinding();
            foreach (var input in inputs) Binding.BindInput(input.Name, Keep(input));
            foreach (var output in outputs)
            {
                if (output.IsSizedByModel) Binding.BindOutputToDevice(output.Name, OrtMemoryInfo.DefaultInstance);
                else Binding.BindOutput(output.Name, Keep(output));
            }
        }

        public OrtIoBinding Binding { get; }

        public bool Fits()
        {
            foreach (var (tensor, shape) in _shapes)
            {
                if (!tensor.Shape.SequenceEqual(shape)) return false;
            }

            return true;
        }

        public void Dispose()
        {
            Binding.Dispose();
            foreach (var value in _values) value.Dispose();
        }

        private OrtValue Keep(BoundTensor tensor)
        {
            _shapes.Add((tensor, tensor.Shape.ToArray()));
            _values.Add(tensor.ToOrtValue());
            return _values[^1];
        }
    }
}
