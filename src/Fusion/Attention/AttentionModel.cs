using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Decoders;

namespace EdgePerception.Fusion.Attention;

/// <summary>
/// The network that relates words, objects and sounds: tells for a command which objects it means, what is to be done with
/// them, and how far each modality counted. It knows the intents' names and not their meaning. One caller at a time.
/// </summary>
public sealed class AttentionModel : IDisposable
{
    /// <summary>How many words a command may have.</summary>
    public const int MostWords = 40;

    /// <summary>How many objects it is shown; of more, those with the highest scores.</summary>
    public const int MostObjects = 128;

    /// <summary>How many sounds it is told; of more, those with the highest scores.</summary>
    public const int MostSounds = 16;

    private const int Roles = 3;
    private const int Slots = 3;

    // Lengths of the token axes; what does not fill one is masked. Few lengths, so that few shapes are bound and tuned.
    private static readonly int[] WordSteps = [8, 16, 24, MostWords];
    private static readonly int[] ObjectSteps = [4, 8, 12, 20, 32, 64, MostObjects];
    private static readonly int[] SoundSteps = [1, 4, 8, MostSounds];

    private static readonly string[] InputNames =
        ["words", "region_names", "regions", "sound_names", "sounds", "word_mask", "region_mask", "sound_mask", "quality"];

    private static readonly string[] OutputNames = ["referents", "intent", "gates", "attention"];

    private readonly OnnxModel _model;
    private readonly NameTokenizer _names;
    private readonly List<SceneObject> _objects = new(MostObjects);
    private readonly List<SceneSound> _sounds = new(MostSounds);

    /// <summary>Prepares the network over a loaded model, which is disposed with it, and reads its vocabulary.</summary>
    /// <exception cref="ModelException">The model is of another family, has other tensors, or its vocabulary cannot be read.</exception>
    public AttentionModel(OnnxModel model)
    {
        _model = model;
        var manifest = model.Manifest;
        DecoderRules.Family(manifest, DecoderFamily.Grounding);
        if (!manifest.Inputs.Select(input => input.Name).SequenceEqual(InputNames) || !manifest.Outputs.Select(output => output.Name).SequenceEqual(OutputNames))
        {
            throw DecoderRules.Refusal(manifest, $"the decoder grounding needs the inputs {string.Join(", ", InputNames)} and the outputs "
                                                 + $"{string.Join(", ", OutputNames)}, in this order");
        }

        if (manifest.Outputs[1].Shape is not [1, var intents] || intents != manifest.Labels.Count)
            throw DecoderRules.Refusal(manifest, $"the output intent must be [1, {manifest.Labels.Count}], a number for each label");
        _names = new NameTokenizer(new Vocabulary(model.ReadFile(manifest.Vocabulary!), manifest.Vocabulary!.File));
    }

    /// <summary>What the intents are called, in the order of <see cref="AttentionReading.Intents"/>.</summary>
    public IReadOnlyList<string> Intents => _model.Manifest.Labels;

    /// <summary>The model.</summary>
    public OnnxModel Model => _model;

