using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;

namespace EdgePerception.Fusion.Attention;

/// <summary>
/// The network that relates words, objects and sounds: tells for a command which objects it means, what is to be done
/// with them, and how far each modality counted. It knows the intents' names and not their meaning. One caller at a
/// time. A reading allocates nothing but itself once its lengths and names have been met.
/// </summary>
public sealed class AttentionModel : IDisposable
{
    /// <summary>How many words a command may have.</summary>
    public const int MaxWords = 40;

    /// <summary>How many objects it is shown; of more, those with the highest scores.</summary>
    public const int MaxObjects = 128;

    /// <summary>How many sounds it is told; of more, those with the highest scores.</summary>
    public const int MaxSounds = 16;

    // Lengths of the token axes; what does not fill one is masked. Few lengths, so that few shapes are bound and tuned.
    private static readonly int[] WordSteps = [8, 16, 24, MaxWords];
    private static readonly int[] ObjectSteps = [4, 8, 12, 20, 32, 64, MaxObjects];
    private static readonly int[] SoundSteps = [1, 4, 8, MaxSounds];

    private readonly OnnxModel _model;
    private readonly NameMeanings _meanings;
    private readonly List<string> _names = new(MaxWords + MaxObjects + MaxSounds);
    private readonly List<SceneObject> _objects = new(MaxObjects);
    private readonly List<SceneSound> _sounds = new(MaxSounds);
    private readonly float[] _probabilities = new float[MaxObjects + AttentionTensors.Slots];

    /// <summary>Prepares the network over a loaded model, which is disposed with it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="encoder">What tells the meaning of names; not disposed with it.</param>
    /// <exception cref="ModelException">
    /// The model is of another family or has other tensors, or the encoder's vectors have another length.
    /// </exception>
    public AttentionModel(OnnxModel model, SentenceEncoder encoder)
    {
        Check(model);
        if (encoder.Dimensions != AttentionTensors.Meaning)
        {
            throw new ModelException(
                $"model '{model.Manifest.Name}' reads names of {AttentionTensors.Meaning} numbers; "
                + $"those of the encoder '{encoder.Manifest.Name}' have {encoder.Dimensions}");
        }

        _model = model;
        _meanings = new NameMeanings(encoder);
    }

    /// <summary>What the intents are called, in the order of <see cref="AttentionReading.Intents"/>.</summary>
    public IReadOnlyList<string> Intents => _model.Manifest.Labels;

    /// <summary>The model.</summary>
    public OnnxModel Model => _model;

    /// <summary>Checks all of a network that can be told without a session: its manifest and its files.</summary>
    /// <param name="manifest">What the network must be.</param>
    /// <param name="modelsFolder">The folder that the manifest's files are relative to.</param>
    /// <exception cref="ModelException">
    /// The manifest is of another kind of model, or a file is not as it says.
    /// </exception>
    public static void Check(ModelManifest manifest, string modelsFolder)
    {
        CheckManifest(manifest);
        OnnxModel.Check(manifest, modelsFolder);
    }

    /// <summary>Checks that a loaded model is such a network, for commands and scenes of any size.</summary>
    /// <exception cref="ModelException">It is of another family or has other tensors.</exception>
    public static void Check(OnnxModel model)
    {
        CheckManifest(model.Manifest);
        // Profiles that are too narrow show here and not at the first crowd.
        Resize(model, WordSteps[0], ObjectSteps[0], SoundSteps[0]);
        Resize(model, MaxWords, MaxObjects, MaxSounds);
    }

