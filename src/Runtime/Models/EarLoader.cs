using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Runtime.Models;

/// <summary>
/// Loads the ear: the sentence encoder and what was fitted to it. <see cref="Check"/> reads and checks every file,
/// which is quick, so that what is wrong with them shows at once; <see cref="Load"/> takes a third of a second.
/// </summary>
/// <param name="encoder">The path of the encoder's manifest.</param>
/// <param name="weights">The path of the ear's weights.</param>
/// <param name="modelsFolder">The folder that manifests' files are relative to.</param>
public sealed class EarLoader(string encoder, string weights, string modelsFolder)
{
    private EarWeights? _weights;
    private ModelManifest? _manifest;

    /// <summary>Checks the files.</summary>
    /// <exception cref="ModelException">A file is missing, or is not the one that is named.</exception>
    /// <exception cref="YamlException">The manifest has faults.</exception>
    public void Check()
    {
        _weights = EarWeights.Read(weights);
        _manifest = YamlBinder.Read<ModelManifest>(encoder);
        SentenceEncoder.Check(_manifest, modelsFolder);
    }

    /// <summary>Loads it, after its check where that has not been made.</summary>
    /// <param name="vocabulary">The concepts of words, such as the attention network's.</param>
    /// <exception cref="ModelException">
    /// The encoder cannot be used, or the weights were fitted to another one.
    /// </exception>
    /// <exception cref="YamlException">As <see cref="Check"/>.</exception>
    public Ear Load(Vocabulary vocabulary)
    {
        if (_manifest is null) Check();
        var loaded = SentenceEncoder.Load(_manifest!, modelsFolder);
        try
        {
            return new Ear(loaded, vocabulary, _weights!);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }
}
