using System.CommandLine;
using System.Globalization;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Embeddings;
using EdgePerception.Fusion.Vision.Text;
using EdgePerception.Fusion.Yaml;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using Command = System.CommandLine.Command;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary><c>models verify</c>: whether models are what their manifests say, and run.</summary>
internal static class VerifyVerb
{
    public static Command Create()
    {
        var names = new Argument<string[]>("model") { Description = "Names or files of manifests (default: all)", Arity = ArgumentArity.ZeroOrMore };
        var manifests = ManifestFolder.Option();
        var models = ManifestFolder.ModelsOption();
        var json = SharedOptions.Json();
        var command = new Command("verify", "Check models against their manifests: checksum, tensors, one run on a grey picture") { names, manifests, models, json };
        command.SetAction(parsed => Verify(
            ManifestFolder.Of(parsed.GetValue(manifests)).Named(parsed.GetValue(names)!),
            parsed.GetValue(models) ?? Installation.ModelsFolder, parsed.GetValue(json)));
        return command.WithExamples(
            "models verify",
            "models verify my-model.yaml --models ~/weights");
    }

    private static int Verify(IReadOnlyList<string> files, string modelsFolder, bool json)
    {
        var verdicts = new ModelVerdicts();
        foreach (var file in files)
        {
            var verdict = Judge(file, modelsFolder);
            verdicts.Models.Add(verdict);
            foreach (var fault in verdict.Faults) Terminal.Error.WriteLine(fault);
            if (verdict.Fits && !json)
                Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdict.Name}: fits; one run on {verdict.Provider} took {verdict.RunMs:0.0} ms"));
        }

        if (json) Terminal.Output.WriteLine(JsonEncoding.ToText(verdicts));
        return verdicts.Models.All(verdict => verdict.Fits) ? EdgePerceptionCommand.Success : EdgePerceptionCommand.BadInput;
    }

    private static ModelVerdicts.Types.Item Judge(string file, string modelsFolder)
    {
        var verdict = new ModelVerdicts.Types.Item { Manifest = FileName.ToText(file) };
        try
        {
            var manifest = ModelManifest.Read(file);
            verdict.Name = manifest.Name;
            using var model = OnnxModel.Load(manifest, modelsFolder, new InferenceSettings());
            CheckFamily(model);
            var start = TimeProvider.System.GetTimestamp();
            ModelTrial.Run(model);
            verdict.RunMs = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            (verdict.Provider, verdict.Fits) = (model.Provider, true);
        }
        catch (YamlException e)
        {
            verdict.Faults.AddRange(e.Faults.Select(fault => FileName.ToText(fault.ToString())));
        }
        catch (ModelException e)
        {
            verdict.Faults.Add(FileName.ToText($"{file}: {e.Message}"));
        }

        return verdict;
    }

    // What reads a family's answers has rules of its own: shapes, number of labels, files beside the graph.
    private static void CheckFamily(OnnxModel model) => _ = model.Manifest.Decoder switch
    {
        DecoderFamily.Classifier => new Classifier(model),
        DecoderFamily.Movenet => new PoseEstimator(model),
        DecoderFamily.TextDetection => new TextDetector(model),
        DecoderFamily.TextRecognition => new TextRecognizer(model),
        DecoderFamily.ImageEmbedding => new ImageEncoder(model),
        DecoderFamily.TextEmbedding => new TextEncoder(model),
        DecoderFamily.Grounding => new AttentionModel(model),
        _ => (object)new ObjectDetector(model),
    };
}