    /// <summary>Loads the network that a manifest names.</summary>
    /// <param name="manifest">The manifest's file.</param>
    /// <param name="modelsFolder">The folder that the manifest's files are relative to.</param>
    /// <param name="settings">How to run it.</param>
    /// <exception cref="Yaml.YamlException">The manifest cannot be read, or something in it is wrong.</exception>
    /// <exception cref="ModelException">The model cannot be loaded, or is none of this kind.</exception>
    public static AttentionModel Load(string manifest, string modelsFolder, InferenceSettings settings)
    {
        var model = OnnxModel.Load(ModelManifest.Read(manifest), modelsFolder, settings);
        try
        {
            return new AttentionModel(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Reads a command in a scene; none when the command has no words, or more than <see cref="MostWords"/>.</summary>
    /// <exception cref="ModelException">The run failed, was terminated, or answered with something not a number.</exception>
    public AttentionReading? Read(Scene scene, string command)
    {
        var words = NameTokenizer.Words(command);
        if (words.Count is 0 or > MostWords) return null;
        Select(scene);
        WriteWords(words);
        WriteObjects(scene);
        WriteSounds();
        var quality = _model.Input(8).Elements<float>();
        (quality[0], quality[1], quality[2]) = (1, Share(scene.Quality.Vision), Share(scene.Quality.Sound));
        _model.Run();
        return ReadAnswer(words);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();

    private static float Share(float quality) => float.IsFinite(quality) ? Math.Clamp(quality, 0, 1) : 0;

    private static int Step(int[] steps, int count)
    {
        foreach (var step in steps)
        {
            if (step >= count) return step;
        }

        return steps[^1];
    }

    private void Select(Scene scene)
    {
        _objects.Clear();
        _sounds.Clear();
        foreach (var item in scene.Objects)
        {
            if (SceneTokens.IsRegion(item)) _objects.Add(item);
        }

        foreach (var sound in scene.Sounds)
        {
            if (SceneTokens.IsSound(sound)) _sounds.Add(sound);
        }

        KeepBest(_objects, MostObjects, item => item.Score);
        KeepBest(_sounds, MostSounds, sound => sound.Score);
    }

    // Only crowds are cut, so the work of it is rare.
    private static void KeepBest<T>(List<T> items, int most, Func<T, float> score)
    {
        if (items.Count <= most) return;
        var kept = items.Select((item, place) => (item, place)).OrderByDescending(pair => score(pair.item)).Take(most)
            .OrderBy(pair => pair.place).Select(pair => pair.item).ToList();
        items.Clear();
        items.AddRange(kept);
    }

    private void WriteWords(List<string> words)
    {
        var length = Step(WordSteps, words.Count);
        Resize(0, length, NameTokenizer.Features);
        WriteMask(5, words.Count, length);
        for (var i = 0; i < words.Count; i++) WriteName(0, i, words[i]);
    }

    private void WriteObjects(Scene scene)
    {
        var length = Step(ObjectSteps, _objects.Count);
        Resize(1, length, NameTokenizer.Features);
        Resize(2, length, SceneTokens.RegionLength);
        WriteMask(6, _objects.Count, length);
        var values = _model.Input(2).Elements<float>();
        for (var i = 0; i < _objects.Count; i++)
        {
            var item = _objects[i];
            WriteName(1, i, item.Label ?? "");
            SceneTokens.Write(item, scene.CameraOf(item), values[(i * SceneTokens.RegionLength)..]);
        }
    }

    private void WriteSounds()
    {
        var length = Step(SoundSteps, _sounds.Count);
        Resize(3, length, NameTokenizer.Features);
        Resize(4, length, SceneTokens.SoundLength);
        WriteMask(7, _sounds.Count, length);
        var values = _model.Input(4).Elements<float>();
        for (var i = 0; i < _sounds.Count; i++)
        {
            WriteName(3, i, _sounds[i].Label);
            SceneTokens.Write(_sounds[i], values[(i * SceneTokens.SoundLength)..]);
        }
    }

    private void Resize(int input, int tokens, int length)
    {
        var tensor = _model.Input(input);
        tensor.Resize(1, tokens, length);
        tensor.Bytes.Clear();
    }

    private void WriteMask(int input, int count, int length)
    {
        var tensor = _model.Input(input);
        tensor.Resize(1, length);
        tensor.Bytes.Clear();
        tensor.Elements<float>()[..count].Fill(1);
    }

    private void WriteName(int input, int place, string name) =>
        _names.Tokenize(name).CopyTo(_model.Input(input).Elements<int>()[(place * NameTokenizer.Features)..]);

    private AttentionReading ReadAnswer(List<string> words)
    {
        var gates = _model.Output(2).Floats();
        var intents = new float[Intents.Count];
        Softmax.Apply(_model.Output(1).Floats(), intents);
        return new AttentionReading
        {
            Words = words,
            Objects = [.. _objects.Select(item => item.Id)],
            Sounds = [.. _sounds.Select(sound => sound.Label)],
            Target = ReadRole(0),
            Destination = ReadRole(1),
            Avoid = ReadRole(2),
            IntentNames = Intents,
            Intents = intents,
            Gates = new ModalityGates(gates[0], gates[1], gates[2]),
            Attention = ReadAttention(words.Count),
        };
    }

    private RoleReading ReadRole(int role)
    {
        var scores = _model.Output(0).Floats();
        var answers = scores.Length / Roles;
        scores = scores.Slice(role * answers, answers);
        var probabilities = new float[answers];
        Softmax.Apply(scores, probabilities);
        var slots = probabilities.AsSpan(answers - Slots);
        return new RoleReading(probabilities[.._objects.Count], slots[0], slots[1], slots[2]);
    }

    private float[,] ReadAttention(int words)
    {
        var values = _model.Output(3).Floats();
        var row = _model.Output(3).Shape[2];
        var attention = new float[_objects.Count, words];
        for (var i = 0; i < _objects.Count; i++)
            for (var j = 0; j < words; j++) attention[i, j] = values[i * row + j];
        return attention;
    }
}