    /// <summary>
    /// Reads a command in a scene; null if the command has no words, or more than <see cref="MaxWords"/>.
    /// </summary>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public AttentionReading? Read(Scene scene, string command)
    {
        var words = TextWords.Of(command);
        if (words.Count is 0 or > MaxWords) return null;
        Select(scene);
        Learn(words);
        Resize(
            _model, Step(WordSteps, words.Count), Step(ObjectSteps, _objects.Count), Step(SoundSteps, _sounds.Count));
        WriteWords(words);
        WriteObjects(scene);
        WriteSounds();
        var quality = _model.Input(AttentionTensors.Quality).Elements<float>();
        (quality[0], quality[1], quality[2]) = (1, Share(scene.Quality.Vision), Share(scene.Quality.Sound));
        _model.Run();
        return ReadAnswer(words);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();

    private static void CheckManifest(ModelManifest manifest)
    {
        DecoderRules.Family(manifest, DecoderFamily.Grounding);
        AttentionTensors.Check(manifest);
    }

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

        KeepBest(_objects, MaxObjects, item => SceneTokens.Score(item.Score));
        KeepBest(_sounds, MaxSounds, sound => SceneTokens.Score(sound.Score));
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

    private static void Resize(OnnxModel model, int words, int objects, int sounds)
    {
        model.Input(AttentionTensors.Words).Resize(1, words, AttentionTensors.Meaning);
        model.Input(AttentionTensors.WordMask).Resize(1, words);
        model.Input(AttentionTensors.RegionNames).Resize(1, objects, AttentionTensors.Meaning);
        model.Input(AttentionTensors.Regions).Resize(1, objects, SceneTokens.RegionLength);
        model.Input(AttentionTensors.RegionMask).Resize(1, objects);
        model.Input(AttentionTensors.SoundNames).Resize(1, sounds, AttentionTensors.Meaning);
        model.Input(AttentionTensors.Sounds).Resize(1, sounds, SceneTokens.SoundLength);
        model.Input(AttentionTensors.SoundMask).Resize(1, sounds);
        model.Output(AttentionTensors.Referents).Resize(1, AttentionTensors.Roles, objects + AttentionTensors.Slots);
        model.Output(AttentionTensors.Attention).Resize(1, objects, words);
    }

    // All at once, so that a command in new words costs one run of the encoder.
    private void Learn(List<string> words)
    {
        _names.Clear();
        _names.AddRange(words);
        foreach (var item in _objects) _names.Add(item.Label ?? "");
        foreach (var sound in _sounds) _names.Add(sound.Label);
        _meanings.Learn(_names);
    }

    private void WriteWords(List<string> words)
    {
        var names = Cleared(AttentionTensors.Words);
        for (var i = 0; i < words.Count; i++) WriteName(names, i, words[i]);
        Cleared(AttentionTensors.WordMask)[..words.Count].Fill(1);
    }

    private void WriteObjects(Scene scene)
    {
        var names = Cleared(AttentionTensors.RegionNames);
        var values = Cleared(AttentionTensors.Regions);
        for (var i = 0; i < _objects.Count; i++)
        {
            var item = _objects[i];
            WriteName(names, i, item.Label ?? "");
            SceneTokens.Write(item, scene.CameraOf(item), values[(i * SceneTokens.RegionLength)..]);
        }

        Cleared(AttentionTensors.RegionMask)[.._objects.Count].Fill(1);
    }

    private void WriteSounds()
    {
        var names = Cleared(AttentionTensors.SoundNames);
        var values = Cleared(AttentionTensors.Sounds);
        for (var i = 0; i < _sounds.Count; i++)
        {
            WriteName(names, i, _sounds[i].Label);
            SceneTokens.Write(_sounds[i], values[(i * SceneTokens.SoundLength)..]);
        }

        Cleared(AttentionTensors.SoundMask)[.._sounds.Count].Fill(1);
    }

    private Span<float> Cleared(int input)
    {
        var elements = _model.Input(input).Elements<float>();
        elements.Clear();
        return elements;
    }

    private void WriteName(Span<float> names, int place, string name) =>
        _meanings.Of(name).CopyTo(names[(place * AttentionTensors.Meaning)..]);

    private AttentionReading ReadAnswer(List<string> words)
    {
        var gates = _model.Output(AttentionTensors.Gates).Floats();
        var intents = new float[Intents.Count];
        Softmax.Apply(_model.Output(AttentionTensors.Intent).Floats(), intents);
        return new AttentionReading
        {
            Words = words,
            Objects = _objects.ConvertAll(item => item.Id),
            Sounds = _sounds.ConvertAll(sound => sound.Label),
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
        var scores = _model.Output(AttentionTensors.Referents).Floats();
        var answers = scores.Length / AttentionTensors.Roles;
        var probabilities = _probabilities.AsSpan(0, answers);
        Softmax.Apply(scores.Slice(role * answers, answers), probabilities);
        var slots = probabilities[^AttentionTensors.Slots..];
        return new RoleReading(probabilities[.._objects.Count].ToArray(), slots[0], slots[1], slots[2]);
    }

    private float[,] ReadAttention(int words)
    {
        var output = _model.Output(AttentionTensors.Attention);
        var values = output.Floats();
        var row = output.Shape[2];
        var attention = new float[_objects.Count, words];
        for (var i = 0; i < _objects.Count; i++)
            for (var j = 0; j < words; j++) attention[i, j] = values[i * row + j];
        return attention;
    }
}
